import type { Caller } from '#platform/caller/caller.ts';
import type { Database } from '#platform/database/database.ts';

/** What the resolvers of one operation share. */
export interface MetricsContext {
  readonly caller: Caller;
  readonly requestId: string;
  readonly database: Database;
}
