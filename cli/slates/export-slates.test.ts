import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../platform/database/database.ts';
import { slateLines } from '../../subgraphs/feed/exploration/slate-lines.ts';
import { databases } from '../../test/support/databases.ts';
import { evaluatePolicy } from '../evaluate/evaluate-policy.ts';

const folder = mkdtempSync(join(tmpdir(), 'bouquet-slates-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const servedAt = new Date('2026-03-01T12:00:00.000Z');
const feedOf = (index: number): string => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;

describe.each(databases)('an exported slate log on $kind', ({ kind, open }) => {
  let database: Database;
  beforeAll(async () => {
    database = await open();
    // The liked item is shown in four feeds of five, and rewarded in every second of these; the other never.
    const feeds = Array.from({ length: 500 }, (_, index) => ({
      feedId: feedOf(index),
      liked: index % 5 > 0,
      index,
    }));
    await database.prisma.feedSlate.createMany({
      data: feeds.map(({ feedId, liked }) => ({
        feedId,
        firstPosition: 1,
        subject: `user-${feedId}`,
        binding: 'x',
        mode: 'SIMPLE',
        segment: 'AT:1',
        policyVersion: 'test',
        servedAt,
        contentIds: ['ranked', liked ? 'liked' : 'other'],
        sources: ['FRESH', 'EXPLORATION'],
        scores: [0.5, 0.4],
        propensities: [0, liked ? 0.8 : 0.2],
        slotSamples: [0, 256],
        slotArms: [0, 2],
      })),
    });
    await database.prisma.feedInteraction.createMany({
      data: feeds.map(({ feedId, liked, index }) => ({
        userId: `user-${feedId}`,
        id: 'seen',
        contentId: liked ? 'liked' : 'other',
        vendorId: 'v',
        type: 'IMPRESSION',
        occurredAt: servedAt,
        feedId,
        segment: 'AT:1',
        rewarded: liked && index % 2 === 0,
      })),
    });
  });
  afterAll(() => database.close());

  it('can be evaluated', async () => {
    const lines: string[] = [];
    const now = new Date('2026-03-05T12:00:00.000Z');
    for await (const line of slateLines(database, { since: null, now, windowMs: 3_600_000 })) {
      lines.push(JSON.stringify(line));
    }
    const path = join(folder, `${kind}.jsonl`);
    writeFileSync(path, `${lines.join('\n')}\n`);
    const evaluation = await evaluatePolicy(path, 'uniform');
    expect(evaluation).toMatchObject({
      choices: 500,
      rewards: 200,
      leftOut: { ranked: 500 },
      refused: false,
    });
    // Half of the uniform policy's choices are of the liked item, half of which are rewarded.
    expect(evaluation.estimates?.ipw.value).toBeCloseTo(0.25, 10);
    expect(evaluation.estimates?.snipw.value).toBeCloseTo(0.25, 10);
  });
});
