import { createDefaultExecutor, type Executor } from '@graphql-mesh/transport-common';
import { maskError } from '#platform/errors/mask-error.ts';
import type { Subgraph } from '#platform/graphql/subgraph.ts';
import type { Logger } from '#platform/logging/logger.ts';
import { requestOf } from './request-context.ts';

/** Executes the gateway's fetches against a subgraph of this process: no HTTP, no printing, no parsing. */
export function inProcessExecutor(subgraph: Subgraph, logger: Logger): Executor {
  const execute = createDefaultExecutor(subgraph.schema);
  return async (execution) => {
    const request = requestOf(execution.context);
    // A context of its own, so that a subgraph never sees the client's headers.
    const result = await execute({ ...execution, context: subgraph.createContext(request) });
    if (Symbol.asyncIterator in result || result.errors === undefined) return result;
    return { ...result, errors: result.errors.map((error) => maskError(error, request.requestId, logger)) };
  };
}
