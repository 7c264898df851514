import type { VectorPoint, VectorQuery } from './vector-index.ts';
import { VectorIndexError } from './vector-index-error.ts';

const maxIdLength = 128;
const maxLimit = 1000;

/**
 * Returns the points with vectors of unit length, the last of each id.
 * @throws VectorIndexError `INVALID` naming the point that is wrong.
 */
export function checkedPoints(points: readonly VectorPoint[]): VectorPoint[] {
  const byId = new Map<string, VectorPoint>();
  for (const point of points) {
    const { id, region, category } = point;
    if (id.length === 0 || id.length > maxIdLength) {
      throw invalid(`An id has ${id.length} characters; 1 to ${maxIdLength} are allowed.`);
    }
    if (region === '' || category === '') throw invalid(`Point ${id} lacks a region or a category.`);
    const vector = unitVector(point.vector);
    if (vector === null) throw invalid(`The vector of point ${id} has no direction.`);
    byId.set(id, { id, vector, region, category });
  }
  return [...byId.values()];
}

/**
 * Returns the query with a vector of unit length, each region and category once.
 * @throws VectorIndexError `INVALID`, or the reason of an aborted signal.
 */
export function checkedQuery(query: VectorQuery): VectorQuery {
  query.signal?.throwIfAborted();
  if (!Number.isInteger(query.limit) || query.limit < 1 || query.limit > maxLimit) {
    throw invalid(`A search for ${query.limit} points; 1 to ${maxLimit} are allowed.`);
  }
  if ((query.ids?.length ?? 0) > maxLimit)
    throw invalid(`A search among more than ${maxLimit} points by id.`);
  const vector = unitVector(query.vector);
  if (vector === null) throw invalid('The vector of the search has no direction.');
  return {
    ...query,
    ...(query.ids && { ids: [...new Set(query.ids)] }),
    vector,
    regions: query.regions === null ? null : [...new Set(query.regions)],
    categories: [...new Set(query.categories)],
  };
}

/** `vector` at length 1, or null where it is empty, zero or not finite. */
function unitVector(vector: Float32Array): Float32Array | null {
  let squares = 0;
  for (const value of vector) squares += value * value;
  if (!(squares > 0 && squares < Infinity)) return null;
  const length = Math.sqrt(squares);
  return vector.map((value) => value / length);
}

function invalid(message: string): VectorIndexError {
  return new VectorIndexError('INVALID', message);
}
