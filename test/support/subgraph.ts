import { graphql } from 'graphql';
import type { Caller } from '#platform/caller/caller.ts';
import type { Database } from '#platform/database/database.ts';
import { CursorCodec } from '#platform/graphql/cursor-codec.ts';
import type { Platform, Subgraph } from '#platform/graphql/subgraph.ts';
import { createLogger } from '#platform/logging/logger.ts';
import { Telemetry } from '#platform/telemetry/telemetry.ts';

/** What a client of a subgraph sees. */
export interface Answer {
  readonly data: Record<string, unknown> | null;
  /** One a failed field. */
  readonly codes: readonly unknown[];
  readonly messages: readonly string[];
}

/** Executes an operation on `subgraph` in a context of its own. */
export async function askSubgraph(
  subgraph: Subgraph,
  source: string,
  { variables = {}, caller }: { variables?: Record<string, unknown> | undefined; caller: Caller },
): Promise<Answer> {
  const contextValue = subgraph.createContext({ caller, requestId: 'test' });
  const { data, errors = [] } = await graphql({
    schema: subgraph.schema,
    source,
    variableValues: variables,
    contextValue,
  });
  return {
    data: JSON.parse(JSON.stringify(data ?? null)),
    codes: errors.map(({ extensions }) => extensions['code']),
    messages: errors.map(({ message }) => message),
  };
}

/** What a subgraph on `database` is built from in suites. */
export function platformOn(database: Database): Platform {
  return {
    database,
    cursors: new CursorCodec([Buffer.alloc(32, 7).toString('base64')]),
    logger: createLogger('silent'),
    telemetry: new Telemetry(),
  };
}
