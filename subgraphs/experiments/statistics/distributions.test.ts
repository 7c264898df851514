import { describe, expect, it } from 'vitest';
import {
  betaCdf,
  chiSquareSurvival,
  normalCdf,
  normalQuantile,
  normalSurvival,
  studentTCdf,
  studentTQuantile,
  studentTSurvival,
} from './distributions.ts';

/** Largest relative error over the rows, of which the last number is the reference, of mpmath with 50 digits. */
function worstError(
  rows: readonly (readonly number[])[],
  of: (...inputs: readonly number[]) => number,
): number {
  return Math.max(...rows.map((row) => Math.abs(of(...row.slice(0, -1)) / (row.at(-1) ?? Number.NaN) - 1)));
}

describe('distributions', () => {
  it('has the digits of the normal tail down to 1e-300', () => {
    const rows = [
      [-3, 0.9986501019683699],
      [0, 0.5],
      [0.5, 0.3085375387259869],
      [1.96, 0.024997895148220435],
      [3, 0.0013498980316300946],
      [6, 9.86587645037698e-10],
      [10, 7.619853024160525e-24],
      [20, 2.7536241186062337e-89],
      [37, 5.725571222524577e-300],
    ];
    expect(worstError(rows, (z = Number.NaN) => normalSurvival(z))).toBeLessThan(1e-12);
    expect(worstError(rows, (z = Number.NaN) => normalCdf(-z))).toBeLessThan(1e-12);
  });

  it('has the normal quantiles of tables, and of probabilities that tables do not reach', () => {
    const rows = [
      [1e-300, -37.0470962993612],
      [1e-50, -14.933337534788489],
      [1e-12, -7.034483825301132],
      [1e-6, -4.753424308822899],
      [0.01, -2.326347874040841],
      [0.3, -0.5244005127080408],
      [0.499, -0.002506630899571766],
      [0.975, 1.959963984540054],
    ];
    expect(worstError(rows, (p = Number.NaN) => normalQuantile(p))).toBeLessThan(1e-12);
  });

  it("has the digits of Student's tail for any degrees of freedom", () => {
    const rows = [
      [0.1, 1, 0.4682744825694464],
      [1.96, 1.5, 0.11482994867335712],
      [3, 2.7, 0.03294797882838334],
      [5, 10, 0.0002686668013782263],
      [8, 17.3, 1.6161508480516593e-7],
      [12, 56, 2.059536589247043e-17],
      [3, 999.9, 0.0013833578898609631],
      [20, 2999, 6.181473436445691e-84],
      [20, 3001, 6.1349468647761405e-84],
      [5, 6866.3, 2.937585389344332e-7],
      [8, 123456.7, 6.274370757219559e-16],
      [20, 1e6, 2.866543523695186e-89],
      [0.01, 1e6, 0.49601064468277384],
    ];
    expect(worstError(rows, (t = Number.NaN, df = Number.NaN) => studentTSurvival(t, df))).toBeLessThan(
      1e-10,
    );
    expect(worstError(rows, (t = Number.NaN, df = Number.NaN) => studentTCdf(-t, df))).toBeLessThan(1e-10);
    expect(studentTSurvival(-1.96, 1.5)).toBeCloseTo(1 - 0.11482994867335712, 12);
    expect(studentTSurvival(3, 1e12)).toBeCloseTo(normalSurvival(3), 12);
  });

  it("has Student's quantiles for any degrees of freedom", () => {
    const rows = [
      [1e-100, 1, -3.183098861837907e99],
      [1e-20, 2.7, -24032629.03487014],
      [1e-12, 10, -40.5320961786626],
      [1e-8, 56, -6.538092216382427],
      [0.005, 1.5, -17.820310514462808],
      [0.025, 10, -2.228138851986275],
      [0.025, 17.3, -2.107032003753468],
      [0.025, 999.9, -1.9623393186426086],
      [0.025, 6866.3, -1.9603095392565613],
      [1e-12, 123456.7, -7.035203023965756],
      [0.3, 30, -0.5300190039065045],
      [0.45, 5, -0.13217517523168723],
      [0.975, 10, 2.228138851986275],
    ];
    expect(worstError(rows, (p = Number.NaN, df = Number.NaN) => studentTQuantile(p, df))).toBeLessThan(
      1e-10,
    );
    expect(studentTQuantile(0.5, 3)).toBe(0);
  });

  it('has the digits of the χ² tail', () => {
    const rows = [
      [3.841458820694124, 1, 0.05000000000000006],
      [0.001, 1, 0.9747728793699604],
      [100, 1, 1.523970604832105e-23],
      [300, 3, 9.94875834632771e-65],
      [10, 9, 0.35048521232336133],
      [700, 99, 3.242525267165041e-91],
      [30, 30, 0.46565370894400965],
      [0, 4, 1],
    ];
    expect(worstError(rows, (x = Number.NaN, df = Number.NaN) => chiSquareSurvival(x, df))).toBeLessThan(
      1e-12,
    );
  });

  it('has the digits of Beta', () => {
    const rows = [
      [0.001, 0.5, 0.5, 0.020135041633377492],
      [0.7, 2, 3, 0.9163],
      [0.3, 17, 15, 0.0033983874386516737],
      [0.02, 200, 9800, 0.509119052737121],
      [0.019, 1001, 49001, 0.05001143654823031],
      [0.021, 1001, 49001, 0.9396256204069603],
      [1, 2, 3, 1],
    ];
    expect(
      worstError(rows, (x = Number.NaN, a = Number.NaN, b = Number.NaN) => betaCdf(x, a, b)),
    ).toBeLessThan(1e-10);
  });

  it('has 0 for tails that no double can tell from it', () => {
    expect([normalSurvival(40), normalSurvival(-40), normalCdf(1e9), normalCdf(-1e9)]).toEqual([0, 1, 1, 0]);
    expect([studentTSurvival(1e200, 50), studentTSurvival(1000, 1e9)]).toEqual([0, 0]);
    expect([chiSquareSurvival(5000, 1), chiSquareSurvival(1e12, 99)]).toEqual([0, 0]);
  });

  it('refuses the quantile of what is no probability between 0 and 1', () => {
    for (const probability of [0, 1, -0.1, 1.5, Number.NaN]) {
      expect(() => normalQuantile(probability)).toThrow(RangeError);
      expect(() => studentTQuantile(probability, 5)).toThrow(RangeError);
    }
  });
});
