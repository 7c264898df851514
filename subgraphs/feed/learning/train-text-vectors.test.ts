import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '#platform/database/database.ts';
import { remoteEmbeddingOf } from '#platform/embedder/remote-embedding.ts';
import {
  serviceDimensions,
  startEmbeddingsService,
  type EmbeddingsService,
} from '#platform/embedder/test/embeddings-service.ts';
import { databases } from '../../../test/support/databases.ts';
import { entry, publish, withdraw } from '../test/catalogue.ts';
import { eventsOf } from '../test/learning.ts';
import { themedEntries } from '../test/themed-entries.ts';
import { claimTraining, enoughPositives, releaseTraining, requestTraining } from './model-version.ts';
import { trainItemVectors } from './train-item-vectors.ts';
import { decodeVector } from './vector-bytes.ts';

const perTheme = 20;
const themed = themedEntries(perTheme);

describe.each(databases)('vectors of texts on $kind', ({ open }) => {
  let database: Database;
  let service: EmbeddingsService;
  beforeAll(async () => {
    database = await open();
    service = await startEmbeddingsService();
  });
  afterAll(async () => {
    await service.close();
    await database.close();
  });
  beforeEach(async () => {
    service.behave();
    await publish(database, themed);
  });
  afterEach(async () => {
    await database.prisma.feedContent.deleteMany();
    await database.prisma.feedItemVector.deleteMany();
    await database.prisma.feedModelVersion.updateMany({
      data: { positives: 0, trainedAt: null, requestedAt: null, leaseUntil: null, method: null },
    });
  });

  const model = () => database.prisma.feedModelVersion.findUniqueOrThrow({ where: { name: 'item-vectors' } });
  const vectors = async (): Promise<Map<string, Float32Array>> => {
    const rows = await database.prisma.feedItemVector.findMany();
    return new Map(rows.map(({ contentId, vector }) => [contentId, decodeVector(vector)]));
  };
  const remote = () =>
    remoteEmbeddingOf({
      EMBEDDINGS_BASE_URL: service.baseUrl,
      EMBEDDINGS_API_KEY: 'key',
      EMBEDDINGS_MODEL: 'small',
    });

  describe('by an embedding that is trained on them', () => {
    it('bring entries of one theme together, without any interaction', async () => {
      const { version, ...trained } = await trainItemVectors(database);
      expect(trained).toEqual({ method: 'text', learned: 0, inferred: themed.length });
      expect(await model()).toMatchObject({
        version,
        method: 'text',
        trainedItems: themed.length,
        leaseUntil: null,
      });
      const found = await vectors();
      let same = 0;
      for (const [id, vector] of found) {
        const nearest = [...found]
          .filter(([other]) => other !== id)
          .toSorted(([, a], [, b]) => dot(vector, b) - dot(vector, a))
          .slice(0, 5);
        same += nearest.filter(([other]) => themeOf(other) === themeOf(id)).length;
      }
      expect(same / (5 * found.size)).toBeGreaterThan(0.8);
      expect((await eventsOf(database)).at(-1)).toMatchObject({
        type: 'model.trained',
        payload: { name: 'item-vectors', version },
      });
    });

    it('leave out what is gone and what nothing is known of, and drop the version before', async () => {
      const unheard = { title: 'Xyzzy', category: 'unheard-of', tags: [] };
      await publish(database, [entry('unknown', unheard), entry('gone', { title: 'Barn and hay' })]);
      await withdraw(database, ['gone']);
      await trainItemVectors(database);
      const { version, inferred } = await trainItemVectors(database);
      expect(inferred).toBe(themed.length);
      const stored = await database.prisma.feedItemVector.findMany({ distinct: ['version', 'learned'] });
      expect(stored).toMatchObject([{ version, learned: false }]);
      expect((await vectors()).has('unknown')).toBe(false);
      const kept = await database.prisma.feedTextEmbedding.findMany({ omit: { artefact: true } });
      expect(kept).toEqual([{ version, embedder: expect.stringMatching(/^local:/) }]);
    });

    it('say how much each tag tells, over all items', async () => {
      await publish(
        database,
        themed.map((one) => ({ ...one, tags: ['everywhere', themeOf(one.id)], version: 2 })),
      );
      await trainItemVectors(database);
      const weights = await database.prisma.feedTagWeight.findMany({ orderBy: { tag: 'asc' } });
      expect(weights).toHaveLength(7);
      for (const { tag, idf } of weights) {
        expect(idf).toBeCloseTo(tag === 'everywhere' ? 0 : Math.log(6), 12);
      }
    });

    it('are none for an empty catalogue, which is no error', async () => {
      await database.prisma.feedContent.deleteMany();
      expect(await trainItemVectors(database)).toMatchObject({ learned: 0, inferred: 0 });
      expect(await model()).toMatchObject({ method: 'text', trainedItems: 0 });
    });
  });

  describe('by a service', () => {
    it('are asked for in bounded calls and kept under the name of its model', async () => {
      const trained = await trainItemVectors(database, { remote: remote() });
      expect(trained).toMatchObject({ method: 'text', inferred: themed.length });
      expect([...(await vectors()).values()].map((vector) => vector.length)).toEqual(
        themed.map(() => serviceDimensions),
      );
      const sent = service.requests.map(({ texts }) => texts.length);
      expect(sent.reduce((sum, count) => sum + count, 0)).toBe(themed.length + 1);
      expect(Math.max(...sent)).toBeLessThanOrEqual(64);
      expect(service.requests[0]?.authorization).toBe('Bearer key');
      const kept = await database.prisma.feedTextEmbedding.findMany();
      const embedder = `openai:small:${serviceDimensions}`;
      expect(kept).toEqual([{ version: trained.version, embedder, artefact: null }]);
    });

    it('stay as they were where it fails, and are made once it answers', async () => {
      const { version } = await trainItemVectors(database);
      const before = await vectors();
      const refusing = { kind: 'status', status: 401 } as const;
      const embeddings = remote();
      for (const behaviours of [[refusing], [{ kind: 'well' }, refusing]] as const) {
        service.behave(...behaviours);
        const training = trainItemVectors(database, { remote: embeddings });
        await expect(training).rejects.toThrow('refuses EMBEDDINGS_API_KEY');
        expect(await model()).toMatchObject({ version, leaseUntil: null });
        const rows = await database.prisma.feedItemVector.findMany({ where: { version } });
        expect(new Map(rows.map((row) => [row.contentId, decodeVector(row.vector)]))).toEqual(before);
      }
      expect(await trainItemVectors(database, { remote: embeddings })).toMatchObject({
        inferred: themed.length,
      });
    });
  });

  describe('are due', () => {
    /** Whether a trainer would get them, which it lets go of at once. */
    const due = async (embedder?: string): Promise<boolean> => {
      const claimed = await claimTraining(database, 'item-vectors', embedder);
      await releaseTraining(database, 'item-vectors');
      return claimed;
    };

    it('as soon as the catalogue has an item', async () => {
      expect(await due()).toBe(true);
      await withdraw(
        database,
        themed.map(({ id }) => id),
      );
      expect(await due()).toBe(false);
    });

    it('again when an import has ended, or the catalogue has grown by a tenth', async () => {
      await trainItemVectors(database);
      expect(await due()).toBe(false);
      await database.transaction((tx) => requestTraining(tx, new Date()));
      expect(await due()).toBe(true);
      await trainItemVectors(database);
      expect(await due()).toBe(false);
      const tenth = Array.from({ length: themed.length / 10 }, (_, index) => entry(`more-${index}`));
      await publish(database, tenth.slice(1));
      expect(await due()).toBe(false);
      await publish(database, tenth);
      expect(await due()).toBe(true);
    });

    it('for learned ones when there are positives enough', async () => {
      await trainItemVectors(database);
      const positives = (count: number) =>
        database.prisma.feedModelVersion.updateMany({ data: { positives: count } });
      await positives(enoughPositives - 1);
      expect(await due()).toBe(false);
      await positives(enoughPositives);
      expect(await due()).toBe(true);
      expect(await trainItemVectors(database)).toMatchObject({ method: 'deep' });
      expect(await due()).toBe(false);
    });

    it('when another embedder is configured', async () => {
      await trainItemVectors(database);
      expect([await due('local'), await due('openai:small')]).toEqual([false, true]);
      await trainItemVectors(database, { remote: remote() });
      expect([await due('local'), await due('openai:small'), await due('openai:sma')]).toEqual([
        true,
        false,
        true,
      ]);
    });
  });
});

function themeOf(id: string): string {
  return id.replace(/-\d+$/, '');
}

function dot(left: Float32Array, right: Float32Array): number {
  return left.reduce((sum, value, index) => sum + value * (right[index] ?? 0), 0);
}
