import type { Database } from '#platform/database/database.ts';
import { importInteractions, type ImportedInteraction } from '../../../import-interactions.ts';
import { entries, publish } from '../../../test/catalogue.ts';
import { start } from '../../../test/open-feed.ts';
import { seededRandom } from '../../seeded-random.ts';

/** The id of an entry begins with its theme. */
export const themes = ['rose', 'barn'];
export const perTheme = 80;
const dayMs = 86_400_000;

/** Puts entries of two themes into the projection. */
export async function publishThemes(database: Database): Promise<void> {
  await publish(
    database,
    themes.flatMap((theme) =>
      entries(theme, perTheme, (index) => ({ tags: [theme], vendorId: `${theme}-vendor-${index % 8}` })),
    ),
  );
}

/** Shows four items a day to 30 people; they save one of `theme` that they love, or one that they do not, by these chances. */
export function impressionsOf(loved: number, other: number): ImportedInteraction[] {
  const random = seededRandom(11);
  const rows: ImportedInteraction[] = [];
  for (let user = 0; user < 30; user++) {
    for (let sight = 0; sight < 100; sight++) {
      const theme = themes[Math.floor(random() * 2)] ?? '';
      const at = start.getTime() + Math.floor(sight / 4) * dayMs + (sight % 4) * 60_000;
      const row = {
        userId: `user-${user}`,
        contentId: `${theme}-${Math.floor(random() * perTheme)}`,
      };
      rows.push({ ...row, id: `shown-${sight}`, type: 'IMPRESSION', occurredAt: new Date(at) });
      if (random() >= (theme === themes[user % 2] ? loved : other)) continue;
      rows.push({ ...row, id: `saved-${sight}`, type: 'SAVE', occurredAt: new Date(at + 1_000) });
    }
  }
  return rows;
}

/** Stores what users did. */
export const store = (database: Database, rows: readonly ImportedInteraction[]) =>
  database.transaction((tx) => importInteractions(tx, rows));
