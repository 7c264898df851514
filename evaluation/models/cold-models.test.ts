import { describe, expect, it } from 'vitest';
import { authorPop } from './author-pop.ts';
import { indexPairs } from './index-pairs.ts';
import { indexFeatures } from './item-features.ts';
import type { Model } from './model.ts';
import { tagCosineAuthor } from './tag-cosine-author.ts';
import { tagCosine } from './tag-cosine.ts';
import { tagPop } from './tag-pop.ts';

// Items 1 and 2 are known, with 2 and 1 pairs; 3, 4 and 5 are new.
const books = [
  { itemId: '1', vendorId: 'ann', tags: ['sea', 'war'] },
  { itemId: '2', vendorId: 'bob', tags: ['sea'] },
  { itemId: '3', vendorId: 'ann', tags: ['war'] },
  { itemId: '4', vendorId: 'bob', tags: ['sea', 'war'] },
  { itemId: '5', vendorId: 'new', tags: [] },
];
const { training, itemsOf } = indexPairs([
  { userId: 'x', itemId: '1' },
  { userId: 'y', itemId: '1' },
  { userId: 'y', itemId: '2' },
]);
const features = indexFeatures(books, training.itemIds, ['3', '4', '5']);

async function scoresFor(userId: string, model: Model): Promise<number[]> {
  const scorer = await model.fit(training);
  const scores = new Float64Array(3);
  scorer({ userId, items: itemsOf(userId) }, scores);
  return [...scores];
}

/** User y has sea twice and war once; m(sea) = 1.5, m(war) = 2. */
describe('models of items without training pairs', () => {
  it('score by how popular tags are', async () => {
    expect(await scoresFor('y', tagPop(features, 'same for all'))).toEqual([2, 1.75, 0]);
    expect(await scoresFor('y', tagPop(features, 'sum'))).toEqual([2, 2 * 1.5 + 2, 0]);
    expect(await scoresFor('y', tagPop(features, 'mean'))).toEqual([2, 2.5, 0]);
  });

  it('score by how alike tags are', async () => {
    const [war, both, none] = await scoresFor('y', tagCosine(features, 'raw'));
    expect(war).toBeCloseTo(1 / Math.sqrt(5));
    expect(both).toBeCloseTo(3 / Math.sqrt(10));
    expect(none).toBe(0);
    // Every known item has sea: it tells nothing.
    const [rare, withSea] = await scoresFor('y', tagCosine(features, 'idf'));
    expect(rare).toBeCloseTo(1);
    expect(withSea).toBeCloseTo(1);
  });

  it('add what the author says', async () => {
    const cosines = await scoresFor('x', tagCosine(features, 'raw'));
    const scores = await scoresFor('x', tagCosineAuthor(features, { weighting: 'raw', b: 0.5 }));
    expect(scores.map((score, index) => score - (cosines[index] ?? 0))).toEqual([0.5, 0, 0]);
    // The mean of all is 1.5 pairs; ann has one item with 2, bob one with 1.
    const popularity = await scoresFor('x', authorPop(features));
    expect(popularity).toEqual([9.5 / 6, 8.5 / 6, 1.5]);
    const [ann = 0, bob = 0] = await scoresFor(
      'y',
      tagCosineAuthor(features, { weighting: 'raw', b: 0, c: 1 }),
    );
    const [annTags = 0, bobTags = 0] = await scoresFor('y', tagCosine(features, 'raw'));
    expect(ann - annTags).toBeCloseTo(Math.log2(1 + 9.5 / 6));
    expect(bob - bobTags).toBeCloseTo(Math.log2(1 + 8.5 / 6));
  });

  it('need features of every item', () => {
    expect(() => indexFeatures(books, training.itemIds, ['6'])).toThrow('Item 6 has no features.');
  });
});
