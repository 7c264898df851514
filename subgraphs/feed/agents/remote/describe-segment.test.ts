import { expect, it } from 'vitest';
import type { ClusterInterests } from '../../learning/taste-clusters/cluster-interests.ts';
import { describeSegment } from './describe-segment.ts';

const clustersWith = (interests: ClusterInterests | null) => ({
  interestsOf: (cluster: number) => (cluster === 7 ? interests : null),
});

it('says where readers are and what they like', () => {
  const clusters = clustersWith({ categories: ['venues'], tags: ['rustic', 'barn'] });
  expect(describeSegment('IT:7', clusters)).toBe('readers of region IT who like venues, rustic, barn');
  expect(describeSegment('*:7', clusters)).toBe('readers of any region who like venues, rustic, barn');
});

it('says the region alone where nothing is known of the cluster', () => {
  expect(describeSegment('IT:8', clustersWith({ categories: ['venues'], tags: [] }))).toBe(
    'readers of region IT',
  );
  expect(describeSegment('IT:7', clustersWith({ categories: [], tags: [] }))).toBe('readers of region IT');
  expect(describeSegment('IT:7', null)).toBe('readers of region IT');
  expect(describeSegment('IT:new', null)).toBe('newcomers of region IT');
  expect(describeSegment('*:new', null)).toBe('newcomers of any region');
});

it('cuts what vendors wrote, and leaves out what nobody sees', () => {
  const tags = ['a'.repeat(500), 'barn\u202E\nrustic'];
  expect(describeSegment('IT:7', clustersWith({ categories: [], tags }))).toBe(
    `readers of region IT who like ${'a'.repeat(30)}, barn rustic`,
  );
});
