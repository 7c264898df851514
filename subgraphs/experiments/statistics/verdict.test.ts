import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GuardrailState } from './non-inferiority.ts';
import {
  decideVerdict,
  type ExperimentEvidence,
  type MetricEvidence,
  type TreatmentEvidence,
} from './verdict.ts';

const found = (
  metric: string,
  effect: number,
  significant: boolean,
  lowerIsBetter = false,
): MetricEvidence => ({
  kind: 'comparison',
  metric,
  effect,
  significant,
  lowerIsBetter,
});
const treatmentOf = (changes: Partial<TreatmentEvidence> = {}): TreatmentEvidence => ({
  variant: 'big',
  primary: found('saves', 0.052, true),
  secondaries: [],
  guardrails: [{ metric: 'hides', state: 'HOLDS' }],
  ...changes,
});
const verdictOf = (treatments: TreatmentEvidence[], changes: Partial<ExperimentEvidence> = {}) =>
  decideVerdict({
    sampleRatio: { kind: 'tested', pValue: 0.4, mismatch: false },
    treatments,
    isComplete: null,
    isReadOnce: false,
    ...changes,
  });

describe('decideVerdict', () => {
  it('ships what is better with every guardrail held', () => {
    expect(verdictOf([treatmentOf()])).toEqual({
      kind: 'SHIP',
      reason: 'big makes saves better (+5.2 %) and every guardrail holds.',
    });
    const time = treatmentOf({ primary: found('time', -0.1, true, true), guardrails: [] });
    expect(verdictOf([time])).toEqual({ kind: 'SHIP', reason: 'big makes time better (−10 %).' });
  });

  it('ships the best of several, and says what it costs', () => {
    const bigger = treatmentOf({
      variant: 'bigger',
      primary: found('saves', 0.08, true),
      secondaries: [
        found('clicks', -0.01, true),
        found('views', -0.02, false),
        found('errors', 0.1, true, true),
      ],
    });
    expect(verdictOf([treatmentOf(), bigger])).toEqual({
      kind: 'SHIP',
      reason:
        'bigger makes saves better (+8 %) and every guardrail holds, at the price of clicks and errors.',
    });
    const harmful = { ...bigger, guardrails: [{ metric: 'hides', state: 'VIOLATED' as const }] };
    expect(verdictOf([treatmentOf(), harmful]).reason).toMatch(/^big makes/);
  });

  it('stops where every treatment does harm', () => {
    const worse = treatmentOf({ primary: found('saves', -0.03, true) });
    expect(verdictOf([worse])).toEqual({ kind: 'STOP', reason: 'big makes saves worse (−3 %).' });
    const harmful = treatmentOf({ variant: 'bigger', guardrails: [{ metric: 'hides', state: 'VIOLATED' }] });
    expect(verdictOf([worse, harmful])).toEqual({
      kind: 'STOP',
      reason: 'big makes saves worse (−3 %); bigger harms hides, which must not get worse.',
    });
    expect(verdictOf([worse, treatmentOf({ primary: found('saves', 0.01, false) })]).kind).toBe(
      'KEEP_RUNNING',
    );
  });

  it('keeps running while nothing is decided, and stops once the planned users have come', () => {
    const undecided = [treatmentOf({ primary: found('saves', 0.01, false) })];
    expect(verdictOf(undecided)).toEqual({
      kind: 'KEEP_RUNNING',
      reason: 'No treatment can be told from the control in saves yet.',
    });
    expect(verdictOf(undecided, { isComplete: true })).toEqual({
      kind: 'STOP',
      reason: 'All planned users have come, and no treatment changes saves measurably.',
    });
    const open = [treatmentOf({ guardrails: [{ metric: 'hides', state: 'UNDECIDED' }] })];
    expect(verdictOf(open)).toEqual({
      kind: 'KEEP_RUNNING',
      reason: 'big improves saves, but it is not shown that hides stays within its margin.',
    });
    expect(verdictOf(open, { isComplete: true }).kind).toBe('STOP');
  });

  it('does not read a fixed horizon before its end, but for harm', () => {
    const early = { isReadOnce: true, isComplete: false };
    expect(verdictOf([treatmentOf()], early).kind).toBe('KEEP_RUNNING');
    expect(verdictOf([treatmentOf()], { ...early, isComplete: true }).kind).toBe('SHIP');
    const worse = treatmentOf({ primary: found('saves', -0.03, true) });
    expect(verdictOf([worse], early).kind).toBe('STOP');
  });

  it('is invalid where the figures cannot be trusted', () => {
    const mismatch = { kind: 'tested', pValue: 1.234e-5, mismatch: true } as const;
    expect(verdictOf([treatmentOf()], { sampleRatio: mismatch })).toEqual({
      kind: 'INVALID',
      reason:
        'Users are not split as planned (p = 0.000012), so no figure can be trusted: look for lost or doubled exposures.',
    });
    const nobody = { kind: 'invalid', reason: 'Nobody has been observed.' } as const;
    expect(verdictOf([treatmentOf()], { sampleRatio: nobody })).toEqual({
      kind: 'INVALID',
      reason: 'Nobody has been observed.',
    });
    const primary = { kind: 'invalid', metric: 'saves', reason: 'All values are alike.' } as const;
    expect(verdictOf([treatmentOf({ primary })])).toEqual({
      kind: 'INVALID',
      reason: 'saves of big cannot be judged: All values are alike.',
    });
    expect(verdictOf([]).kind).toBe('INVALID');
  });

  it('ships only what is significantly better and holds, and always says why in one sentence', () => {
    const evidence = fc.record({
      effect: fc.double({ min: -0.5, max: 0.5, noNaN: true }),
      significant: fc.boolean(),
      states: fc.array(fc.constantFrom<GuardrailState>('HOLDS', 'VIOLATED', 'UNDECIDED'), { maxLength: 3 }),
    });
    fc.assert(
      fc.property(
        fc.array(evidence, { minLength: 1, maxLength: 3 }),
        fc.constantFrom(true, false, null),
        fc.boolean(),
        (arms, isComplete, isReadOnce) => {
          const treatments = arms.map(({ effect, significant, states }, index) =>
            treatmentOf({
              variant: `v-${index}`,
              primary: found('saves', effect, significant),
              guardrails: states.map((state) => ({ metric: 'hides', state })),
            }),
          );
          const { kind, reason } = verdictOf(treatments, { isComplete, isReadOnce });
          expect(reason).toMatch(/^\S.*\w.*\.$/);
          const isGood = arms.some(
            (arm) => arm.significant && arm.effect > 0 && arm.states.every((state) => state === 'HOLDS'),
          );
          expect(kind === 'SHIP').toBe(isGood && !(isReadOnce && isComplete === false));
        },
      ),
    );
  });
});
