import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeHistogram, mergeHistograms } from './histogram-text.ts';
import { newLatencyHistogram } from './telemetry.ts';

const histogramOf = (values: readonly number[]) => {
  const histogram = newLatencyHistogram();
  for (const value of values) histogram.recordValue(value);
  return histogram;
};

describe('histograms as text', () => {
  it('keep counts and percentiles, however they are split', () => {
    const microseconds = fc.array(fc.integer({ min: 1, max: 300_000_000 }), { minLength: 1, maxLength: 50 });
    fc.assert(
      fc.property(microseconds, fc.nat(50), (values, cut) => {
        const whole = histogramOf(values);
        const parts = [values.slice(0, cut), values.slice(cut)].map((part) =>
          encodeHistogram(histogramOf(part)),
        );
        const merged = mergeHistograms([...parts, null]);
        expect(merged.totalCount).toBe(values.length);
        for (const share of [50, 99, 99.9]) {
          // Two significant digits: an encoded value stands for all within 1 % of it.
          const expected = whole.getValueAtPercentile(share);
          expect(Math.abs(merged.getValueAtPercentile(share) - expected)).toBeLessThanOrEqual(
            expected / 100 + 1,
          );
        }
      }),
    );
  });

  it('are null where nothing was recorded', () => {
    expect(encodeHistogram(newLatencyHistogram())).toBeNull();
    expect(mergeHistograms([null]).totalCount).toBe(0);
  });
});
