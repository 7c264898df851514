import { expect, it } from 'vitest';
import { impressionCases, type Act } from './impression-cases.ts';

const hour = 3_600_000;
const start = Date.UTC(2026, 2, 1, 8);
const act = (type: string, id: string, hours: number): Act => ({ type, id, at: start + hours * hour });
const cases = (acts: readonly Act[], { from = 0, until = 1_000, window = 24 } = {}) =>
  impressionCases(
    { userId: 'ada', acts, follows: [{ vendorId: 'fern', at: start + 2 * hour }] },
    { from: start + from * hour, until: start + until * hour, windowMs: window * hour },
  ).map(({ choices, shown, followedVendors }) => ({
    choices: choices.map(({ id }) => id),
    shown: shown.map(({ id, saved }) => `${id} ${saved ? 'saved' : 'left'}`),
    followedVendors,
  }));

it('has a save or an inquiry within the window as what an impression came to', () => {
  const acts = [
    act('IMPRESSION', 'rose', 1),
    act('IMPRESSION', 'peony', 1.1),
    act('IMPRESSION', 'barn', 1.2),
    act('IMPRESSION', 'cake', 1.3),
    act('SAVE', 'rose', 2),
    act('LIKE', 'peony', 3),
    act('INQUIRY', 'barn', 25.2),
    act('SAVE', 'cake', 25.4),
  ];
  const shown = (window: number): readonly string[] | undefined => cases(acts, { window })[0]?.shown;
  expect(shown(24)).toEqual(['rose saved', 'peony left', 'barn saved', 'cake left']);
  expect(shown(2)).toEqual(['rose saved', 'peony left', 'barn left', 'cake left']);
  expect(shown(25)).toEqual(['rose saved', 'peony left', 'barn saved', 'cake saved']);
});

it('knows of each impression what was chosen before, and never what it came to', () => {
  expect(
    cases([
      act('SAVE', 'barn', -5),
      act('LIKE', 'rose', -4),
      act('SAVE', 'barn', -3),
      act('IMPRESSION', 'peony', 1),
      act('IMPRESSION', 'cake', 1),
      act('SAVE', 'peony', 2),
      act('IMPRESSION', 'arch', 3),
      act('IMPRESSION', 'veil', 27),
    ]),
  ).toEqual([
    { choices: ['barn', 'rose'], shown: ['peony saved', 'cake left'], followedVendors: [] },
    { choices: ['peony', 'barn', 'rose'], shown: ['arch left'], followedVendors: ['fern'] },
    { choices: ['peony', 'barn', 'rose'], shown: ['veil left'], followedVendors: ['fern'] },
  ]);
});

it('leaves out what was chosen already, as a feed does, and what was not shown in time', () => {
  expect(
    cases(
      [
        act('IMPRESSION', 'early', 1),
        act('SAVE', 'rose', 2),
        act('IMPRESSION', 'rose', 6),
        act('IMPRESSION', 'peony', 6),
        act('IMPRESSION', 'late', 9),
      ],
      { from: 5, until: 8 },
    ),
  ).toEqual([{ choices: ['rose'], shown: ['peony left'], followedVendors: ['fern'] }]);
});
