import { performance } from 'node:perf_hooks';
import { subjectOf } from '#platform/caller/caller.ts';
import type { FeedContext } from '../context.ts';
import { pageSize, parseFilter, type FeedFilterArguments } from '../snapshot/request-filter.ts';
import type { FeedConnectionParent } from './parents.ts';

export interface FeedArguments {
  readonly first: number;
  readonly after?: string | null | undefined;
  readonly filter?: FeedFilterArguments | null | undefined;
}

/** Reads a page of `subject`'s feed for the caller; `Query.feed` and `User.feed` share it. */
export async function readFeed(
  { caller, feeds, profiles, boundVendor, requestId }: FeedContext,
  subject: string | null,
  { first, after, filter }: FeedArguments,
): Promise<FeedConnectionParent> {
  const start = performance.now();
  const parsed = parseFilter(filter, boundVendor);
  const size = pageSize(first);
  const viewer = subjectOf(caller);
  // The request's region is the caller's: it says nothing of another user, whom an operator looks at.
  const requestRegion = subject === viewer ? caller.region : null;
  const region =
    parsed.regions.length > 0 || subject === null
      ? requestRegion
      : ((await profiles.load(subject)).region ?? requestRegion);
  const regions = parsed.regions.length > 0 ? parsed.regions : region === null ? null : [region];
  const page = await feeds.read({
    viewer,
    subject,
    regions,
    filter: parsed,
    first: size,
    after: after ?? null,
    traceId: requestId,
  });
  return { ...page, latencyMs: performance.now() - start };
}
