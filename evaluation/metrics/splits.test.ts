import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { defaultDataFolder } from '../datasets/dataset.ts';
import { readBookFeatures, readSaves } from '../datasets/goodbooks.ts';
import { readLikes } from '../datasets/movielens.ts';
import { readAll } from '../datasets/read-all.ts';
import { splitColdItems } from './split-cold-items.ts';
import { splitLikes } from './split-likes.ts';
import { checkSum, pairsOf, splitSaves, type Pair } from './split-saves.ts';

describe('splitLikes', () => {
  const likes = (userId: string, count: number): { userId: string; itemId: string; at: number }[] =>
    Array.from({ length: count }, (_, index) => ({ userId, itemId: String(index), at: 1_000 - index }));

  it('holds out the last fifth of those with enough, and leaves the others out', () => {
    const { training, heldOut } = splitLikes([...likes('many', 14), ...likes('few', 9)]);
    expect([...heldOut.keys()]).toEqual(['many']);
    expect([...(heldOut.get('many') ?? [])].toSorted()).toEqual(['0', '1']);
    expect(training).toHaveLength(12);
    expect(training.every(({ userId }) => userId === 'many')).toBe(true);
  });

  it('takes likes of one second in the order of their ids', () => {
    const likesAtOnce = likes('one', 12).map((like) => ({ ...like, at: 5 }));
    const heldOut = splitLikes(likesAtOnce).heldOut.get('one') ?? new Set();
    expect([...heldOut].toSorted()).toEqual(['10', '11']);
  });
});

describe('splitColdItems', () => {
  it('keeps hidden items out of training and asks for all of them, of evaluated users', () => {
    const itemIds = Array.from({ length: 200 }, (_, index) => String(index));
    const own = (userId: string): Pair[] => itemIds.map((itemId) => ({ userId, itemId }));
    const warm = {
      training: [...own('judged').slice(0, 150), ...own('other')],
      heldOut: new Map([
        ['judged', new Set(itemIds.slice(150))],
        ['without', new Set(['0'])],
      ]),
    };
    const { hidden, training, heldOut } = splitColdItems(warm, itemIds);
    expect(hidden.size).toBeGreaterThan(5);
    expect(hidden.has('0')).toBe(false);
    expect([...heldOut.keys()]).toEqual(['judged']);
    expect(heldOut.get('judged')).toEqual(hidden);
    expect(training.some(({ itemId }) => hidden.has(itemId))).toBe(false);
    expect(training).toHaveLength(350 - 2 * hidden.size + heldBack(hidden));
  });
});

/** Hidden items that the judged user had held out already. */
function heldBack(hidden: ReadonlySet<string>): number {
  return [...hidden].filter((itemId) => Number(itemId) >= 150).length;
}

// The data is not part of the repository.
describe.skipIf(!existsSync(defaultDataFolder))(`splits, if the data is in ${defaultDataFolder}`, () => {
  it('splits the likes of ml-latest-small into the published counts and check sums', async () => {
    const likes = await readAll(readLikes(defaultDataFolder));
    const { training, heldOut } = splitLikes(likes);
    const out = pairsOf(heldOut);
    expect(likes).toHaveLength(51_568);
    expect(heldOut.size).toBe(625);
    expect(training).toHaveLength(41_268);
    expect(out).toHaveLength(10_014);
    expect(new Set(training.map(({ itemId }) => itemId)).size).toBe(5_295);
    expect(checkSum(training)).toBe(3_596_490_893);
    expect(checkSum(out)).toBe(569_558_178);
    expect(heldOut.get('2')?.size).toBe(6);
  });

  it('hides the published books', async () => {
    const warm = splitSaves(await readAll(readSaves(defaultDataFolder)));
    const books = await readAll(readBookFeatures(defaultDataFolder));
    const { hidden, training, heldOut } = splitColdItems(
      warm,
      books.map(({ itemId }) => itemId),
    );
    const relevant = pairsOf(heldOut);
    expect(hidden.size).toBe(976);
    expect(training).toHaveLength(814_169);
    expect(new Set(training.map(({ itemId }) => itemId)).size).toBe(9_011);
    expect(heldOut.size).toBe(2_028);
    expect(relevant).toHaveLength(7_175);
    expect(checkSum(relevant)).toBe(2_043_719_476);
    expect(training.filter(({ userId }) => heldOut.has(userId))).toHaveLength(52_683);
  });
});
