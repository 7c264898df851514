import type { Database } from '#platform/database/database.ts';
import type { EventPayload } from '#platform/events/contracts.ts';
import { projectCatalogue, projectRemoval } from '../project-catalogue.ts';
import { start } from './open-feed.ts';

export type Entry = EventPayload<'content.changed'>['contents'][number];

/** An entry of the catalogue, of a vendor of its own unless told otherwise. */
export function entry(id: string, overrides: Partial<Entry> = {}): Entry {
  return {
    id,
    vendorId: `vendor-of-${id}`,
    title: `Entry ${id}`,
    category: 'florals',
    region: 'US',
    tags: [],
    quality: 0.5,
    publishedAt: start.toISOString(),
    version: 1,
    ...overrides,
  };
}

/** `count` entries by their index: `prefix-0`, `prefix-1` and so on. */
export function entries(
  prefix: string,
  count: number,
  overridesOf: (index: number) => Partial<Entry> = () => ({}),
): Entry[] {
  return Array.from({ length: count }, (_, index) => entry(`${prefix}-${index}`, overridesOf(index)));
}

/** An ISO time `days` before the suites begin. */
export function daysAgo(days: number): string {
  return new Date(start.getTime() - days * 86_400_000).toISOString();
}

/** Puts entries and their vendors into the projection. */
export async function publish(
  database: Database,
  contents: readonly Entry[],
  asOf: Date = start,
): Promise<void> {
  const vendors = [...new Set(contents.map(({ vendorId }) => vendorId))].map((id) => ({ id, region: 'US' }));
  await database.transaction((tx) => projectCatalogue(tx, { contents: [...contents], vendors }, asOf));
}

/** Takes entries out of the projection. */
export async function withdraw(database: Database, ids: readonly string[], at: Date = start): Promise<void> {
  await database.transaction((tx) => projectRemoval(tx, ids, at));
}
