import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { evaluatePolicy, linesOf } from './evaluate-policy.ts';

const folder = mkdtempSync(join(tmpdir(), 'bouquet-evaluate-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function fileOf(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** A slate of one ranked item and one slot, seen and rewarded or not. */
function slate(index: number, { reward = index % 4 === 0, propensity = 0.5 } = {}): string {
  return JSON.stringify({
    feedId: `feed-${index}`,
    segment: 'AT:1',
    items: [
      { contentId: 'ranked', slot: null, outcome: { reward: true } },
      { contentId: `item-${index % 2}`, slot: { propensity, samples: 256, arms: 2 }, outcome: { reward } },
      { contentId: 'unseen', slot: { propensity: 0.2, samples: 256, arms: 2 }, outcome: null },
      { contentId: 'young', slot: { propensity: 0.2, samples: 256, arms: 2 }, outcome: { reward: null } },
    ],
  });
}

describe('evaluatePolicy', () => {
  it('reads the slots of a slate log whose outcome is known, plain and gzipped', async () => {
    const lines = Array.from({ length: 200 }, (_, index) => slate(index)).join('\n');
    for (const path of [fileOf('log.jsonl', `${lines}\n`), fileOf('log.jsonl.gz', gzipSync(lines))]) {
      const evaluation = await evaluatePolicy(path, 'uniform');
      expect(evaluation).toMatchObject({
        choices: 200,
        rewards: 50,
        leftOut: { ranked: 200, 'not seen': 200, 'reward may still come': 200 },
        refused: false,
        refusals: [],
        refusedValues: null,
        overlap: { effectiveSampleSize: 200, meanWeight: 1 },
      });
      expect(evaluation.estimates?.ipw.value).toBeCloseTo(0.25, 10);
      expect(linesOf(evaluation).join('\n')).toContain('SNIPW          0.2500000');
    }
  });

  it('refuses where the log has no overlap, and gives no estimate', async () => {
    const rows = Array.from({ length: 120 }, (_, index) => `${index % 3},1,0,0.4`);
    const path = fileOf(
      'log.csv',
      `item_id,position,click,propensity_score\n${rows.join('\n')}\n0,1,1,0.00001\n`,
    );
    const evaluation = await evaluatePolicy(path, 'uniform');
    expect(evaluation).toMatchObject({ refused: true, estimates: null });
    expect(evaluation.refusals[0]).toContain('effective sample size');
    expect(evaluation.refusedValues?.ipw).toBeGreaterThan(100);
    expect(linesOf(evaluation).at(-1)).toContain('refused');
  });

  it.each([
    ['broken.jsonl', '{"feedId": "a"', 'broken.jsonl:1'],
    ['short.jsonl', '{"feedId": "a", "items": [{"contentId": "x"}]}\n', 'short.jsonl:1'],
    ['chance.csv', 'item_id,position,click,propensity_score\n1,1,0,0\n', 'row 1'],
    ['empty.jsonl', '{"feedId": "a", "items": []}\n', 'has no exploration slot whose outcome is known'],
  ])('says what is wrong with %s', async (name, content, message) => {
    await expect(evaluatePolicy(fileOf(name, content), 'uniform')).rejects.toThrow(message);
  });
});
