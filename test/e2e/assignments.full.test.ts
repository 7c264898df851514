import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { GraphqlClient } from './graphql-client.ts';
import { bouquet, createKey, startAllInOne, startDistributed, type Production } from './production.ts';

const users = Array.from({ length: 10_000 }, (_, index) => `user-${index}`);
/** As many as a query may have fields at its root. */
const usersAtOnce = 5;

const assignedSchema = z.record(z.string(), z.array(z.string().nullable()));
const answerSchema = z.record(
  z.string(),
  z.object({
    assignments: z.array(z.object({ variant: z.string(), experiment: z.object({ key: z.string() }) })),
  }),
);

/** Twenty experiments: two layers, one of them full, and some outside of layers; two to four variants. */
const experiments = Array.from({ length: 20 }, (_, index) => {
  const layer = index < 5 ? 'cards' : index < 10 ? 'search' : null;
  const weights =
    [
      [0.5, 0.5],
      [0.2, 0.5, 0.3],
      [0.1, 0.2, 0.3, 0.4],
    ][index % 3] ?? [];
  return {
    key: `experiment-${index}`,
    name: `Experiment ${index}`,
    hypothesis: 'It makes a difference.',
    layer,
    coverage: layer === 'cards' ? 0.2 : layer === 'search' ? 0.15 : 0.1 * (index - 9),
    variants: weights.map((weight, variant) => ({
      key: `variant-${variant}`,
      weight,
      valueJson: JSON.stringify({ columns: variant }),
    })),
    metrics: [{ key: 'saves', role: 'PRIMARY', kind: 'PROPORTION', numerator: 'SAVE' }],
  };
});

describe.each([
  {
    form: 'two workers on an embedded database',
    // It takes one statement at a time; all 10,000 are asked for below.
    asked: users.slice(0, 2_000),
    start: () => startAllInOne({ WORKERS: '2' }, { seeded: false }),
  },
  {
    form: 'a gateway with subgraphs elsewhere',
    asked: users,
    start: () => startDistributed({ WORKERS: '1' }, { seeded: false }),
  },
])('assignment by a stock GrowthBook SDK and by GraphQL: $form', ({ asked, start }) => {
  let server: Production;
  let client: GraphqlClient;
  let headers: Record<string, string>;
  let clientKey: string;
  /** By the SDK: of each experiment, what each user gets. */
  let bySdk: Record<string, (string | null)[]>;

  beforeAll(async () => {
    server = await start();
    client = new GraphqlClient(server.url);
    const key = await createKey(server.environment, '--scope', 'experiments', '--scope', 'dashboard');
    headers = { 'x-api-key': key.text };
    for (const input of experiments) {
      await must(
        'mutation ($input: CreateExperimentInput!) { createExperiment(input: $input) { experiment { key } } }',
        {
          input,
        },
      );
      await must(startMutation, { key: input.key });
    }
    // One is in its second phase, in what part of the layer it got then.
    await must('mutation { stopExperiment(key: "experiment-3", reason: "again") { experiment { key } } }');
    await must(startMutation, { key: 'experiment-3' });
    const made = await clientKeys('create', '--description', 'suite', '--json');
    clientKey = z.object({ key: z.string() }).parse(JSON.parse(made)).key;
    await vi.waitUntil(async () => (await featureKeys()).length === experiments.length, 10_000);
    bySdk = await runApp();
  }, 240_000);
  afterAll(() => server.close());

  const startMutation = 'mutation ($key: ID!) { startExperiment(key: $key) { experiment { phase } } }';
  const must = async (query: string, variables: object = {}): Promise<unknown> => {
    const { data, errors } = await client.raw(query, variables, { headers });
    if (errors.length > 0) throw new Error(JSON.stringify(errors));
    return data;
  };
  /** What the command prints on standard output, and a line for people. */
  const clientKeys = async (...args: string[]): Promise<string> => {
    const said = await bouquet(server.environment, 'experiments', 'client-key', ...args);
    return said.slice(said.indexOf('{'), said.lastIndexOf('}') + 1);
  };
  const features = (): Promise<Response> => fetch(`${server.url}/api/features/${clientKey}`);
  const featureKeys = async (): Promise<string[]> => Object.keys((await (await features()).json()).features);
  const runApp = async (): Promise<Record<string, (string | null)[]>> => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [join(import.meta.dirname, 'growthbook-app.ts')],
      {
        env: { API_HOST: server.url, CLIENT_KEY: clientKey },
        maxBuffer: 50e6,
      },
    );
    return assignedSchema.parse(JSON.parse(stdout));
  };
  const insideOf = (key: string): boolean[] => (bySdk[key] ?? []).map((variant) => variant !== null);
  const keysOf = (layer: string | null): string[] =>
    experiments.flatMap((experiment) => (experiment.layer === layer ? [experiment.key] : []));

  it(`agrees for ${asked.length} users in 20 experiments`, async () => {
    const byGraphql: Record<string, (string | null)[]> = Object.fromEntries(
      experiments.map(({ key }) => [key, asked.map(() => null)]),
    );
    const query = `query (${Array.from({ length: usersAtOnce }, (_, at) => `$u${at}: ID!`).join(' ')}) {
      ${Array.from({ length: usersAtOnce }, (_, at) => `u${at}: user(id: $u${at}) { ...assigned }`).join(' ')}
    } fragment assigned on User { assignments { variant experiment { key } } }`;
    const ask = async (from: number): Promise<void> => {
      const batch = asked.slice(from, from + usersAtOnce);
      const variables = Object.fromEntries(batch.map((user, at) => [`u${at}`, user]));
      const answer = answerSchema.parse(await must(query, variables));
      for (const at of batch.keys()) {
        for (const { variant, experiment } of answer[`u${at}`]?.assignments ?? []) {
          const assigned = byGraphql[experiment.key];
          if (assigned === undefined) throw new Error(`Nobody created ${experiment.key}.`);
          assigned[from + at] = variant;
        }
      }
    };
    let next = 0;
    const askOn = async (): Promise<void> => {
      for (let from = next; from < asked.length; from = next) {
        next += usersAtOnce;
        await ask(from);
      }
    };
    await Promise.all(Array.from({ length: 8 }, askOn));
    for (const { key } of experiments)
      expect(byGraphql[key], key).toEqual(bySdk[key]?.slice(0, asked.length));
    // Nobody agrees on nothing: a covering experiment has every user, and every variant is somebody's.
    expect(insideOf('experiment-19').filter(Boolean)).toHaveLength(users.length);
    for (const { key, variants } of experiments) {
      expect(new Set(bySdk[key]?.filter((variant) => variant !== null)).size, key).toBe(variants.length);
    }
  });

  it('never gives a user two experiments of a layer', () => {
    for (const layer of ['cards', 'search']) {
      const counts = users.map(
        (_, user) => keysOf(layer).filter((key) => bySdk[key]?.[user] !== null).length,
      );
      expect(Math.max(...counts)).toBe(1);
      // The layer `cards` is full: whoever is in none of its experiments would be lost.
      expect(Math.min(...counts)).toBe(layer === 'cards' ? 1 : 0);
    }
  });

  it('is independent between layers, and of experiments outside of layers', () => {
    const pairs = [
      ...keysOf('cards').flatMap((first) => keysOf('search').map((second) => [first, second])),
      ...keysOf('cards').flatMap((first) => keysOf(null).map((second) => [first, second])),
    ];
    const statistics = pairs.map(([first = '', second = '']) => chiSquare(insideOf(first), insideOf(second)));
    // χ² with 1 degree of freedom exceeds 15.1 in 1 of 10,000 independent pairs. Users and keys are fixed: never flaky.
    expect(Math.max(...statistics)).toBeLessThan(15.1);
    const [first = '', second = ''] = keysOf('cards');
    expect(chiSquare(insideOf(first), insideOf(second))).toBeGreaterThan(100);
  });

  it('follows a stop and a revocation on every worker within seconds', async () => {
    await must('mutation { stopExperiment(key: "experiment-19", reason: "done") { experiment { key } } }');
    await expect
      .poll(() => onEachWorker(async () => (await featureKeys()).includes('experiment-19')), {
        timeout: 5_000,
      })
      .toEqual([false]);
    await clientKeys('revoke', clientKey);
    await expect
      .poll(() => onEachWorker(async () => (await features()).status), { timeout: 5_000 })
      .toEqual([404]);
  });

  /** What twenty connections are answered, which come to any worker. */
  const onEachWorker = async <T>(ask: () => Promise<T>): Promise<T[]> => [
    ...new Set(await Promise.all(Array.from({ length: 20 }, ask))),
  ];
});

/** Pearson's χ² of independence of two columns of yes and no; 0 where one of them is constant. */
function chiSquare(first: readonly boolean[], second: readonly boolean[]): number {
  const count = (a: boolean, b: boolean): number =>
    first.filter((value, index) => value === a && second[index] === b).length;
  const [both, onlyFirst, onlySecond, neither] = [
    count(true, true),
    count(true, false),
    count(false, true),
    count(false, false),
  ];
  const margins = (both + onlyFirst) * (onlySecond + neither) * (both + onlySecond) * (onlyFirst + neither);
  return margins === 0 ? 0 : (first.length * (both * neither - onlyFirst * onlySecond) ** 2) / margins;
}
