import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Database } from '#platform/database/database.ts';
import { badUserInput, RequestError } from '#platform/errors/request-error.ts';
import type { CursorCodec } from '#platform/graphql/cursor-codec.ts';
import type { Telemetry } from '#platform/telemetry/telemetry.ts';
import type { SlateLog } from '../side-effects/slate-log.ts';
import type { Degradation, RankingMode } from '../pipeline/component.ts';
import { leftOut, type FailureListener } from '../pipeline/left-out.ts';
import { guardByBreakers, type Guard } from '../pipeline/with-breaker.ts';
import type { FeedRanker, ShownBefore } from './feed-ranker.ts';
import { bindingOf, openCursor, signCursor, type FeedRequest } from './feed-request.ts';
import {
  degradedLifeMs,
  remainingLife,
  snapshotLifeMs,
  snapshotSize,
  type FeedCaches,
  type FeedSnapshot,
  type RankedItem,
} from './feed-snapshot.ts';
import { KeyedLock } from './keyed-lock.ts';
import { unreadableItems } from './unreadable-items.ts';

/** One served item; `position` counts from 1 over all pages of its feed. */
export interface ServedItem extends RankedItem {
  readonly position: number;
  readonly cursor: string;
}

export interface FeedPage {
  readonly items: readonly ServedItem[];
  readonly hasNextPage: boolean;
  readonly snapshot: FeedSnapshot;
}

export interface FeedReaderParts {
  readonly database: Database;
  readonly cursors: CursorCodec;
  readonly telemetry: Telemetry;
  readonly caches: FeedCaches;
  readonly slateLog: SlateLog;
  readonly ranker: FeedRanker;
  readonly clock: () => Date;
  /** How long the check of a kept feed may take, in ms. */
  readonly checkMs: number;
  /** Hears what was left out, and why. */
  readonly onFailure: FailureListener;
}

/** Another process may take this long, in ms, until the page that it has just served is in the slate log. */
const slateWaitsMs = [0, 60, 120];

const nothingShown: ShownBefore = { served: [], mode: 'SIMPLE' };

/** Feeds that one viewer can have at a time and discard by `refresh`. */
const ownedFeeds = 50;

/** Serves pages of feeds: from the snapshot, or from the slate log and a new ranking where it is gone. */
export class FeedReader {
  readonly #parts: FeedReaderParts;
  readonly #locks = new KeyedLock();
  readonly #guard: Guard;

  constructor(parts: FeedReaderParts) {
    this.#parts = parts;
    this.#guard = guardByBreakers(parts.telemetry);
  }

  /**
   * Returns the page that `request` asks for. Pages of one feed never show an item twice.
   * @throws RequestError `BAD_USER_INPUT` for a cursor that is broken, another caller's, or of a feed that is lost.
   */
  read(request: FeedRequest): Promise<FeedPage> {
    const binding = bindingOf(request);
    if (request.after === null) {
      const key = `${binding}:${request.regions?.toSorted().join() ?? ''}`;
      return this.#locks.run(`current:${key}`, () => this.#begin(request, binding, key));
    }
    const { feedId, position } = openCursor(this.#parts.cursors, request.after, binding);
    return this.#locks.run(feedId, () => this.#continue(request, binding, feedId, position));
  }

  /** Discards the feeds that `viewer` has now; returns whether there was one. */
  refresh(viewer: string): Promise<boolean> {
    const { snapshots, current, owned } = this.#parts.caches;
    return this.#locks.run(`owned:${viewer}`, async () => {
      let discarded = false;
      for (const key of (await owned.get(viewer)) ?? []) {
        const feedId = await current.get(key);
        if (feedId === undefined) continue;
        if ((await this.#snapshot(feedId)) !== undefined) discarded = true;
        await Promise.all([current.delete(key), snapshots.delete(feedId)]);
      }
      await owned.delete(viewer);
      return discarded;
    });
  }

  /** Discards every feed that this process has in memory; the next ones are ranked anew. */
  async forgetAll(): Promise<void> {
    const { snapshots, current, owned } = this.#parts.caches;
    await Promise.all([snapshots.clear(), current.clear(), owned.clear()]);
  }

  async #begin(request: FeedRequest, binding: string, key: string): Promise<FeedPage> {
    const { caches, ranker, telemetry } = this.#parts;
    const feedId = await caches.current.get(key);
    if (feedId !== undefined) {
      const page = await this.#locks.run(feedId, async () => {
        const snapshot = await this.#snapshot(feedId);
        return snapshot === undefined ? null : this.#page(request, binding, snapshot, 0, { kept: true });
      });
      if (page !== null && page.items.length > 0) {
        telemetry.recordCacheRead('feed-snapshot', true);
        return page;
      }
    }
    telemetry.recordCacheRead('feed-snapshot', false);
    const snapshot = await ranker.rank(request, randomUUID(), nothingShown);
    const page = await this.#page(request, binding, snapshot, 0, { checked: true });
    if (snapshot.rest.length > 0) await this.#offer(request, key, snapshot);
    return page;
  }

  async #continue(
    request: FeedRequest,
    binding: string,
    feedId: string,
    position: number,
  ): Promise<FeedPage> {
    const { ranker, telemetry } = this.#parts;
    const kept = await this.#snapshot(feedId);
    // Another process may have served pages that this one's cache does not know of.
    const snapshot = kept !== undefined && kept.served.length >= position ? kept : undefined;
    const shown = snapshot ?? (await this.#shownByLog(feedId, position));
    if (shown.served.length < position) {
      throw badUserInput('This feed is no longer known. Start again without `after`.');
    }
    const usable = snapshot !== undefined && this.#isUsable(snapshot, request, position);
    telemetry.recordCacheRead('feed-snapshot', usable);
    const page = await this.#page(
      request,
      binding,
      usable ? snapshot : await ranker.rank(request, feedId, shown),
      position,
      { kept: usable },
    );
    if (page.items.length === 0 && isIncomplete(page.snapshot)) {
      throw new RequestError(
        'DEPENDENCY_UNAVAILABLE',
        'Part of this feed does not answer, so its next page is not known. Ask for it again in a moment.',
      );
    }
    return page;
  }

  #isUsable(snapshot: FeedSnapshot, request: FeedRequest, position: number): boolean {
    const left = snapshot.served.length - position + snapshot.rest.length;
    return sameRegions(snapshot, request) && !(isIncomplete(snapshot) && left < request.first);
  }

  /**
   * Fills a page from `from` on: what was shown there before, then what follows. `checked`: all of it may be shown, as the
   * ranking has just told; `kept`: the cache has this very snapshot.
   */
  async #page(
    request: FeedRequest,
    binding: string,
    snapshot: FeedSnapshot,
    from: number,
    { checked = false, kept = false }: { checked?: boolean; kept?: boolean } = {},
  ): Promise<FeedPage> {
    const { cursors, caches, slateLog, clock } = this.#parts;
    const { feedId, served, rest } = snapshot;
    const earlier = served.slice(from);
    const upcoming = [...earlier, ...rest].map(({ id }) => id);
    const { unreadable, degraded } = checked ? allReadable : await this.#check(request, upcoming);
    const shownBefore = earlier
      .map((item, index) => ({ item, position: from + index + 1 }))
      .filter(({ item }) => !unreadable.has(item.id));
    const candidates = rest.filter(({ id }) => !unreadable.has(id));
    const added = candidates.slice(0, Math.max(0, request.first - shownBefore.length));
    const shown = [
      ...shownBefore.slice(0, request.first),
      ...added.map((item, index) => ({ item, position: served.length + index + 1 })),
    ];
    const isSame = added.length === 0 && candidates.length === rest.length;
    const next = isSame
      ? snapshot
      : { ...snapshot, served: [...served, ...added], rest: candidates.slice(added.length) };
    const now = clock();
    if (added.length > 0) {
      await slateLog.append({
        feedId,
        firstPosition: served.length + 1,
        subject: request.subject,
        binding,
        mode: snapshot.mode,
        segment: snapshot.segment,
        items: added,
        servedAt: now,
      });
    }
    const life = remainingLife(snapshot, now);
    // Another process would get it through a socket, and Redis too: 45 KB for nothing.
    if (life > 0 && !(isSame && kept)) await caches.snapshots.set(feedId, next, life);
    const items = shown.map(({ item, position }) => ({
      ...item,
      position,
      cursor: signCursor(cursors, { feedId, position, binding }),
    }));
    return {
      items,
      hasNextPage: shownBefore.length + candidates.length > shown.length || isIncomplete(next),
      // What failed at this page says nothing of the next one.
      snapshot: degraded.length === 0 ? next : { ...next, degraded: [...next.degraded, ...degraded] },
    };
  }

  /** What may not be shown any more; nothing where that cannot be told, because all could when the feed was ranked. */
  async #check(request: FeedRequest, ids: readonly string[]): Promise<Check> {
    const { database, checkMs, onFailure } = this.#parts;
    const check = { name: 'removal-check', deadlineMs: checkMs };
    try {
      const unreadable = await this.#guard(check, () => unreadableItems(database, request, ids));
      return { unreadable, degraded: [] };
    } catch (error) {
      return { ...allReadable, degraded: [leftOut(check, error, onFailure)] };
    }
  }

  async #snapshot(feedId: string): Promise<FeedSnapshot | undefined> {
    const snapshot = await this.#parts.caches.snapshots.get(feedId);
    return snapshot !== undefined && remainingLife(snapshot, this.#parts.clock()) > 0 ? snapshot : undefined;
  }

  /** What the log says was shown under `feedId`, waiting a little until it reaches `position`. */
  async #shownByLog(feedId: string, position: number): Promise<ShownBefore> {
    let served: RankedItem[] = [];
    let mode: RankingMode = 'SIMPLE';
    for (const waitMs of slateWaitsMs) {
      if (waitMs > 0) await delay(waitMs);
      served = [];
      for (const page of await this.#parts.slateLog.read(feedId)) {
        if (page.firstPosition !== served.length + 1) continue;
        served.push(...page.items);
        mode = page.mode;
      }
      if (served.length >= position) break;
    }
    return { served, mode };
  }

  /** Makes `snapshot` the feed that the caller gets without a cursor. */
  async #offer({ viewer }: FeedRequest, key: string, snapshot: FeedSnapshot): Promise<void> {
    const { current, owned } = this.#parts.caches;
    const lifeMs = snapshot.degraded.length > 0 ? degradedLifeMs : snapshotLifeMs;
    await current.set(key, snapshot.feedId, lifeMs);
    if (viewer === null) return;
    await this.#locks.run(`owned:${viewer}`, async () => {
      const keys = (await owned.get(viewer)) ?? [];
      await owned.set(
        viewer,
        [key, ...keys.filter((other) => other !== key)].slice(0, ownedFeeds),
        snapshotLifeMs,
      );
    });
  }
}

interface Check {
  readonly unreadable: ReadonlySet<string>;
  readonly degraded: readonly Degradation[];
}

const allReadable: Check = { unreadable: new Set(), degraded: [] };

/**
 * Whether a part that was left out may have cost the feed its end: there may be more, and the next page asks anew. An agent
 * costs no items.
 */
function isIncomplete({ degraded, scoring, served, rest }: FeedSnapshot): boolean {
  const unscored = scoring?.degraded.length ?? 0;
  return degraded.length > unscored && served.length + rest.length < snapshotSize;
}

function sameRegions(snapshot: FeedSnapshot, { regions }: FeedRequest): boolean {
  if (snapshot.regions === null || regions === null) return snapshot.regions === regions;
  return snapshot.regions.toSorted().join() === regions.toSorted().join();
}
