import type { Database } from '#platform/database/database.ts';
import { interactionTypes, type InteractionType } from '#platform/events/contracts.ts';
import { popularityWeights, positiveTypes } from '../../interactions/interaction.ts';
import { popularityHalfLifeMs } from '../../interactions/popularity.ts';
import type { Choices } from '../choices.ts';

/** Whether an interaction belongs to the past that models are learned from; `at` in ms since 1970. */
export type IsPast = (userId: string, contentId: string, at: number) => boolean;

export interface PastRecords {
  readonly choices: Choices;
  /** log2 of the decayed popularity, by item; its zero is any, since only differences count. */
  readonly popularity: ReadonlyMap<string, number>;
}

/** Users in one statement. */
const pageSize = 500;

/** The latest choices of one user that count. */
const choicesPerUser = 1_000;

interface Row {
  readonly userId: string;
  readonly ids: readonly string[];
  readonly types: readonly string[];
  /** In ms since 1970. */
  readonly times: readonly number[];
}

const weighty = interactionTypes.filter((type) => popularityWeights[type] > 0);
const weightOf = new Map<string, number>(weighty.map((type) => [type, popularityWeights[type]]));
const positive: ReadonlySet<string> = positiveTypes;

/**
 * Reads what models would have been learned from, had nothing but the past happened: who chose which of `known`, and how
 * popular these were.
 */
export async function readPastRecords(
  database: Database,
  { known, isPast, signal }: { known: ReadonlySet<string>; isPast: IsPast; signal: AbortSignal | undefined },
): Promise<PastRecords> {
  const reference = Date.now();
  const sums = new Map<string, number>();
  const numbers = new Map<string, number>();
  const items: number[] = [];
  const offsets: number[] = [0];
  for await (const { userId, ids, types, times } of histories(database, weighty, signal)) {
    const own = new Set<number>();
    for (const [place, id] of ids.entries()) {
      const at = times[place] ?? 0;
      const type = types[place] ?? '';
      if (!known.has(id) || !isPast(userId, id, at)) continue;
      const weight = (weightOf.get(type) ?? 0) * 2 ** ((at - reference) / popularityHalfLifeMs);
      sums.set(id, (sums.get(id) ?? 0) + weight);
      if (!positive.has(type) || own.size >= choicesPerUser) continue;
      const number = numbers.get(id) ?? numbers.size;
      numbers.set(id, number);
      own.add(number);
    }
    if (own.size === 0) continue;
    items.push(...own);
    offsets.push(items.length);
  }
  const matrix = {
    itemCount: numbers.size,
    offsets: Int32Array.from(offsets),
    items: Int32Array.from(items),
  };
  const popularity = [...sums].flatMap(([id, sum]): [string, number][] =>
    sum > 0 ? [[id, Math.log2(sum)]] : [],
  );
  return { choices: { matrix, ids: [...numbers.keys()] }, popularity: new Map(popularity) };
}

/** What users did, the latest first. */
async function* histories(
  database: Database,
  types: readonly InteractionType[],
  signal: AbortSignal | undefined,
): AsyncGenerator<Row> {
  let after = '';
  for (;;) {
    signal?.throwIfAborted();
    const rows = await database.prisma.$queryRaw<Row[]>`
      SELECT user_id AS "userId", array_agg(content_id ORDER BY occurred_at DESC, id) AS ids,
        array_agg(type ORDER BY occurred_at DESC, id) AS types,
        array_agg(extract(epoch FROM occurred_at)::float8 * 1000 ORDER BY occurred_at DESC, id) AS times
      FROM feed.interaction WHERE user_id > ${after} AND type = ANY (${[...types]}::text[])
      GROUP BY user_id ORDER BY user_id LIMIT ${pageSize}`;
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last.userId;
    yield* rows;
  }
}
