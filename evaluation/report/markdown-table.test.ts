import { expect, it } from 'vitest';
import { markdownTable } from './markdown-table.ts';
import { percent, signedInterval } from './numbers.ts';

it('pads cells to the width of their column', () => {
  const table = markdownTable(
    [
      { title: 'Model', align: 'left' },
      { title: 'λ', align: 'right' },
      { title: '', align: 'left' },
    ],
    [
      ['**Bouquet**', signedInterval({ mean: 0.005, low: -0.001, high: 0.0093 }), 'met'],
      ['EASE', percent(-0.0131, true), ''],
    ],
  );
  expect(table.split('\n')).toEqual([
    '| Model       |                            λ |     |',
    '| ----------- | ---------------------------: | --- |',
    '| **Bouquet** | +0.0050 (−0.0010 to +0.0093) | met |',
    '| EASE        |                       −1.3 % |     |',
  ]);
});

it('names shares shortly', () => {
  expect([0.125, 0, -0.000_1, -0.02].map((share) => percent(share, true))).toEqual([
    '+12.5 %',
    '+0 %',
    '+0.0 %',
    '−2 %',
  ]);
  expect(percent(0.05)).toBe('5 %');
});
