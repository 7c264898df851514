import { randomBytes } from 'node:crypto';
import { checkedPoints, checkedQuery } from './checked-input.ts';
import { eachAtATime } from './each-at-a-time.ts';
import { QdrantCalls, type QdrantConnection } from './qdrant-calls.ts';
import { MissingCollectionError } from './qdrant-failure.ts';
import { QdrantGenerations, type QdrantGeneration } from './qdrant-generations.ts';
import { QdrantNames } from './qdrant-names.ts';
import { QdrantPoints } from './qdrant-points.ts';
import { TopHits } from './top-hits.ts';
import { unlessAborted } from './unless-aborted.ts';
import { closedError, dimensionsError, VectorIndexError } from './vector-index-error.ts';
import type { Rebuild, VectorHit, VectorIndex, VectorPoint, VectorQuery } from './vector-index.ts';

export interface QdrantOptions extends QdrantConnection {
  /** What the names of collections and aliases start with; indexes with different ones do not meet. */
  readonly prefix?: string;
}

/** How old what a search believes of the generation and its segments may be, in ms. */
const beliefMs = 5000;
/** The same once a segment was missing, which means a swap or a region without content. */
const doubtMs = 1000;
const segmentsAtATime = 8;

/** What a search takes for true. */
interface Belief {
  readonly generation: QdrantGeneration | null;
  readonly segments: readonly string[];
}

interface Found {
  readonly hits: VectorHit[];
  /** Whether a segment that was asked for is not there, or not there any more. */
  readonly missing: 'NOTHING' | 'UNSEEN' | 'VANISHED';
}

/** The vector index that hosts share: a Qdrant server, reached by its URL. Nothing is asked of it before the first call. */
export function createQdrantIndex({ prefix = 'bouquet', ...connection }: QdrantOptions): VectorIndex {
  return new QdrantIndex(new QdrantCalls(connection), new QdrantNames(prefix));
}

class QdrantIndex implements VectorIndex {
  readonly #names: QdrantNames;
  readonly #generations: QdrantGenerations;
  readonly #points: QdrantPoints;
  readonly #closing = new AbortController();
  #belief: { readonly at: number; readonly held: Promise<Belief> } | null = null;
  #rebuilding = false;

  constructor(calls: QdrantCalls, names: QdrantNames) {
    this.#names = names;
    this.#generations = new QdrantGenerations(calls, names);
    this.#points = new QdrantPoints(calls, names, this.#generations);
  }

  async upsert(points: readonly VectorPoint[]): Promise<void> {
    this.#closing.signal.throwIfAborted();
    const checked = checkedPoints(points);
    const first = checked[0];
    if (first === undefined) return;
    const { length } = first.vector;
    for (const { vector } of checked) {
      if (vector.length !== length) throw dimensionsError(vector.length, length);
    }
    await this.#onEach(length, async (generation, isNext) => {
      if (isNext) {
        await this.#points.touch(
          generation,
          checked.map(({ id }) => id),
        );
      }
      await this.#points.put(generation, checked);
    });
  }

  async remove(ids: readonly string[]): Promise<void> {
    this.#closing.signal.throwIfAborted();
    if (ids.length === 0) return;
    await this.#onEach(null, async (generation, isNext) => {
      if (isNext) await this.#points.touch(generation, ids);
      await this.#points.drop(generation, ids);
    });
  }

  async search(query: VectorQuery): Promise<readonly VectorHit[]> {
    this.#closing.signal.throwIfAborted();
    const checked = checkedQuery(query);
    return unlessAborted(this.#search(checked), query.signal);
  }

  async replaceAll(points: AsyncIterable<readonly VectorPoint[]>, rebuild: Rebuild): Promise<void> {
    this.#closing.signal.throwIfAborted();
    if (this.#rebuilding) throw new VectorIndexError('BUSY', 'A rebuild of the vector index is running.');
    this.#rebuilding = true;
    try {
      await this.#rebuild(points, rebuild);
    } finally {
      this.#rebuilding = false;
      this.#belief = null;
    }
  }

  async version(): Promise<string | null> {
    this.#closing.signal.throwIfAborted();
    return (await this.#generations.current())?.version ?? null;
  }

  async count(): Promise<number> {
    this.#closing.signal.throwIfAborted();
    const current = await this.#generations.current();
    return current === null ? 0 : this.#points.count(current);
  }

  close(): Promise<void> {
    this.#closing.abort(closedError());
    return Promise.resolve();
  }

  async #rebuild(points: AsyncIterable<readonly VectorPoint[]>, rebuild: Rebuild): Promise<void> {
    const { version, dimensions, onProgress } = rebuild;
    const current = await this.#generations.current();
    // A process that died while it built leaves a generation behind.
    await this.#generations.dropAllBut(current === null ? [] : [current.name]);
    const generation = { name: randomBytes(8).toString('hex'), version, dimensions };
    try {
      await this.#generations.create(generation, 'next');
      let done = 0;
      for await (const batch of points) {
        this.#closing.signal.throwIfAborted();
        const checked = checkedPoints(batch);
        for (const { vector } of checked) {
          if (vector.length !== dimensions) throw dimensionsError(vector.length, dimensions);
        }
        await this.#points.put(generation, checked, { built: true });
        done += checked.length;
        onProgress?.({ stage: 'READING', done, total: null });
      }
      await this.#points.dropOutdated(generation);
      this.#closing.signal.throwIfAborted();
      if ((await this.#generations.next())?.name !== generation.name) {
        throw new VectorIndexError('BUSY', 'Another process began a rebuild of the vector index.');
      }
      await this.#generations.swap(generation);
    } catch (error) {
      await this.#abandon(generation).catch(() => undefined);
      throw error;
    }
    // The swap is done; what cannot be removed now is removed by the next rebuild.
    await this.#generations.dropAllBut([generation.name]).catch(() => undefined);
  }

  /** Removes what a failed rebuild left, but not what another process builds. */
  async #abandon(generation: QdrantGeneration): Promise<void> {
    const next = await this.#generations.next();
    // A swap that seemed to fail may have happened: what is searched stays.
    const current = await this.#generations.current();
    const kept = [current, next?.name === generation.name ? null : next];
    await this.#generations.dropAllBut(kept.flatMap((each) => each?.name ?? []));
  }

  /**
   * Writes to the generation that is built, then to the one that is searched: where a swap comes in between, the
   * write is in the one that stays. With dimensions, to those of them; an index without a generation gets one.
   */
  async #onEach(
    dimensions: number | null,
    write: (generation: QdrantGeneration, isNext: boolean) => Promise<void>,
  ): Promise<void> {
    const attempt = async (): Promise<void> => {
      // In this order: a swap between the two must not hide both that the next is built and that it is searched.
      const next = await this.#generations.next();
      const current = await this.#generations.current();
      const fits = (generation: QdrantGeneration): boolean =>
        dimensions === null || generation.dimensions === dimensions;
      if (current !== null && dimensions !== null && !fits(current) && !(next !== null && fits(next))) {
        throw dimensionsError(dimensions, current.dimensions);
      }
      if (next !== null && fits(next)) await write(next, true);
      if (current !== null && current.name !== next?.name && fits(current)) await write(current, false);
      if (current === null && dimensions !== null) {
        const first = { name: 'first', version: null, dimensions };
        await this.#generations.create(first, 'current');
        await write(first, false);
      }
    };
    try {
      await attempt();
    } catch (error) {
      if (!(error instanceof MissingCollectionError)) throw error;
      // A swap took the generation away.
      await attempt();
    } finally {
      this.#belief = null;
    }
  }

  async #search(checked: VectorQuery): Promise<readonly VectorHit[]> {
    const held = this.#believed(beliefMs);
    const belief = await held;
    const found = await this.#searchIn(belief, checked);
    if (found.missing === 'NOTHING') return found.hits;
    // A segment that has vanished means a swap; one that was never seen may only be a region without content.
    if (found.missing === 'VANISHED' && this.#belief?.held === held) this.#belief = null;
    const fresh = await this.#believed(doubtMs);
    return fresh === belief ? found.hits : (await this.#searchIn(fresh, checked)).hits;
  }

  async #searchIn({ generation, segments }: Belief, query: VectorQuery): Promise<Found> {
    if (generation === null) return { hits: [], missing: 'NOTHING' };
    const asked = query.regions?.map((region) => this.#names.segment(generation.name, region)) ?? segments;
    const known = asked.filter((segment) => segments.includes(segment));
    if (known.length > 0 && query.vector.length !== generation.dimensions) {
      throw dimensionsError(query.vector.length, generation.dimensions);
    }
    const found = await eachAtATime(known, segmentsAtATime, (segment) => this.#points.search(segment, query));
    const hits = new TopHits(query.limit);
    for (const { id, similarity } of found.flatMap((some) => some ?? [])) hits.offer(id, similarity);
    const unseen = known.length < asked.length ? 'UNSEEN' : 'NOTHING';
    return { hits: hits.sorted(), missing: found.includes(null) ? 'VANISHED' : unseen };
  }

  /** What is known of the current generation, at most `ageMs` old; searches that ask at once share the answer. */
  #believed(ageMs: number): Promise<Belief> {
    const now = performance.now();
    if (this.#belief !== null && now - this.#belief.at < ageMs) return this.#belief.held;
    const held = this.#ask();
    const belief = { at: now, held };
    held.catch(() => {
      if (this.#belief === belief) this.#belief = null;
    });
    this.#belief = belief;
    return held;
  }

  async #ask(): Promise<Belief> {
    const generation = await this.#generations.current();
    return { generation, segments: generation === null ? [] : await this.#generations.segments(generation) };
  }
}
