import type { Caller } from '#platform/caller/caller.ts';
import type { Database } from '#platform/database/database.ts';
import type { CursorCodec } from '#platform/graphql/cursor-codec.ts';
import type { VendorBound } from './catalogue/vendor-bound.ts';
import type { Loaders } from './loaders.ts';

/** What content's resolvers are given for one operation. */
export interface ContentContext {
  readonly caller: Caller;
  readonly requestId: string;
  readonly database: Database;
  readonly cursors: CursorCodec;
  readonly loaders: Loaders;
  readonly bound: VendorBound;
}
