import { join } from 'node:path';
import type { Pair } from '../metrics/split-saves.ts';
import type { Dataset, ImportRow } from './dataset.ts';
import { readTable } from './read-table.ts';

/** Ratings from here on are likes, in stars. */
const leastLikedStars = 4;

/**
 * MovieLens ml-latest-small as a marketplace: movies are contents, ratings of 4 stars and more are likes at the time
 * they were given. The set has no vendors, so each first genre is one; do not judge vendor rules by it. Movies without
 * a genre are in `no-genre`. `publishedAt` is the first of January of the year in the title, 1970 at the earliest.
 * `likes` narrows the interactions down, to a training split for one.
 */
export function movielens(dataFolder: string, likes?: Iterable<Like>): Dataset {
  const folder = join(dataFolder, 'ml-latest-small');
  return {
    vendors: () => vendors(folder),
    contents: () => contents(folder),
    interactions: () => interactions(likes ?? readLikes(dataFolder)),
  };
}

/** Somebody liked a movie, at a time in seconds since 1970. */
export interface Like extends Pair {
  readonly at: number;
}

/** Streams the likes in the order of the file: by user, then by movie. */
export async function* readLikes(dataFolder: string): AsyncGenerator<Like, void, undefined> {
  const path = join(dataFolder, 'ml-latest-small', 'ratings.csv.gz');
  const columns = ['userId', 'movieId', 'rating', 'timestamp'] as const;
  for await (const { userId, movieId, rating, timestamp } of readTable(path, columns)) {
    if (Number(rating) >= leastLikedStars) yield { userId, itemId: movieId, at: Number(timestamp) };
  }
}

const movieColumns = ['movieId', 'title', 'genres'] as const;

async function* vendors(folder: string): AsyncGenerator<ImportRow, void, undefined> {
  const seen = new Set<string>();
  for await (const { genres } of readTable(join(folder, 'movies.csv.gz'), movieColumns)) {
    const [genre] = slugs(genres);
    if (seen.has(genre)) continue;
    seen.add(genre);
    yield { id: `genre-${genre}`, name: `Genre ${genre}`, region: 'US', description: null, websiteUrl: null };
  }
}

async function* contents(folder: string): AsyncGenerator<ImportRow, void, undefined> {
  for await (const { movieId, title, genres } of readTable(join(folder, 'movies.csv.gz'), movieColumns)) {
    const tags = slugs(genres);
    const year = Number(/\((\d{4})\)\s*$/.exec(title)?.[1] ?? 1970);
    yield {
      id: movieId,
      vendorId: `genre-${tags[0]}`,
      title: title.slice(0, 300),
      description: '',
      category: tags[0],
      region: 'US',
      tags,
      imageUrl: null,
      publishedAt: `${Math.max(1970, year)}-01-01T00:00:00Z`,
    };
  }
}

async function* interactions(
  likes: Iterable<Like> | AsyncIterable<Like>,
): AsyncGenerator<ImportRow, void, undefined> {
  for await (const { userId, itemId, at } of likes) {
    const occurredAt = new Date(at * 1000).toISOString();
    yield { id: `like-${itemId}`, userId, contentId: itemId, type: 'LIKE', occurredAt };
  }
}

/** `Film-Noir|Sci-Fi` → film-noir, sci-fi; always one at least. */
function slugs(genres: string): [string, ...string[]] {
  const [first = 'no-genre', ...others] = genres
    .split('|')
    .filter((genre) => !genre.startsWith('('))
    .map((genre) => genre.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-'));
  return [first, ...others];
}
