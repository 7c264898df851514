import type DataLoader from 'dataloader';
import type { Caller } from '#platform/caller/caller.ts';
import type { Database } from '#platform/database/database.ts';
import type { CursorCodec } from '#platform/graphql/cursor-codec.ts';
import type { ConvenedPanel } from './agents/convened-panel.ts';
import type { EditorialShelf } from './editorial/editorial-shelf.ts';
import type { Profile } from './profile/profile.ts';
import type { SlateLog } from './side-effects/slate-log.ts';
import type { FeedReader } from './snapshot/feed-reader.ts';

/** What the feed's resolvers share during one operation. */
export interface FeedContext {
  readonly caller: Caller;
  readonly requestId: string;
  /** The only vendor whose rows the caller may see and write; null for all. */
  readonly boundVendor: string | null;
  readonly database: Database;
  readonly feeds: FeedReader;
  readonly cursors: CursorCodec;
  readonly slateLog: SlateLog;
  readonly clock: () => Date;
  readonly editorial: EditorialShelf;
  readonly panel: ConvenedPanel;
  /** How long `eraseUser` waits for the other subgraphs, in ms. */
  readonly erasureWaitMs: number;
  /** By subject. */
  readonly profiles: DataLoader<string, Profile>;
  /** By subject: the vendors that they follow and the caller may see, the latest first. */
  readonly following: DataLoader<string, string[]>;
}
