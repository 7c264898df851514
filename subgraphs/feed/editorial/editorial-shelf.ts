import type { Database } from '#platform/database/database.ts';
import { everyRegion } from './editorial-picks.ts';

/** How long picks of another process may go unseen, in ms. */
const shelfLifeMs = 5_000;

interface Pick {
  readonly region: string;
  readonly contentId: string;
  readonly until: Date | null;
}

/** The editors' picks in memory, so that a ranking need not ask for them: there are few, and seldom others. */
export class EditorialShelf {
  readonly #database: Database;
  #held: { readonly at: number; readonly picks: Promise<readonly Pick[]> } | null = null;

  constructor(database: Database) {
    this.#database = database;
  }

  /** The ids that are picked at `now` in any of `regions` or in every region, the first first; null: in any region. */
  async picked(regions: readonly string[] | null, now: Date): Promise<string[]> {
    const picks = await this.#read();
    const ids = picks
      .filter(({ region, until }) => {
        const counts = region === everyRegion || regions === null || regions.includes(region);
        return counts && (until === null || until > now);
      })
      .map(({ contentId }) => contentId);
    return [...new Set(ids)];
  }

  /** Has the next ranking read the picks anew. */
  forget(): void {
    this.#held = null;
  }

  #read(): Promise<readonly Pick[]> {
    const now = performance.now();
    if (this.#held !== null && now - this.#held.at < shelfLifeMs) return this.#held.picks;
    const held = {
      at: now,
      picks: this.#database.prisma.feedEditorialPick.findMany({
        orderBy: [{ position: 'asc' }, { contentId: 'asc' }],
      }),
    };
    this.#held = held;
    held.picks.catch(() => {
      if (this.#held === held) this.#held = null;
    });
    return held.picks;
  }
}
