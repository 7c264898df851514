import { readFileSync } from 'node:fs';
import { parse } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { supergraphFile } from '../../schema/compose.ts';
import { publicSchemaOf } from '../../schema/public-schema.ts';
import { everyCalculation, everyResult } from './calculations.ts';
import { FieldCoverage } from './field-coverage.ts';
import { fillMarketplace } from './fixture.ts';
import { forms, type RunningForm } from './forms.ts';
import type { AskOptions } from './graphql-client.ts';

const schema = publicSchemaOf(readFileSync(supergraphFile, 'utf8'));

const contentFields = `id title description category { slug name contentCount } region { code name contentCount } tags
  imageUrl publishedAt updatedAt version quality vendor { id name description region { code } websiteUrl version }
  stats { impressions views clicks likes saves inquiries } similar(first: 3) { id }`;
const feedFields = `edges { cursor node { position score source isExploration propensity content { ${contentFields} } } }
  pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  ranking { feedId mode degraded { component cause } explorationShare generatedAt latencyMs cacheHits cacheMisses
    stages { stage component input output durationMs skipped } }`;
const whyQuery = `{ agents { name description kind subject weight deadlineMs breaker } feed(first: 5) { edges { node {
  reason { kind text parameters { name value } contributions { name value } }
  agentScores { agent score weight latencyMs fallback } } } } }`;
const experimentFields = `key name hypothesis owner status layer coverage phase
  variants { key weight valueJson isControl } startedAt stoppedAt shippedVariant
  metrics { key role kind numerator denominator windowHours lowerIsBetter nonInferiorityMargin }`;

/** Fields that have no value in a healthy run, with the reason. */
const silent = [
  // Nothing is degraded here; the pipeline's own tests make it so.
  'Degradation.cause',
  'Degradation.component',
  // Set by shipVariant, which is not served yet.
  'Experiment.shippedVariant',
];

describe.each(forms)('every field, $form', ({ form, start }) => {
  let running: RunningForm;
  const coverage = new FieldCoverage(schema);
  const user = { user: 'ada' };

  async function ask(
    query: string,
    variables: object = {},
    options: AskOptions = user,
  ): Promise<Record<string, unknown>> {
    const { data, errors } = await running.client.raw(query, variables, options);
    expect(errors, query).toEqual([]);
    if (data === null) throw new Error('no data');
    coverage.note(parse(query), data);
    return data;
  }

  beforeAll(async () => {
    running = await start();
    await fillMarketplace(running.client, 40);
  });
  afterAll(() => running.close());

  it('writes the catalogue with an answer per entry', async () => {
    const content = {
      id: 'extra',
      vendorId: 'vendor-FR-0',
      title: 'Extra',
      description: 'One more.',
      category: 'venues',
      region: 'FR',
      publishedAt: '2026-01-01T00:00:00Z',
    };
    const answer = await ask(
      `mutation($vendors: [VendorInput!]!, $contents: [ContentInput!]!) {
        upsertVendors(input: $vendors) { vendors { id version contents(first: 1) { totalCount } } rejected { id code message } }
        upsertContents(input: $contents) { contents { ${contentFields} } rejected { id code message } }
        deleteContents(ids: ["extra", "never-there"]) { deletedIds rejected { id code message } }
      }`,
      {
        vendors: [
          { id: 'late', name: 'Late', region: 'FR' },
          { id: 'bad', name: 'Bad', region: 'France' },
        ],
        contents: [content, { ...content, id: 'orphan', vendorId: 'nobody' }],
      },
    );
    expect(answer).toMatchObject({
      upsertVendors: { vendors: [{ id: 'late' }], rejected: [{ id: 'bad', code: 'BAD_USER_INPUT' }] },
      upsertContents: { contents: [{ id: 'extra' }], rejected: [{ id: 'orphan', code: 'NOT_FOUND' }] },
      deleteContents: { deletedIds: ['extra'], rejected: [{ id: 'never-there', code: 'NOT_FOUND' }] },
    });
  });

  it('reads the catalogue', async () => {
    const page = `edges { cursor node { id title } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } totalCount`;
    const answer = await ask(`{
      content(id: "content-FR-1") { ${contentFields} }
      contents(ids: ["content-FR-2", "unknown"]) { id }
      searchContent(text: "peony garland", first: 5) { ${page} }
      categories { slug name contentCount }
      regions { code name contentCount }
    }`);
    const { trending, vendor } = await ask(`{
      trending(filter: { regions: ["GB"] }, first: 5) { id region { code } }
      vendor(id: "vendor-GB-1") { id name description region { code name contentCount } websiteUrl version contents(first: 2) { ${page} } }
      contentChanges(first: 100) { cursor kind contentId content { id } changedAt }
    }`);
    expect(answer).toMatchObject({
      content: { id: 'content-FR-1', region: { code: 'FR', name: 'France' } },
      contents: [{ id: 'content-FR-2' }, null],
      searchContent: { totalCount: 42 },
    });
    expect(vendor).toMatchObject({ contents: { totalCount: 5 } });
    expect(JSON.stringify(trending)).not.toMatch(/"(FR|US)"/);
  });

  it('takes interactions, which reach statistics, search, trending and business metrics', async () => {
    const saves = ['content-GB-3', 'content-GB-7', 'content-GB-8'].flatMap((contentId, index) =>
      ['IMPRESSION', 'VIEW', 'CLICK', 'LIKE', 'SAVE', 'INQUIRY'].map((type) => ({
        id: `${type}-${index}`,
        contentId,
        type,
      })),
    );
    const answer = await ask(
      `mutation($input: [InteractionInput!]!) { recordInteractions(input: $input) { accepted duplicates rejected { id code message } } }`,
      {
        input: [...saves, saves[0], { id: 'unknown', contentId: 'nothing', type: 'SAVE' }].map((entry) => ({
          occurredAt: new Date().toISOString(),
          ...entry,
        })),
      },
    );
    expect(answer).toMatchObject({
      recordInteractions: { accepted: 18, duplicates: 1, rejected: [{ id: 'unknown', code: 'NOT_FOUND' }] },
    });
    await expect
      .poll(
        async () =>
          await ask(`{ content(id: "content-GB-7") { stats { saves views } } trending(first: 3) { id } }`),
        { timeout: 10_000 },
      )
      .toMatchObject({ content: { stats: { saves: 1, views: 1 } }, trending: [{}, {}, {}] });
    await expect
      .poll(async () => JSON.stringify((await ask('{ trending(first: 3) { id } }'))['trending']), {
        timeout: 10_000,
      })
      .toMatch(/^(?=.*GB-3)(?=.*GB-7)(?=.*GB-8)/);
    await expect
      .poll(
        async () =>
          await ask(
            `{ businessMetrics { window dailyActiveUsers monthlyActiveUsers sessions medianSessionSeconds saveRate vendorDiscoveryRate nps { score responses } } }`,
          ),
        { timeout: 10_000 },
      )
      // Ada and the fixture's own reader.
      .toMatchObject({ businessMetrics: { dailyActiveUsers: 2, saveRate: 1 } });
  });

  it('serves a feed with everything about it', async () => {
    await ask(`mutation { followVendor(vendorId: "vendor-US-2") { vendor { id name } following } }`);
    await ask(`mutation { unfollowVendor(vendorId: "vendor-US-3") { vendor { id } following }
      updateProfile(input: { region: "US", locale: "en-US" }) { user { id region locale } } }`);
    await ask('mutation { refreshFeed { discarded } }');
    const answer = await ask(`{ feed(first: 10) { ${feedFields} } }`);
    const text = JSON.stringify(answer);
    expect(text.match(/"position"/g)).toHaveLength(10);
    expect(text).not.toMatch(/"code":"(FR|GB)"/);
    await ask(whyQuery);
    const viaUser = await ask(
      `{ me { id region locale following { id name } feed(first: 3) { ${feedFields} } } user(id: "ada") { id region } }`,
    );
    expect(viaUser).toMatchObject({
      me: { id: 'ada', region: 'US', following: [{ id: 'vendor-US-2' }] },
      user: { id: 'ada' },
    });
  });

  it('puts forward what editors pick', async () => {
    const answer = await ask(
      `mutation { setEditorialPicks(input: { region: "US", contentIds: ["content-US-5"] }) { picks { id title } } }`,
    );
    expect(answer).toMatchObject({ setEditorialPicks: { picks: [{ id: 'content-US-5' }] } });
    expect(await ask(`{ editorialPicks(region: "US") { id } }`)).toMatchObject({
      editorialPicks: [{ id: 'content-US-5' }],
    });
    await ask('mutation { refreshFeed { discarded } }');
    expect(JSON.stringify(await ask(`{ feed(first: 100) { ${feedFields} } }`))).toContain('"EDITORIAL"');
  });

  it('runs an experiment and assigns to it', async () => {
    await ask(
      `mutation($input: CreateExperimentInput!) { createExperiment(input: $input) { experiment { ${experimentFields} } } }`,
      {
        input: {
          key: 'bolder-cards',
          name: 'Bolder cards',
          hypothesis: 'Larger pictures get more saves.',
          layer: 'cards',
          variants: [
            { key: 'control', weight: 0.5, valueJson: '{"size":1}' },
            { key: 'bold', weight: 0.5, valueJson: '{"size":2}' },
          ],
          metrics: [
            {
              key: 'saves',
              role: 'PRIMARY',
              kind: 'RATIO',
              numerator: 'SAVE',
              denominator: 'IMPRESSION',
              windowHours: 24,
            },
            {
              key: 'hides',
              role: 'GUARDRAIL',
              kind: 'MEAN',
              numerator: 'HIDE',
              lowerIsBetter: true,
              nonInferiorityMargin: 0.05,
            },
          ],
        },
      },
    );
    await ask(`mutation { startExperiment(key: "bolder-cards") { experiment { key status startedAt } } }`);
    await expect
      .poll(async () => await ask(`{ me { id assignments { variant phase experiment { key } } } }`), {
        timeout: 5_000,
      })
      .toMatchObject({ me: { assignments: [{ phase: 1, experiment: { key: 'bolder-cards' } }] } });
    await ask(
      `mutation { stopExperiment(key: "bolder-cards", reason: "done") { experiment { ${experimentFields} } } }`,
    );
    const answer = await ask(
      `{ experiments(status: STOPPED) { ${experimentFields} } experiment(key: "bolder-cards") { ${experimentFields} } }`,
    );
    expect(answer).toMatchObject({ experiments: [{ status: 'STOPPED', owner: 'ada' }] });
  });

  it('calculates for anybody', async () => {
    expect(await ask(everyCalculation, {}, {})).toMatchObject(everyResult);
  });

  it('measures itself and the business', async () => {
    await ask(`mutation { submitNps(score: 9, comment: "lovely") { accepted } }`);
    // A process reports every few seconds; ending one makes it report at once.
    await running.restart();
    await ask('{ me { id } }');
    const healthQuery = `{ systemHealth(window: LAST_DAY) { window requests requestsPerSecond errorRate latency { p50Ms p99Ms p999Ms }
      caches { tier hits misses hitRate } database { kind connectionsInUse connectionsMax queryLatency { p50Ms p99Ms p999Ms } }
      workers { worker eventLoopUtilisation heapUsedBytes uptimeSeconds } } }`;
    await expect
      .poll(async () => await ask(healthQuery), { timeout: 20_000 })
      .toMatchObject({
        systemHealth: {
          requests: expect.any(Number),
          database: { kind: form === 'in process' ? 'pglite' : 'postgresql' },
        },
      });
    await expect
      .poll(async () => JSON.stringify(await ask(healthQuery)), { timeout: 20_000 })
      .toMatch(/"requests":[1-9].*"tier":".*"worker":/);
    const answer = await ask(`{ businessMetrics(window: LAST_WEEK, timeZone: "Asia/Kolkata") {
      window dailyActiveUsers monthlyActiveUsers sessions medianSessionSeconds retention { d1 d7 d30 }
      saveRate vendorDiscoveryRate nps { score responses } } }`);
    expect(answer).toMatchObject({ businessMetrics: { nps: { score: 100, responses: 1 } } });
  });

  it('links, exports and erases a user', async () => {
    const anonymousId = '6f1ab3c4-0d5e-4f7a-8b9c-0123456789ab';
    await ask(`mutation { linkAnonymous(anonymousId: "${anonymousId}") { linkedInteractions } }`);
    const kept = await ask('{ exportUser(id: "ada") { userId generatedAt json activityJson } }');
    expect(kept).toMatchObject({ exportUser: { userId: 'ada', activityJson: expect.any(String) } });
    let requestId: unknown;
    await expect
      .poll(
        async () => {
          const text = JSON.stringify(
            await ask('mutation { eraseUser(id: "ada") { requestId completedAt } }'),
          );
          requestId = /"requestId":"([^"]+)"/.exec(text)?.[1];
          return text;
        },
        { timeout: 20_000 },
      )
      .not.toContain('null');
    const erasure = await ask('query ($id: ID!) { erasure(requestId: $id) { requestId completedAt } }', {
      id: requestId,
    });
    expect(erasure).toMatchObject({ erasure: { requestId, completedAt: expect.any(String) } });
    const { experiment } = await ask('{ experiment(key: "bolder-cards") { owner } }');
    expect(experiment).toEqual({ owner: 'erased' });
    expect(await ask('{ erasure(requestId: "never") { requestId } }')).toEqual({ erasure: null });
  });

  it('has left no field of the contract without data', () => {
    // Retention needs a history of days, which the metrics suite has.
    const known = new Set([...silent, 'Retention.d1', 'Retention.d30', 'Retention.d7']);
    expect(coverage.missing.filter((field) => !known.has(field))).toEqual([]);
  });
});
