import type { GatewayPlugin } from '@graphql-hive/gateway-runtime';
import { getOperationAST, Kind, valueFromASTUntyped, type DocumentNode } from 'graphql';
import { propagateNulls, shapeOf, type Shape } from './null-propagation.ts';
import type { BouquetContext } from './request-context.ts';

/** Keeps the schema's non-null promises in what the query plan answers; see `null-propagation.ts`. */
export function useNullPropagation(): GatewayPlugin<BouquetContext> {
  const shapes = new WeakMap<DocumentNode, Map<string, Shape | null>>();
  return {
    onExecute: ({ args }) => ({
      onExecuteDone: ({ result, setResult }) => {
        if (Symbol.asyncIterator in result || result.data == null) return;
        const byName = shapes.get(args.document) ?? new Map<string, Shape | null>();
        shapes.set(args.document, byName);
        const name = args.operationName ?? '';
        const known = byName.get(name);
        const shape = known === undefined ? shapeOf(args.schema, args.document, args.operationName) : known;
        if (known === undefined) byName.set(name, shape);
        if (shape === null) return;
        const variables = { ...defaultsOf(args.document, args.operationName), ...args.variableValues };
        const data = propagateNulls(shape, result.data, variables);
        if (data !== result.data) setResult({ ...result, data });
      },
    }),
  };
}

/** The Boolean defaults of an operation's variables, which decide over @skip and @include. */
function defaultsOf(
  document: DocumentNode,
  operationName: string | null | undefined,
): Record<string, unknown> {
  const defaults: Record<string, unknown> = {};
  for (const { variable, defaultValue } of getOperationAST(document, operationName)?.variableDefinitions ??
    []) {
    if (defaultValue?.kind === Kind.BOOLEAN)
      defaults[variable.name.value] = valueFromASTUntyped(defaultValue);
  }
  return defaults;
}
