import type { GraphQLSchema } from 'graphql';
import type { Caller } from '../caller/caller.ts';
import type { SubgraphName } from '../config/config.ts';
import type { Database } from '../database/database.ts';
import type { EveryConsumer } from '../events/every-consumer.ts';
import type { OnceConsumer } from '../events/once-consumer.ts';
import type { Logger } from '../logging/logger.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import type { CursorCodec } from './cursor-codec.ts';

/** What the gateway hands to a subgraph with each operation. */
export interface SubgraphRequest {
  readonly caller: Caller;
  /** Ties the logs of one client request together. */
  readonly requestId: string;
}

/** What every subgraph is built from. */
export interface Platform {
  readonly database: Database;
  readonly cursors: CursorCodec;
  readonly logger: Logger;
  readonly telemetry: Telemetry;
}

/** One subgraph, ready to be executed in process or served over HTTP. */
export interface Subgraph {
  readonly name: SubgraphName;
  readonly schema: GraphQLSchema;
  /** Returns the resolvers' context for one operation; loaders live as long as it does. */
  createContext(request: SubgraphRequest): object;
  /** What this subgraph does with others' events, once across all processes. */
  readonly consumers: readonly OnceConsumer[];
  /** What each process that runs it does with events. */
  readonly everyConsumers?: readonly EveryConsumer[];
  /**
   * Loads what the operator has written, before anything of the process has begun.
   * @throws ConfigError for what is wrong with it.
   */
  prepare?(): Promise<void>;
  /** Loads what the first request would wait for and starts timers. */
  start(): Promise<void>;
  /** Writes out what is still in hand and stops timers. */
  stop(): Promise<void>;
}
