import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '#platform/database/database.ts';
import type { RemoteEmbedding } from '#platform/embedder/remote-embedding.ts';
import { drainConsumer } from '#platform/events/once-consumer.ts';
import { appendEvent, inTransactionWithEvents } from '#platform/events/outbox.ts';
import { databases } from '../../../test/support/databases.ts';
import { feedConsumers } from '../consumers.ts';
import { claimTraining, releaseTraining } from '../learning/model-version.ts';
import { trainItemVectors } from '../learning/train-item-vectors.ts';
import { decodeVector } from '../learning/vector-bytes.ts';
import { entry, entries, publish, type Entry } from '../test/catalogue.ts';
import { eventsOf } from '../test/learning.ts';
import { fillTextVectors, type Filling } from './fill-text-vectors.ts';
import { ServedEmbedder } from './served-embedder.ts';

/** A service in this process whose vectors are the letters of a text; `during` is what happens while it is asked. */
function letters(during: { work: () => Promise<void> }): RemoteEmbedding {
  const embed = (text: string): Float32Array =>
    Float32Array.from('abcdefghijklmnopqrstuvwxyz', (letter) => text.toLowerCase().split(letter).length - 1);
  return {
    name: 'openai:letters',
    open: () =>
      Promise.resolve({
        version: 'openai:letters:26',
        dimensions: 26,
        embed: async (texts) => {
          await during.work();
          return texts.map((text) => embed(text));
        },
      }),
  };
}

describe.each(databases)('filling in vectors of changed texts on $kind', ({ open }) => {
  let database: Database;
  const during = { work: () => Promise.resolve() };
  const remote = letters(during);
  beforeAll(async () => {
    database = await open();
    await publish(database, entries('first', 5));
    await trainItemVectors(database, { remote });
  });
  afterAll(() => database.close());

  const announce = async (...contents: Entry[]): Promise<void> => {
    await inTransactionWithEvents(database, (tx) =>
      appendEvent(tx, 'content.changed', { contents, vendors: [] }),
    );
    for (const consumer of feedConsumers(() => undefined)) await drainConsumer(database, consumer);
  };
  const fill = (embedders = new ServedEmbedder(database, remote)): Promise<Filling> =>
    fillTextVectors(database, embedders, new AbortController().signal);
  /** How often `z` comes in the text that the item's vector was made of; null without a vector. */
  const zedsOf = async (contentId: string): Promise<number | null> => {
    const row = await database.prisma.feedItemVector.findFirst({ where: { contentId } });
    return row === null ? null : (decodeVector(row.vector)[25] ?? null);
  };

  it('follows a new item and each change of its text, and tells of them', async () => {
    expect(await fill()).toBe('nothing');
    await announce(entry('new', { title: 'Jazz' }));
    expect(await zedsOf('new')).toBeNull();
    expect(await fill()).toBe('filled');
    expect(await zedsOf('new')).toBe(2);
    expect((await eventsOf(database)).at(-1)).toMatchObject({
      type: 'vectors.changed',
      payload: { contentIds: ['new'] },
    });
    await announce(entry('new', { title: 'Jazz', description: 'and pizza', version: 2 }));
    expect(await fill()).toBe('filled');
    expect(await zedsOf('new')).toBe(4);
    expect(await fill()).toBe('nothing');
  });

  it('goes on through more items than are taken at once, and past those that are gone', async () => {
    await announce(...entries('many', 300, () => ({ title: 'Zebra' })));
    await inTransactionWithEvents(database, (tx) =>
      appendEvent(tx, 'content.removed', { contentIds: ['many-7'] }),
    );
    for (const consumer of feedConsumers(() => undefined)) await drainConsumer(database, consumer);
    const outcomes = [await fill(), await fill(), await fill()];
    expect(outcomes).toEqual(['filled', 'filled', 'nothing']);
    expect([await zedsOf('many-0'), await zedsOf('many-299'), await zedsOf('many-7')]).toEqual([1, 1, null]);
  });

  it('only delays a vector where the service fails', async () => {
    await announce(entry('delayed', { title: 'Fizz' }));
    during.work = () => Promise.reject(new Error('The service is away.'));
    await expect(fill()).rejects.toThrow('away');
    expect(await zedsOf('delayed')).toBeNull();
    during.work = () => Promise.resolve();
    expect(await fill()).toBe('filled');
    expect(await zedsOf('delayed')).toBe(2);
  });

  it('does not lose a change that comes while the service is asked', async () => {
    await announce(entry('twice', { title: 'Zip' }));
    during.work = () => announce(entry('twice', { title: 'Zip zap zoom', version: 2 }));
    expect(await fill()).toBe('filled');
    during.work = () => Promise.resolve();
    expect(await fill()).toBe('filled');
    expect(await zedsOf('twice')).toBe(3);
  });

  it('waits for a training, whose version has what was noted before it', async () => {
    await database.prisma.feedModelVersion.updateMany({ data: { requestedAt: new Date('2100-01-01') } });
    await announce(entry('trained', { title: 'Buzz' }));
    expect(await claimTraining(database, 'item-vectors', remote.name)).toBe(true);
    expect(await fill()).toBe('held');
    await releaseTraining(database, 'item-vectors');
    await trainItemVectors(database, { remote });
    expect(await zedsOf('trained')).toBe(2);
    // On a server with other suites a transaction of theirs may be as old, and then it is filled in once more.
    expect(['nothing', 'filled']).toContain(await fill());
  });

  it('leaves items to the process that reaches the embedder, and to none once vectors are learned', async () => {
    await announce(entry('left', { title: 'Ozone' }));
    expect(await fill(new ServedEmbedder(database, null))).toBe('nothing');
    expect(await zedsOf('left')).toBeNull();
    await trainItemVectors(database, { method: 'deep' });
    expect(await fill()).toBe('nothing');
    expect(await database.prisma.feedTextVectorDue.count()).toBe(0);
  });

  it('has an embedding that cannot be opened trained anew', async () => {
    await trainItemVectors(database);
    await database.prisma.feedTextEmbedding.updateMany({
      data: { artefact: Buffer.from('of another release') },
    });
    await database.prisma.feedModelVersion.updateMany({ data: { requestedAt: null } });
    await announce(entry('stuck', { title: 'Entry stuck' }));
    await expect(fill()).rejects.toThrow('Train it anew');
    expect(await claimTraining(database, 'item-vectors')).toBe(true);
    await trainItemVectors(database);
    expect(await zedsOf('stuck')).not.toBeUndefined();
    expect(await database.prisma.feedItemVector.count({ where: { contentId: 'stuck' } })).toBe(1);
  });
});
