import type { GatewayPlugin } from '@graphql-hive/gateway-runtime';
import { GraphQLError } from 'graphql';
import { hasScope } from '#platform/caller/caller.ts';
import { requestOf, type BouquetContext } from '../execution/request-context.ts';

/**
 * Takes GraphQL's "Did you mean …?" off the errors of callers who may not introspect: by asking for names that are
 * almost right, they would read the schema all the same.
 */
export function useNoSuggestions(): GatewayPlugin<BouquetContext> {
  return {
    onResultProcess: (payload) => {
      const { result, serverContext } = payload;
      if (Array.isArray(result) || Symbol.asyncIterator in result || result.errors === undefined) return;
      if (hasScope(requestOf(serverContext).caller, 'dashboard')) return;
      payload.setResult({ ...result, errors: result.errors.map(withoutSuggestion) });
    },
  };
}

function withoutSuggestion(error: GraphQLError): GraphQLError {
  const { message, nodes, path, source, positions, originalError, extensions } = error;
  const shortened = message.replace(/ Did you mean .*\?$/s, '');
  if (shortened === message) return error;
  return new GraphQLError(shortened, {
    nodes: nodes ?? null,
    path: path ?? null,
    source: source ?? null,
    positions: positions ?? null,
    originalError: originalError ?? null,
    extensions,
  });
}
