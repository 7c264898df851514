import { errorChain } from './error-chain.ts';

/** Whether `error` says that PostgreSQL is not there, or not yet: not that it refuses us or what we ask. */
export function isUnreachable(error: unknown): boolean {
  return errorChain(error).some(
    ({ code = '', message = '' }) => codes.test(code) || messages.some((start) => message.startsWith(start)),
  );
}

/** Sockets and name servers; PostgreSQL that starts or ends (57P01 to 57P03), and a connection that fails (class 08). */
const codes = /^(ECONN|ETIMEDOUT|EPIPE|ENOTFOUND|EAI_AGAIN|EHOST|ENET|57P0[123]$|08...$)/;

/** What the driver and its pool say without a code. */
const messages = [
  'timeout exceeded when trying to connect',
  'Connection terminated due to connection timeout',
  'Connection terminated unexpectedly',
];
