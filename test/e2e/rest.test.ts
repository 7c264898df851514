import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { OpenAPIClientAxios, type OpenAPIClient } from 'openapi-client-axios';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClientKey } from '../../gateway/callers/client-key-store.ts';
import { openApiOf } from '../../gateway/rest/description/openapi.ts';
import { registerDocument } from '../../gateway/documents/register-document.ts';
import { repositoryDocumentFiles } from '../../gateway/documents/repository-documents.ts';
import { restRoutesOf } from '../../gateway/rest/rest-routes.ts';
import { publicSchemaOf } from '../../schema/public-schema.ts';
import { operationsOf, SchemaJudge, type DescribedOperation } from '../support/openapi-checks.ts';
import { fillMarketplace } from './fixture.ts';
import { forms, type RunningForm } from './forms.ts';

const [inProcess] = forms;
const root = join(import.meta.dirname, '../..');

describe('REST, by a client generated from the served description', () => {
  let running: RunningForm;
  let url: string;
  let description: unknown;
  let client: OpenAPIClient;
  let judge: SchemaJudge;
  let operations: Map<string, DescribedOperation>;

  beforeAll(async () => {
    if (inProcess === undefined) throw new Error('no form to run');
    running = await inProcess.start();
    ({ url } = running.client);
    await fillMarketplace(running.client, 12);
    description = await (await fetch(`${url}/openapi.json`)).json();
    judge = new SchemaJudge(description);
    operations = new Map(operationsOf(description).map((operation) => [operation.operationId, operation]));
    const generator = new OpenAPIClientAxios({
      definition: `${url}/openapi.json`,
      withServer: { url },
      axiosConfigDefaults: {
        headers: { 'x-user-id': 'rest-1' },
        validateStatus: () => true,
        // Repeats a list's parameter as the description says; axios would write `name[]`.
        paramsSerializer: { indexes: null },
      },
    });
    client = await generator.init();
  });
  afterAll(() => running.close());

  const called: string[] = [];
  /** Calls an operation by its id, and answers its data once the description has judged the answer. */
  async function call(
    id: string,
    parameters: Record<string, unknown> = {},
    body?: unknown,
  ): Promise<unknown> {
    const operation = operations.get(id);
    const method = client[id];
    if (operation === undefined || method === undefined) throw new Error(`no operation ${id}`);
    const { status, data } = await method(Object(parameters), body);
    expect([status, data?.errors], `${id}: ${JSON.stringify(data)}`).toEqual([200, undefined]);
    expect(judge.answerProblem(operation, data), id).toBeNull();
    called.push(id);
    return data.data;
  }

  it('describes what the documents and the schema say, and nothing else', () => {
    const schema = publicSchemaOf(readFileSync(join(root, 'schema/supergraph.graphql'), 'utf8'));
    const documents = repositoryDocumentFiles().flatMap((file) => {
      const registration = registerDocument(schema, readFileSync(file, 'utf8'), { holder: null });
      return registration.accepted ? [registration.document] : [];
    });
    const routes = restRoutesOf(documents, schema);
    expect(description).toEqual(JSON.parse(JSON.stringify(openApiOf(routes, schema))));
  });

  it('answers every operation as described', async () => {
    const id = 'content-FR-1';
    await call('followVendor', {}, { vendorId: 'vendor-FR-1' });
    await call(
      'recordInteractions',
      {},
      {
        input: [{ id: 'i-1', contentId: id, type: 'SAVE', occurredAt: new Date().toISOString() }],
      },
    );
    await call('updateProfile', {}, { input: { region: 'FR', locale: null } });
    await call('submitNps', {}, { score: 9 });
    await call('linkAnonymous', {}, { anonymousId: '7f6c1c0e-64a5-4f0e-9a52-1b2f6c8f2d11' });
    await call('refreshFeed');
    const feed = await call('feedPage', {
      first: 3,
      'filter.regions': ['FR', 'GB'],
      'filter.minQuality': 0.1,
    });
    expect(feed).toMatchObject({ edges: [{ node: { position: 1 } }, {}, {}] });
    expect(await call('me')).toMatchObject({ id: 'rest-1', following: [{ id: 'vendor-FR-1' }] });
    expect(await call('browse')).toMatchObject({ categories: [{}, {}, {}, {}], regions: [{}, {}, {}] });
    expect(await call('contentDetail', { id, similar: 2 })).toMatchObject({ id, similar: [{}, {}] });
    expect(await call('search', { text: 'peony', first: 2 })).toMatchObject({ edges: [{}, {}] });
    await call('trending', { 'filter.categories': 'venues' });
    expect(await call('vendorPage', { id: 'vendor-FR-1' })).toMatchObject({ id: 'vendor-FR-1' });
    await call('operationsOverview', { window: 'LAST_DAY' });
    expect(await call('exportUser', { id: 'rest-1', withActivity: false })).not.toHaveProperty(
      'activityJson',
    );
    const arms = { 'control.n': 1000, 'control.sum': 100, 'treatment.n': 1000, 'treatment.sum': 100 };
    expect(await call('compareVariants', arms)).toMatchObject({ effect: 0, significant: false });
    expect(await call('sampleRatio', { observed: [310, 98], weights: [0.75, 0.25] })).toMatchObject({
      mismatch: false,
    });
    await call('sampleSize', {
      baselineMean: 1,
      baselineVariance: 4,
      usersPerWeek: 10_000,
      relativeEffect: 0.05,
    });
    expect(await call('adjustPValues', { pValues: [0.01, 0.04], method: 'HOLM' })).toEqual([0.02, 0.04]);
    await call('unfollowVendor', {}, { vendorId: 'vendor-FR-1' });
    const erased = await call('eraseUser', {}, { id: 'rest-1' });
    await call('erasure', { requestId: Object(erased).requestId });
    // An operation that is added shall be called here.
    expect(called.toSorted()).toEqual([...operations.keys()].toSorted());
  });

  it.each([
    ['/v1/feed-page?first=many', 400, 'BAD_USER_INPUT', '"first"'],
    ['/v1/feed-page?first=1000', 400, 'BAD_USER_INPUT', 'first'],
    ['/v1/content-detail/nothing', 404, 'NOT_FOUND', 'this id'],
    ['/v1/content-detail', 404, 'DOCUMENT_NOT_FOUND', '/v1/content-detail/{id}'],
    ['/v1/nothing', 404, 'DOCUMENT_NOT_FOUND', '/v1/nothing'],
  ])('answers %s with %i %s', async (path, status, code, message) => {
    const response = await fetch(`${url}${path}`);
    const body = await response.json();
    expect([response.status, body]).toMatchObject([
      status,
      { errors: [{ message: expect.stringContaining(message), extensions: { code } }] },
    ]);
    expect(judge.problem(['components', 'schemas', 'Errors'], body)).toBeNull();
  });

  it('leaves the features of a running experiment, for SDKs, to a path beside it', async () => {
    const database = running.platforms[0]?.database;
    if (database === undefined) throw new Error('nothing runs');
    const { key } = await createClientKey(database, { description: 'suite', expiresAt: null });
    const metrics = [{ key: 'saves', role: 'PRIMARY', kind: 'PROPORTION', numerator: 'SAVE' }];
    const variants = ['"old"', '"new"'].map((valueJson, index) => ({
      key: `v-${index}`,
      weight: 0.5,
      valueJson,
    }));
    await running.client.raw(
      `mutation ($input: CreateExperimentInput!) { createExperiment(input: $input) { experiment { key } }
        startExperiment(key: "told") { experiment { key } } }`,
      { input: { key: 'told', name: 'Told', hypothesis: 'It is told.', variants, metrics } },
    );
    const read = async (): Promise<unknown> => (await fetch(`${url}/api/features/${key}`)).json();
    await expect.poll(read, { timeout: 5_000 }).toMatchObject({
      status: 200,
      features: { told: { defaultValue: 'old', rules: [{ phase: '1', variations: ['old', 'new'] }] } },
    });
    expect((await fetch(`${url}/api/features/sdk-unknown`)).status).toBe(404);
  });

  it('serves a page that loads nothing from elsewhere and runs no inline script', async () => {
    const page = await fetch(`${url}/docs`);
    const html = await page.text();
    expect(page.url).toBe(`${url}/docs/`);
    expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'; script-src 'self';/);
    const loaded = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, file]) => file ?? '');
    for (const file of loaded) {
      const response = await fetch(new URL(file, page.url));
      expect([file, response.status, new URL(response.url).origin]).toEqual([file, 200, url]);
    }
    expect(html).not.toMatch(/<script(?![^>]*src=)|<style|\son\w+=|\sstyle=/);
    expect((await fetch(`${url}/docs/../package.json`)).status).toBe(404);
    expect((await fetch(`${url}/docs/index.html`)).status).toBe(404);
  });

  it('answers the examples of docs/reference/rest.md as the page says', async () => {
    const page = readFileSync(join(root, 'docs/reference/rest.md'), 'utf8');
    const examples = [...page.matchAll(/```sh\n(curl [^`]+)```/g)].map(([, command]) => command ?? '');
    expect(examples.length).toBeGreaterThanOrEqual(3);
    for (const example of examples) {
      const command = example.replaceAll('http://127.0.0.1:4000', url);
      const { stdout } = await promisify(execFile)('sh', ['-c', command]);
      expect(JSON.parse(stdout), example).toHaveProperty('data');
    }
  });
});
