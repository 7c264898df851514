import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FeedPageDocument, type FeedPageQuery } from '../../schema/generated/documents.ts';
import { fillMarketplace, regions } from './fixture.ts';
import { forms, type RunningForm } from './forms.ts';

/** The bar is 200 users; the default suite takes fewer of the same. */
const users = Number(process.env['PAGES_USERS'] ?? 12);
const pages = 10;
const pageSize = 20;

type Edge = NonNullable<FeedPageQuery['feed']>['edges'][number];

/** What happens between pages. */
type Between = (page: number, user: string, seen: readonly string[]) => Promise<void>;

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

  async function readPages(user: string, region: string | undefined, between: Between): Promise<Edge[]> {
    const edges: Edge[] = [];
    let after: string | null = null;
    for (let page = 0; page < pages; page++) {
      const filter = region === undefined ? null : { regions: [region] };
      const answer: FeedPageQuery = await running.client.must(
        FeedPageDocument,
        { first: pageSize, after, filter },
        { user },
      );
      const { feed } = answer;
      if (feed == null) throw new Error('no feed');
      edges.push(...feed.edges);
      after = feed.pageInfo.endCursor ?? null;
      if (page < pages - 1 && !feed.pageInfo.hasNextPage) throw new Error(`nothing after page ${page}`);
      const seen = feed.edges.flatMap((edge) => edge.node?.content.id ?? []);
      await between(page, user, seen);
    }
    return edges;
  }

  let removed = 0;
  /** A catalogue update, a deletion and an interaction. */
  const changeSomething: Between = async (page, user, seen) => {
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
  };

  const forUsers = async (name: string, between: Between): Promise<string[]> => {
    const width = 6;
    const problems: string[] = [];
    for (let from = 0; from < users; from += width) {
      await Promise.all(
        Array.from({ length: Math.min(width, users - from) }, async (_, offset) => {
          const region = regionOf(from + offset);
          problems.push(...problemsOf(await readPages(`${name}-${from + offset}`, region, between), region));
        }),
      );
    }
    return problems;
  };

  it('have no duplicate and no other region while the catalogue changes', async () => {
    expect(await forUsers('live', changeSomething)).toEqual([]);
  }, 600_000);

  it('nor where the process is restarted after page 3, which loses the snapshots', async () => {
    // All stop after page 3, the server restarts, all go on.
    let waiting = 0;
    let gate = Promise.withResolvers<void>();
    const width = Math.min(users, 6);
    const restartAfterThree: Between = async (page, user, seen) => {
      await changeSomething(page, user, seen);
      if (page !== 2) return;
      waiting++;
      const here = gate;
      if (waiting === width) {
        waiting = 0;
        gate = Promise.withResolvers();
        await running.restart();
        here.resolve();
      }
      await here.promise;
    };
    const problems = await Promise.all(
      Array.from({ length: width }, async (_, index) => {
        const region = regionOf(index);
        return problemsOf(await readPages(`restarted-${index}`, region, restartAfterThree), region);
      }),
    );
    expect(problems.flat()).toEqual([]);
  }, 600_000);
});
