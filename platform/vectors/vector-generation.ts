import type { TopHits } from './top-hits.ts';
import type { VectorPoint, VectorQuery } from './vector-index.ts';
import { VectorRows } from './vector-rows.ts';
import { VectorSegment, type SegmentStore } from './vector-segment.ts';

interface Region {
  readonly all: VectorSegment;
  readonly categories: Map<string, VectorSegment>;
}

interface Place {
  readonly id: string;
  readonly region: string;
  readonly category: string;
}

/** One complete set of points with its segments; a rebuild makes another and swaps. */
export class VectorGeneration implements SegmentStore {
  readonly version: string | null;
  readonly rows: VectorRows;
  building: boolean;
  readonly #slots = new Map<string, number>();
  readonly #places: (Place | null)[] = [];
  readonly #free: number[] = [];
  readonly #regions = new Map<string, Region>();

  constructor(dimensions: number, { version, building }: { version: string | null; building: boolean }) {
    this.rows = new VectorRows(dimensions);
    this.version = version;
    this.building = building;
  }

  get dimensions(): number {
    return this.rows.dimensions;
  }

  get size(): number {
    return this.#slots.size;
  }

  has(id: string): boolean {
    return this.#slots.has(id);
  }

  idOf(slot: number): string {
    return this.#places[slot]?.id ?? '';
  }

  /**
   * Adds or replaces a point of the generation's dimensions; returns the segments that have changed, none where the point
   * is as it was.
   */
  put({ id, vector, region, category }: VectorPoint): VectorSegment[] {
    const known = this.#slots.get(id);
    const place = known === undefined ? null : (this.#places[known] ?? null);
    if (known !== undefined && place?.region === region && place.category === category) {
      if (this.rows.equals(known, vector)) return [];
    }
    if (place !== null && (place.region !== region || place.category !== category)) this.drop(id);
    const slot = this.#slots.get(id) ?? this.#free.pop() ?? this.#places.length;
    this.#slots.set(id, slot);
    this.#places[slot] = { id, region, category };
    this.rows.set(slot, vector);
    const segments = this.#segmentsOf(region, category);
    for (const segment of segments) segment.put(slot);
    return segments;
  }

  drop(id: string): void {
    const slot = this.#slots.get(id);
    const place = slot === undefined ? null : this.#places[slot];
    if (slot === undefined || place == null) return;
    this.#slots.delete(id);
    this.#places[slot] = null;
    this.#free.push(slot);
    for (const segment of this.#segmentsOf(place.region, place.category)) segment.drop(slot);
    const region = this.#regions.get(place.region);
    if (region?.categories.get(place.category)?.size === 0) region.categories.delete(place.category);
    if (region?.all.size === 0) this.#regions.delete(place.region);
  }

  /** The segments that together hold what is asked for and nothing else; an empty `categories` means all. */
  segmentsFor(regions: readonly string[] | null, categories: readonly string[]): VectorSegment[] {
    const asked =
      regions === null
        ? [...this.#regions.values()]
        : regions.flatMap((region) => this.#regions.get(region) ?? []);
    return asked.flatMap((region) => {
      if (categories.length === 0) return [region.all];
      const found = categories.flatMap((category) => region.categories.get(category) ?? []);
      const size = found.reduce((sum, segment) => sum + segment.size, 0);
      return size === region.all.size ? [region.all] : found;
    });
  }

  /** Offers `hits` those of `ids` that are in the regions and categories. */
  rank(
    ids: readonly string[],
    { regions, categories }: Pick<VectorQuery, 'regions' | 'categories'>,
    query: Float32Array,
    hits: TopHits,
  ): void {
    for (const id of ids) {
      const slot = this.#slots.get(id);
      const place = slot === undefined ? null : this.#places[slot];
      if (slot === undefined || place == null) continue;
      if (regions !== null && !regions.includes(place.region)) continue;
      if (categories.length > 0 && !categories.includes(place.category)) continue;
      const similarity = this.rows.dot(slot, query);
      if (hits.admits(similarity)) hits.offer(id, similarity);
    }
  }

  segments(): VectorSegment[] {
    return [...this.#regions.values()].flatMap(({ all, categories }) => [all, ...categories.values()]);
  }

  #segmentsOf(name: string, category: string): VectorSegment[] {
    let region = this.#regions.get(name);
    if (region === undefined) {
      region = { all: new VectorSegment(this), categories: new Map() };
      this.#regions.set(name, region);
    }
    let segment = region.categories.get(category);
    if (segment === undefined) {
      segment = new VectorSegment(this);
      region.categories.set(category, segment);
    }
    return [region.all, segment];
  }
}
