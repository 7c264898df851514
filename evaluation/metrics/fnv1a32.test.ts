import { expect, it } from 'vitest';
import { fnv1a32 } from './fnv1a32.ts';

it.each([
  ['a', 3_826_002_220],
  ['foobar', 3_214_735_720],
  ['12:345:split-1', 1_179_466_886],
  ['1:eval-1', 783_907_046],
  ['1:cold-1', 126_321_182],
  ['é', 513_665_217],
])('hashes %s', (text, hash) => {
  expect(fnv1a32(text)).toBe(hash);
});

it('goes on from the hash of what stands before', () => {
  expect(fnv1a32('bar', fnv1a32('foo'))).toBe(fnv1a32('foobar'));
});
