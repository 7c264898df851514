import { buildGraphs } from './build-graphs.ts';
import { checkedPoints, checkedQuery } from './checked-input.ts';
import { TimeSlice } from '../resilience/time-slice.ts';
import { TopHits } from './top-hits.ts';
import { VectorGeneration } from './vector-generation.ts';
import { closedError, dimensionsError, VectorIndexError } from './vector-index-error.ts';
import type { Rebuild, VectorHit, VectorIndex, VectorPoint, VectorQuery } from './vector-index.ts';
import type { VectorSegment } from './vector-segment.ts';

export interface UsearchOptions {
  /** More points are refused; at 128 dimensions 200,000 take about 0.7 GB, and twice that during a rebuild. */
  readonly maxPoints?: number;
  /** Points whose upsert or removal has not been applied yet; more are refused. */
  readonly maxQueued?: number;
}

/** A rebuild in progress: the new generation, and the last word on each id that was written meanwhile. */
interface Building {
  readonly next: VectorGeneration;
  readonly written: Map<string, VectorPoint | null>;
}

/** The embedded vector index: in memory, in this process, and empty at the start. */
export function createUsearchIndex(options: UsearchOptions = {}): VectorIndex {
  return new UsearchIndex(options);
}

class UsearchIndex implements VectorIndex {
  readonly #maxPoints: number;
  readonly #maxQueued: number;
  readonly #closing = new AbortController();
  #current: VectorGeneration | null = null;
  #building: Building | null = null;
  #rebuilding = false;
  #queued = 0;
  /** Settles when every write that was asked for is done. */
  #writes: Promise<void> = Promise.resolve();

  constructor({ maxPoints = 200_000, maxQueued = 50_000 }: UsearchOptions) {
    this.#maxPoints = maxPoints;
    this.#maxQueued = maxQueued;
  }

  async upsert(points: readonly VectorPoint[]): Promise<void> {
    this.#assertOpen();
    const checked = checkedPoints(points);
    for (const { vector } of checked) this.#acceptDimensions(vector.length);
    await this.#write(checked.length, async () => {
      const slice = new TimeSlice();
      for (const point of checked) {
        this.#assertOpen();
        await this.#settle(this.#put(point), slice);
      }
    });
  }

  async remove(ids: readonly string[]): Promise<void> {
    this.#assertOpen();
    await this.#write(ids.length, async () => {
      const slice = new TimeSlice();
      for (const id of ids) {
        this.#assertOpen();
        this.#current?.drop(id);
        this.#building?.written.set(id, null);
        if (slice.due()) await slice.pause();
      }
    });
  }

  async search(query: VectorQuery): Promise<readonly VectorHit[]> {
    this.#assertOpen();
    const { vector, limit, regions, categories, ids, signal } = checkedQuery(query);
    const generation = this.#current;
    if (generation === null || generation.size === 0) return [];
    if (vector.length !== generation.dimensions) throw dimensionsError(vector.length, generation.dimensions);
    const hits = new TopHits(limit);
    if (ids !== undefined) {
      generation.rank(ids, { regions, categories }, vector, hits);
      return hits.sorted();
    }
    const slice = new TimeSlice();
    for (const segment of generation.segmentsFor(regions, categories)) {
      segment.search(vector, limit, hits);
      if (slice.due()) {
        await slice.pause();
        signal?.throwIfAborted();
      }
    }
    return hits.sorted();
  }

  async replaceAll(points: AsyncIterable<readonly VectorPoint[]>, rebuild: Rebuild): Promise<void> {
    this.#assertOpen();
    if (this.#rebuilding) throw new VectorIndexError('BUSY', 'A rebuild of the vector index is running.');
    this.#rebuilding = true;
    try {
      await this.#rebuild(points, rebuild);
    } finally {
      this.#rebuilding = false;
      this.#building = null;
    }
  }

  async version(): Promise<string | null> {
    this.#assertOpen();
    return Promise.resolve(this.#current?.version ?? null);
  }

  async count(): Promise<number> {
    this.#assertOpen();
    return Promise.resolve(this.#current?.size ?? 0);
  }

  async close(): Promise<void> {
    this.#closing.abort(closedError());
    await this.#writes;
    this.#current = null;
  }

  async #rebuild(points: AsyncIterable<readonly VectorPoint[]>, rebuild: Rebuild): Promise<void> {
    const { version, dimensions, onProgress } = rebuild;
    const next = new VectorGeneration(dimensions, { version, building: true });
    const building: Building = { next, written: new Map() };
    this.#building = building;
    const slice = new TimeSlice();
    for await (const batch of points) {
      this.#assertOpen();
      for (const point of checkedPoints(batch)) {
        if (point.vector.length !== dimensions) throw dimensionsError(point.vector.length, dimensions);
        this.#assertRoom(next, point.id);
        next.put(point);
        if (slice.due()) await slice.pause();
      }
      onProgress?.({ stage: 'READING', done: next.size, total: null });
    }

    const segments = next.segments().filter((segment) => segment.wantsGraph);
    const total = segments.reduce((sum, segment) => sum + segment.size, 0);
    const onAdded = (done: number): void => onProgress?.({ stage: 'INDEXING', done, total });
    await buildGraphs(segments, next.rows, { onAdded, signal: this.#closing.signal });
    next.building = false;

    while (building.written.size > 0) await this.#catchUp(building);
    this.#assertOpen();
    // Nothing is lost: between the last look at what was written and this there is no await.
    this.#current = next;
    this.#building = null;
  }

  /** Brings what was written during the rebuild into the new generation. */
  async #catchUp({ next, written }: Building): Promise<void> {
    const slice = new TimeSlice();
    for (const [id, point] of written) {
      // A write that comes while this one waits is added to the map anew, behind the others.
      written.delete(id);
      if (point === null) {
        next.drop(id);
        if (slice.due()) await slice.pause();
      } else {
        await this.#settle(next.put(point), slice);
      }
    }
  }

  /** Applies a point at once, unless it is of a model whose vectors are no longer, or not yet, searched. */
  #put(point: VectorPoint): VectorSegment[] {
    const { length } = point.vector;
    if (this.#building?.next.dimensions === length) this.#building.written.set(point.id, point);
    if (this.#current?.dimensions !== length) return [];
    this.#assertRoom(this.#current, point.id);
    return this.#current.put(point);
  }

  /** Brings the graphs of `segments` up to date, giving way in between. */
  async #settle(segments: readonly VectorSegment[], slice: TimeSlice): Promise<void> {
    for (const segment of segments) {
      while (segment.indexNext()) if (slice.due()) await slice.pause();
    }
    if (slice.due()) await slice.pause();
  }

  /** Runs `work` when the writes before it are done. */
  async #write(size: number, work: () => Promise<void>): Promise<void> {
    const waiting = this.#queued + (this.#building?.written.size ?? 0);
    if (size > 0 && waiting + size > this.#maxQueued) {
      throw new VectorIndexError(
        'BUSY',
        `${waiting} changes of vectors wait already; at most ${this.#maxQueued} may: await the earlier ones.`,
      );
    }
    this.#queued += size;
    const done = this.#writes.then(work).finally(() => {
      this.#queued -= size;
    });
    this.#writes = done.catch(() => undefined);
    await done;
  }

  /** Takes vectors of the dimensions that are searched or built; the first decide for an empty index. */
  #acceptDimensions(length: number): void {
    this.#current ??= new VectorGeneration(length, { version: null, building: false });
    const wanted = this.#current.dimensions;
    if (length !== wanted && length !== this.#building?.next.dimensions)
      throw dimensionsError(length, wanted);
  }

  #assertRoom(generation: VectorGeneration, id: string): void {
    if (generation.size < this.#maxPoints || generation.has(id)) return;
    throw new VectorIndexError(
      'FULL',
      `The embedded vector index holds ${this.#maxPoints} points at most; set QDRANT_URL for more.`,
    );
  }

  #assertOpen(): void {
    this.#closing.signal.throwIfAborted();
  }
}
