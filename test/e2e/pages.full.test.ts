import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { FeedPageDocument, type FeedPageQuery } from '../../schema/generated/documents.ts';
import { fillMarketplace, regions } from './fixture.ts';
import { forms, type RunningForm } from './forms.ts';

/** The suite takes few; `PAGES_USERS=200` takes as many as the feed is held to. */
const users = Number(process.env['PAGES_USERS'] ?? 3);
const pages = 10;
const pageSize = 20;

type Edge = NonNullable<FeedPageQuery['feed']>['edges'][number];

function regionOf(index: number): string | undefined {
  return index % 2 === 0 ? regions[index % regions.length] : undefined;
}

/** What is wrong with the pages that one user has read, as sentences. */
function problemsOf(edges: readonly Edge[], region: string | undefined): string[] {
  const problems: string[] = [];
  const ids = edges.flatMap((edge) => edge.node?.content.id ?? []);
  if (new Set(ids).size !== ids.length) problems.push('an item came twice');
  // A removal that the feed has not heard of yet costs its edge, never more.
  if (ids.length < pages * pageSize - 3) problems.push(`only ${ids.length} items came`);
  const positions = edges.flatMap((edge) => edge.node?.position ?? []);
  if (positions.some((position, index) => index > 0 && position <= (positions[index - 1] ?? 0))) {
    problems.push('positions do not count up');
  }
  const foreign = edges.filter((edge) => edge.node != null && edge.node.content.region.code !== region);
  if (region !== undefined && foreign.length > 0) problems.push(`${foreign.length} items of another region`);
  return problems;
}

describe.each(forms)(`${pages} pages of ${pageSize} for ${users} users, $form`, ({ start }) => {
  let running: RunningForm;
  beforeAll(async () => {
    running = await start();
    await fillMarketplace(running.client, 400);
  });
  afterAll(() => running.close());

  interface Reader {
    readonly user: string;
    readonly region: string | undefined;
    readonly edges: Edge[];
    after: string | null;
  }

  /** Reads pages `from` to `to` of everybody, six readers at a time. */
  async function readAll(readers: readonly Reader[], from: number, to: number): Promise<void> {
    const waiting = [...readers];
    const work = async (): Promise<void> => {
      for (let reader = waiting.pop(); reader !== undefined; reader = waiting.pop()) {
        for (let page = from; page < to; page++) await readPage(reader, page);
      }
    };
    await Promise.all(Array.from({ length: 6 }, work));
  }

  async function readPage(reader: Reader, page: number): Promise<void> {
    const { user, region, after } = reader;
    const filter = region === undefined ? null : { regions: [region] };
    const { feed } = await running.client.must(
      FeedPageDocument,
      { first: pageSize, after, filter },
      { user },
    );
    if (feed == null) throw new Error('no feed');
    reader.edges.push(...feed.edges);
    reader.after = feed.pageInfo.endCursor ?? null;
    if (page < pages - 1 && !feed.pageInfo.hasNextPage) throw new Error(`nothing after page ${page}`);
    await changeSomething(
      page,
      user,
      feed.edges.flatMap((edge) => edge.node?.content.id ?? []),
    );
  }

  let removed = 0;
  /** A catalogue update, a deletion and an interaction. */
  async function changeSomething(page: number, user: string, seen: readonly string[]): Promise<void> {
    const contentId = seen[page % seen.length] ?? '';
    const region = contentId.split('-')[1] ?? 'FR';
    if (page === 1 && removed < 60) {
      removed++;
      await running.client.raw('mutation($ids: [ID!]!) { deleteContents(ids: $ids) { deletedIds } }', {
        ids: [`content-${region}-${removed * 3}`],
      });
    }
    const input = {
      id: `content-${region}-${page * 7}`,
      vendorId: `vendor-${region}-1`,
      title: `Retold by ${user} on page ${page}`,
      description: 'Changed while somebody reads.',
      category: 'venues',
      region,
      publishedAt: new Date().toISOString(),
    };
    if (page % 3 === 0) {
      await running.client.raw(
        'mutation($input: [ContentInput!]!) { upsertContents(input: $input) { rejected { id } } }',
        { input: [input] },
      );
    }
    await running.client.raw(
      'mutation($input: [InteractionInput!]!) { recordInteractions(input: $input) { accepted } }',
      {
        input: [
          {
            id: `${page}-${contentId}`,
            contentId,
            type: page % 2 === 0 ? 'SAVE' : 'IMPRESSION',
            occurredAt: new Date().toISOString(),
          },
        ],
      },
      { user },
    );
  }

  const readersOf = (name: string): Reader[] =>
    Array.from({ length: users }, (_, index) => ({
      user: `${name}-${index}`,
      region: regionOf(index),
      edges: [],
      after: null,
    }));
  const problemsOfAll = (readers: readonly Reader[]): string[] =>
    readers.flatMap(({ edges, region }) => problemsOf(edges, region));

  it('have no duplicate and no other region while the catalogue changes', async () => {
    const readers = readersOf('live');
    await readAll(readers, 0, pages);
    expect(problemsOfAll(readers)).toEqual([]);
  }, 600_000);

  it('nor where the snapshots expire after page 3', async () => {
    const readers = readersOf('expired');
    await readAll(readers, 0, 3);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 6 * 60_000 });
    try {
      await readAll(readers, 3, pages);
    } finally {
      vi.useRealTimers();
    }
    expect(problemsOfAll(readers)).toEqual([]);
  }, 600_000);

  it('nor where the processes are restarted after page 3, which loses the snapshots', async () => {
    const readers = readersOf('restarted');
    await readAll(readers, 0, 3);
    await running.restart();
    await readAll(readers, 3, pages);
    expect(problemsOfAll(readers)).toEqual([]);
  }, 600_000);
});
