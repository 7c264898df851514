import { errorChain, type ErrorTraits } from './error-chain.ts';

/**
 * Whether `error` tells of the surroundings (a database or service that is away, overloaded, behind or in conflict)
 * and not of the work: the same work may succeed later.
 */
export function isTransient(error: unknown): boolean {
  return errorChain(error).some((traits) => tellsOfSurroundings(traits));
}

function tellsOfSurroundings(traits: ErrorTraits): boolean {
  const { code = '', originalCode = '', kind = '', name = '', status = 0 } = traits;
  return (
    [code, originalCode].some((each) => isTransientState(each) || networkCode.test(each)) ||
    prismaCodes.has(code) ||
    adapterKinds.has(kind) ||
    deadlineNames.has(name) ||
    traits.syscall !== undefined ||
    traits.isBrokenCircuitError === true ||
    traits.isBulkheadRejectedError === true ||
    traits.isTaskCancelledError === true ||
    status >= 500 ||
    busyStatuses.has(status)
  );
}

/** By https://www.postgresql.org/docs/current/errcodes-appendix.html. */
function isTransientState(code: string): boolean {
  return /^[\dA-Z]{5}$/.test(code) && (stateClasses.has(code.slice(0, 2)) || states.has(code));
}

/** Connection, authorization, missing database, rollback, resources, prerequisites, intervention, system, internal. */
const stateClasses = new Set(['08', '28', '3D', '40', '53', '55', '57', '58', 'F0', 'XX']);

const states = new Set([
  // A server that has become a standby.
  '25006',
  // The transaction had failed before, and what failed cannot be seen any more.
  '25P02',
  // A deadline of the transaction.
  '25P03',
  '25P04',
  // The schema is behind or ahead of this process, as in the middle of a deployment.
  '42501',
  '42703',
  '42883',
  '42P01',
  '3F000',
]);

/** Sockets and undici; other codes of Node (`ERR_…`) tell of a wrong call. */
const networkCode = /^(ECONN|ETIMEDOUT|EPIPE|ENOTFOUND|EAI_|EHOST|ENET|UND_ERR_)/;

/** Unreachable, timed out, closed, pool exhausted, transaction expired, conflict. */
const prismaCodes = new Set(['P1001', 'P1002', 'P1008', 'P1017', 'P2024', 'P2028', 'P2034', 'P2037']);

const adapterKinds = new Set([
  'AuthenticationFailed',
  'ConnectionClosed',
  'DatabaseAccessDenied',
  'DatabaseDoesNotExist',
  'DatabaseNotReachable',
  'SocketTimeout',
  'TlsConnectionError',
  'TooManyConnections',
  'TransactionAlreadyClosed',
  'TransactionWriteConflict',
]);

const deadlineNames = new Set(['AbortError', 'TimeoutError']);

/** Timed out, too early, too many. */
const busyStatuses = new Set([408, 425, 429]);
