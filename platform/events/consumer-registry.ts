import type { Database } from '../database/database.ts';
import type { EventType } from './contracts.ts';

/** A `once` consumer, as far as its place in the outbox goes. */
export interface NamedConsumer {
  readonly name: string;
  readonly types: readonly EventType[];
}

/** The pairs of consumer and type as two columns to unnest. */
export function pairsOf(consumers: readonly NamedConsumer[]): { names: string[]; types: string[] } {
  const pairs = consumers.flatMap(({ name, types }) => types.map((type) => ({ name, type })));
  return { names: pairs.map(({ name }) => name), types: pairs.map(({ type }) => type) };
}

/** Tells retention that `consumers` live and what they read. */
export async function markSeen(database: Database, consumers: readonly NamedConsumer[]): Promise<void> {
  const { names, types } = pairsOf(consumers);
  await database.transaction(async (tx) => {
    await tx.$executeRaw`
      INSERT INTO events.consumer (name, types)
      SELECT name, array_agg(type) FROM unnest(${names}::text[], ${types}::text[]) AS wanted (name, type) GROUP BY name
      ON CONFLICT (name) DO NOTHING`;
    // A row that is locked is at work, which marks it too.
    await tx.$executeRaw`
      WITH free AS (SELECT name FROM events.consumer WHERE name = ANY (${names}::text[]) FOR UPDATE SKIP LOCKED)
      UPDATE events.consumer c SET seen_at = now(), types = wanted.types
      FROM free
      JOIN (
        SELECT name, array_agg(type) AS types FROM unnest(${names}::text[], ${types}::text[]) AS pair (name, type)
        GROUP BY name
      ) wanted USING (name)
      WHERE c.name = free.name`;
  });
}
