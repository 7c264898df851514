import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '#platform/database/database.ts';
import { silentDisplay } from '../../cli/import/display.ts';
import { databases } from '../../test/support/databases.ts';
import type { Dataset, ImportRow } from '../datasets/dataset.ts';
import { mean } from '../metrics/bootstrap.ts';
import { warmEvaluation } from '../metrics/evaluation-set.ts';
import type { Pair } from '../metrics/split-saves.ts';
import { judgeStack } from './judge-stack.ts';
import { openStack, type Stack } from './open-stack.ts';
import { servedOrder } from './orders.ts';
import { trainStack, type TrainingCost } from './train-stack.ts';

/** Two tastes: users of an even number save even items. Item 99 nobody has saved. */
const userIds = Array.from({ length: 60 }, (_, user) => String(user));
const itemIds = Array.from({ length: 100 }, (_, item) => String(item));
const pairs: readonly Pair[] = userIds.flatMap((userId) =>
  itemIds
    .filter((itemId) => (Number(itemId) + Number(userId)) % 2 === 0 && itemId !== '99')
    .filter((itemId) => (Number(itemId) * 7 + Number(userId) * 11) % 5 < 2)
    .map((itemId) => ({ userId, itemId })),
);
const isHeldOut = ({ userId, itemId }: Pair): boolean =>
  Number(userId) < 10 && (Number(itemId) + Number(userId)) % 3 === 0;
const split = {
  training: pairs.filter((pair) => !isHeldOut(pair)),
  heldOut: new Map(
    userIds
      .slice(0, 10)
      .map((userId) => [
        userId,
        new Set(
          pairs.filter((pair) => pair.userId === userId && isHeldOut(pair)).map(({ itemId }) => itemId),
        ),
      ]),
  ),
};

const at = '2020-01-01T00:00:00Z';
const dataset: Dataset = {
  vendors: () => rows([0, 1, 2, 3, 4, 5].map((id) => ({ id: `v${id}`, name: `Vendor ${id}`, region: 'US' }))),
  contents: () =>
    rows(
      itemIds.map((id) => ({
        id,
        vendorId: `v${Number(id) % 6}`,
        title: `Item ${id}`,
        description: '',
        category: `c${Number(id) % 4}`,
        region: 'US',
        tags: [`parity-${Number(id) % 2}`, `third-${Number(id) % 3}`],
        publishedAt: at,
      })),
    ),
  interactions: () =>
    rows(
      split.training.map(({ userId, itemId }) => ({
        id: `save-${itemId}`,
        userId,
        contentId: itemId,
        type: 'SAVE',
        occurredAt: at,
      })),
    ),
};

async function* rows(values: readonly ImportRow[]): AsyncGenerator<ImportRow, void, undefined> {
  yield* await Promise.resolve(values);
}

describe.each(databases)('the measured ranking on $kind', ({ open }) => {
  const folder = mkdtempSync(join(tmpdir(), 'bq-stack-'));
  let database: Database;
  let cost: TrainingCost;
  let stack: Stack;
  beforeAll(async () => {
    database = await open();
    cost = await trainStack(database, { dataset, folder, display: silentDisplay });
    stack = await openStack(database);
  });
  afterAll(async () => {
    await stack.close();
    await database.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('learns a vector of every item, those without a save included', () => {
    expect(cost.learned + cost.inferred).toBe(100);
    expect(cost.inferred).toBeGreaterThanOrEqual(1);
  });

  it('ranks every candidate, by all that the product knows', async () => {
    const { ranked, sums } = await stack.rank('0', itemIds);
    expect(sums.size).toBe(itemIds.length);
    expect(ranked.map(({ id }) => id).toSorted()).toEqual(itemIds.toSorted());
    expect(ranked.map(({ score }) => score)).toEqual(
      ranked.map(({ score }) => score).toSorted((a, b) => b - a),
    );
    expect(ranked.every(({ facts }) => facts !== null)).toBe(true);
    expect(ranked.some(({ vectorSimilarity }) => vectorSimilarity > 0)).toBe(true);
  });

  it('finds the taste of the judged, in orders that start from what is served', async () => {
    const { set } = warmEvaluation(split);
    const { alone, orders } = await judgeStack(stack, set, split.heldOut, silentDisplay);
    expect(mean([...alone.auc])).toBeGreaterThan(0.7);
    expect(orders[0]?.name).toBe(servedOrder.name);
    for (const { figures, diversity } of orders) {
      expect(figures.recallAt20).toHaveLength(10);
      expect(diversity).toHaveLength(10);
    }
  });
});
