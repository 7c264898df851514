import { expect, it } from 'vitest';
import { seededRandom } from '../seeded-random.ts';
import { calibrate } from './calibrate.ts';
import { logistic } from './logistic.ts';

/** Logits that say too much: what happens follows from half of them, less 1. */
const random = seededRandom(9);
const logits = Float64Array.from({ length: 20_000 }, () => 8 * random() - 4);
const labels = Uint8Array.from(logits, (logit) => (random() < logistic(logit / 2 - 1) ? 1 : 0));

it('finds by how much forecasts say too much', () => {
  const { slope, offset } = calibrate(logits, labels);
  expect(Math.abs(slope - 0.5)).toBeLessThan(0.05);
  expect(Math.abs(offset - -1)).toBeLessThan(0.1);
});

it('never turns the order around: forecasts that say the reverse keep their slope', () => {
  const { slope, offset } = calibrate(
    logits.map((logit) => -logit),
    labels,
  );
  expect(slope).toBe(1);
  const mean = logits.reduce((sum, logit) => sum + logistic(offset - logit), 0) / logits.length;
  expect(mean).toBeCloseTo(labels.reduce((sum, label) => sum + label, 0) / labels.length, 3);
});

it('changes nothing where only one thing has happened', () => {
  const nothing = { slope: 1, offset: 0 };
  expect(calibrate(Float64Array.of(1, 2), Uint8Array.of(1, 1))).toEqual(nothing);
  expect(calibrate(Float64Array.of(1, 2), Uint8Array.of(0, 0))).toEqual(nothing);
  expect(calibrate(new Float64Array(), new Uint8Array())).toEqual(nothing);
});
