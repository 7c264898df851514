import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { axis } from './axis.ts';
import { dotPlot } from './dot-plot.ts';
import { reliabilityPlot } from './reliability-plot.ts';
import { tradeOffPlot } from './trade-off-plot.ts';

describe('axis', () => {
  it('has round ticks around everything, in order', () => {
    const range = fc.tuple(
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 1e-4, max: 5, noNaN: true }),
    );
    fc.assert(
      fc.property(range, ([low, size]) => {
        const { ticks, place } = axis([low, low + size], [100, 500]);
        expect(ticks.length).toBeGreaterThanOrEqual(2);
        expect(ticks.length).toBeLessThanOrEqual(10);
        expect(ticks[0] ?? 0).toBeLessThanOrEqual(low + 1e-9);
        expect(ticks.at(-1) ?? 0).toBeGreaterThanOrEqual(low + size - 1e-9);
        expect(place(ticks[0] ?? 0)).toBeCloseTo(100, 6);
        expect(place(ticks.at(-1) ?? 0)).toBeCloseTo(500, 6);
      }),
    );
  });
});

describe('plots', () => {
  const value = { mean: 0.1878, low: 0.1792, high: 0.1969 };

  it('draw each row once, and ours in another colour', () => {
    const svg = dotPlot('A & B', 'recall@20', [
      { label: 'Bouquet', value, isOurs: true },
      { label: 'A < B', value: { mean: 0.1, low: 0.05, high: 0.15 }, isOurs: false },
    ]);
    expect(svg.match(/<circle class="ours"/g)).toHaveLength(1);
    expect(svg.match(/<circle class="other"/g)).toHaveLength(1);
    expect(svg).toContain('<title>A &amp; B</title>');
    expect(svg).toContain('A &lt; B');
    expect(svg).toContain('Bouquet: 0.1878 (0.1792-0.1969)');
    expect(svg).not.toMatch(/<script|NaN|undefined/);
  });

  it('show forecasts against what came true, beside the line on which they would lie', () => {
    const svg = reliabilityPlot('Reliability', [
      { forecast: 0.02, observed: 0.03, count: 1_000 },
      { forecast: 0.1, observed: 0.08, count: 1_000 },
    ]);
    expect(svg.match(/<circle class="ours"/g)).toHaveLength(2);
    expect(svg.match(/<line class="other"/g)).toHaveLength(1);
    expect(svg).toContain('1,000 forecasts of 0.0200 on average: 0.0300 came true');
    expect(svg).not.toMatch(/<script|NaN|undefined/);
  });

  it('join the orders of one kind and leave caps apart', () => {
    const svg = tradeOffPlot('Costs', {
      curve: [
        { label: 'ranking alone', diversity: 0.5, recall: 0.19 },
        { label: 'λ 0.5', diversity: 0.6, recall: 0.18 },
      ],
      caps: [{ label: 'at most 3', diversity: 0.55, recall: 0.17 }],
    });
    const [, line] = /<polyline class="line ours" points="([^"]+)"/.exec(svg) ?? [];
    expect(line?.split(' ')).toHaveLength(2);
    expect(svg.match(/<circle class="caps"/g)).toHaveLength(1);
    expect(svg).toContain('prefers-color-scheme: dark');
    expect(svg).not.toMatch(/<script|NaN|undefined/);
  });
});
