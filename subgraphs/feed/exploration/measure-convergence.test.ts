import { describe, expect, it } from 'vitest';
import { ArmEvidence, type ArmItem } from './arm-evidence.ts';
import { betaDeviation } from './beta.ts';
import { measureConvergence } from './measure-convergence.ts';
import { ReadPosteriors } from './posterior-shelf.ts';
import { Posteriors } from './posteriors.ts';

const { signal } = new AbortController();
const item = (index: number): ArmItem => ({
  id: `item-${index}`,
  vendorId: `v-${index % 7}`,
  category: 'florals',
});

/** Arms of each segment, so many; all are saved alike but for the first, and seen `trials` times. */
function evidenceOf(segments: Readonly<Record<string, number>>, trials: number): ArmEvidence {
  const evidence = new ArmEvidence();
  for (const [segment, arms] of Object.entries(segments)) {
    for (let arm = 0; arm < arms; arm++) {
      evidence.add(segment, item(arm), { trials, successes: trials * (arm === 0 ? 0.3 : 0.1) });
    }
  }
  return evidence;
}

const read = (evidence: ArmEvidence): ReadPosteriors => new ReadPosteriors('test', new Posteriors(evidence));
const measured = (evidence: ArmEvidence) => measureConvergence(evidence, read(evidence), signal);

describe('measureConvergence', () => {
  it('has the mean deviation of what was shown, and is surer of the best the more is known', async () => {
    const evidence = evidenceOf({ 'AT:1': 20, 'DE:1': 8 }, 50);
    evidence.add('AT:1', item(400), { trials: 0, successes: 0 });
    const posteriors = read(evidence);
    const { overall, segments } = await measureConvergence(evidence, posteriors, signal);
    const deviationsOf = (segment: string, arms: number): number[] =>
      Array.from({ length: arms }, (_, arm) => betaDeviation(posteriors.of(segment, item(arm))));
    const mean = (values: readonly number[]): number =>
      values.reduce((sum, each) => sum + each, 0) / values.length;
    expect(segments.get('AT:1')?.arms).toBe(20);
    expect(segments.get('AT:1')?.meanDeviation).toBeCloseTo(mean(deviationsOf('AT:1', 20)), 12);
    expect(overall.arms).toBe(28);
    expect(overall.meanDeviation).toBeCloseTo(
      mean([...deviationsOf('AT:1', 20), ...deviationsOf('DE:1', 8)]),
      12,
    );
    const later = await measured(evidenceOf({ 'AT:1': 20, 'DE:1': 8 }, 5_000));
    expect(later.overall.meanDeviation).toBeLessThan(overall.meanDeviation);
    for (const segment of ['AT:1', 'DE:1']) {
      expect(segments.get(segment)?.topArmProbability).toBeLessThan(1);
      expect(later.segments.get(segment)?.topArmProbability).toBe(1);
    }
    expect(later.overall.topArmProbability).toBe(1);
  });

  it('looks for the top arm among those of the greatest mean, and draws of no others', async () => {
    const evidence = evidenceOf({ 'AT:1': 300 }, 200);
    const posteriors = read(evidence);
    const { segments } = await measureConvergence(evidence, posteriors, signal);
    const drawn = Array.from({ length: 300 }, (_, arm) => posteriors.drawsOf('AT:1', item(arm), false));
    expect(drawn.filter((draws) => draws !== null)).toHaveLength(100);
    expect(drawn[0]).not.toBeNull();
    expect(segments.get('AT:1')?.arms).toBe(300);
    expect(segments.get('AT:1')?.topArmProbability).toBeGreaterThan(0.5);
  });

  it('tells 32 segments apart, those of the most impressions, and counts all', async () => {
    const names = Array.from({ length: 40 }, (_, index) => [`AT:${index}`, 1 + index] as const);
    const { overall, segments } = await measured(evidenceOf(Object.fromEntries(names), 10));
    expect(overall.arms).toBe(820);
    expect([...segments.keys()].toSorted()).toEqual(
      names
        .slice(-32)
        .map(([segment]) => segment)
        .toSorted(),
    );
  });

  it('is nothing where nothing was shown', async () => {
    expect(await measured(new ArmEvidence())).toEqual({
      overall: { arms: 0, meanDeviation: 0, topArmProbability: 0 },
      segments: new Map(),
    });
  });

  it('ends where it is told to, and lets others have a turn before', async () => {
    const evidence = evidenceOf({ 'AT:1': 20_000, 'DE:1': 20_000 }, 20);
    const stopping = new AbortController();
    setImmediate(() => stopping.abort(new Error('stopped')));
    await expect(measureConvergence(evidence, read(evidence), stopping.signal)).rejects.toThrow('stopped');
  });
});
