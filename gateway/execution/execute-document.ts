import type { GatewayRuntime } from '@graphql-hive/gateway-runtime';
import { GraphQLError, type ExecutionResult } from 'graphql';
import type { Logger } from '#platform/logging/logger.ts';
import { withPublicErrors } from './public-errors.ts';
import type { BouquetContext } from './request-context.ts';

export interface DocumentRequest {
  readonly text: string;
  readonly variables: Readonly<Record<string, unknown>>;
  /** The headers of the client's request. */
  readonly headers: Headers;
  readonly bouquet: BouquetContext['bouquet'];
}

/**
 * Runs a document through the gateway and all its plugins, without an HTTP request of its own. The errors are those that a
 * client may see; it never throws.
 */
export async function executeDocument(
  gateway: GatewayRuntime<BouquetContext>,
  { text, variables, headers, bouquet }: DocumentRequest,
  logger: Logger,
): Promise<ExecutionResult> {
  // Plugins are handed the request that an operation came with.
  const request = new Request('http://gateway.invalid/graphql', { method: 'POST', headers });
  const params = { query: text, variables: { ...variables } };
  try {
    const result = await gateway.getResultForParams({ params, request }, { bouquet });
    if (result === undefined || Symbol.asyncIterator in result) throw new Error('A document has one answer.');
    return withPublicErrors(result, bouquet, logger);
  } catch (error) {
    const errors = [error instanceof GraphQLError ? error : unforeseen(error)];
    return withPublicErrors({ errors }, bouquet, logger);
  }
}

function unforeseen(error: unknown): GraphQLError {
  return new GraphQLError('A document failed.', {
    originalError: error instanceof Error ? error : new Error(String(error)),
  });
}
