import { setTimeout } from 'node:timers/promises';
import type { Display } from '../../cli/import/display.ts';
import type { Split } from '../metrics/split-saves.ts';
import { fetchFeed, fetchTrending, refreshFeed, type ServedFeed } from './served-lists.ts';
import { startServerProcess } from './server-process.ts';

/** What a server answered about one evaluated user. */
export interface ServedUser {
  readonly heldOut: ReadonlySet<string>;
  readonly feed: ServedFeed;
  /** Trending without the user's training items. */
  readonly trending: readonly string[];
}

/** The length of the lists that are asked for. */
export const servedLength = 20;

/** Trending is asked for this many, the most that a page has, so that 20 are left without the user's own. */
const trendingLength = 100;

/** Feeds that are asked for at once: the quality is measured, not what a full machine leaves of it. */
const concurrency = 2;

const readyWithinMs = 120_000;

/** Feeds before those that are measured, as a server that has just started is late with its first. */
const warmUpFeeds = 100;

/**
 * Starts a server on `dataDir` and asks over HTTP for every evaluated user's feed and for trending. Users come in the
 * order of the split.
 * @throws Error when the server trains a model meanwhile: its feeds would be of two models.
 */
export async function askServer(dataDir: string, split: Split, display: Display): Promise<ServedUser[]> {
  const server = await startServerProcess(dataDir);
  try {
    await warmUp(server.url, split);
    const users = await askForAll(server.url, split, display);
    if (server.trainings() > 0) throw new Error('The server trained a model while it was asked for feeds.');
    display.note('the server trained nothing while it was asked for feeds');
    return users;
  } finally {
    await server.stop();
  }
}

/** Has one user's feed ranked anew: until the vector index has been filled and has candidates for it, and then on. */
async function warmUp(url: string, { heldOut }: Split): Promise<void> {
  const deadline = performance.now() + readyWithinMs;
  const [userId = ''] = heldOut.keys();
  let feeds = 0;
  while (performance.now() < deadline) {
    await refreshFeed(url, userId);
    const { nearest } = await fetchFeed(url, userId, servedLength);
    if (nearest > 0 && ++feeds === warmUpFeeds) return;
    if (nearest === 0) await setTimeout(250);
  }
  throw new Error('The server did not fill its vector index in time.');
}

async function askForAll(url: string, split: Split, display: Display): Promise<ServedUser[]> {
  const training = new Map([...split.heldOut.keys()].map((userId) => [userId, new Set<string>()]));
  for (const { userId, itemId } of split.training) training.get(userId)?.add(itemId);
  const waiting = [...split.heldOut];
  const users = new Map<string, ServedUser>();
  display.begin('feeds', waiting.length);
  const trending = await fetchTrending(url, waiting[0]?.[0] ?? '1', trendingLength);
  const work = async (): Promise<void> => {
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const [userId, heldOut] = next;
      const own = training.get(userId);
      users.set(userId, {
        heldOut,
        feed: await fetchFeed(url, userId, servedLength),
        trending: trending.filter((id) => own?.has(id) !== true),
      });
      display.update(users.size);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  display.end();
  return [...split.heldOut.keys()].flatMap((userId) => users.get(userId) ?? []);
}
