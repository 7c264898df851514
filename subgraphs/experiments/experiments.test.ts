import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { databases } from '../../test/support/databases.ts';
import { askSubgraph, platformOn } from '../../test/support/subgraph.ts';
import { scopes, type Caller, type Scope } from '#platform/caller/caller.ts';
import type { Database } from '#platform/database/database.ts';
import type { Subgraph } from '#platform/graphql/subgraph.ts';
import { createExperimentsSubgraph, readFeatures, type FeatureSet } from './index.ts';

const traits = { region: null, locale: null, key: null };
const userOf = (userId: string, held: readonly Scope[] = scopes): Caller => ({
  ...traits,
  kind: 'user',
  userId,
  scopes: new Set(held),
});
const nobody: Caller = { ...traits, kind: 'anonymous', anonymousId: null, scopes: new Set(scopes) };

const inputOf = (key: string, overrides: object = {}): object => ({
  key,
  name: 'Bigger cards',
  hypothesis: 'Bigger cards are saved more often.',
  variants: [
    { key: 'small', weight: 0.5, valueJson: '{"size":1}' },
    { key: 'big', weight: 0.5, valueJson: '{"size":2}' },
  ],
  metrics: [{ key: 'saves', role: 'PRIMARY', kind: 'PROPORTION', numerator: 'SAVE' }],
  ...overrides,
});

const create = `mutation ($input: CreateExperimentInput!) { createExperiment(input: $input) { experiment {
  key name hypothesis owner status layer coverage phase startedAt stoppedAt shippedVariant
  variants { key weight valueJson isControl }
  metrics { key role kind numerator denominator windowHours lowerIsBetter nonInferiorityMargin } } } }`;
const start = `mutation ($key: ID!) { startExperiment(key: $key) { experiment { status phase startedAt stoppedAt } } }`;
const stop = `mutation ($key: ID!, $reason: String! = "enough users") {
  stopExperiment(key: $key, reason: $reason) { experiment { status phase startedAt stoppedAt } } }`;
const assignments = `query ($users: [_Any!]!) { _entities(representations: $users) {
  ... on User { id assignments { variant phase experiment { key status } } } } }`;

const usersOf = (...ids: string[]) => ({ users: ids.map((id) => ({ __typename: 'User', id })) });

const assignedSchema = z.object({
  _entities: z.array(
    z.object({ assignments: z.array(z.object({ experiment: z.object({ key: z.string() }) })) }),
  ),
});

describe.each(databases)('experiments on $kind', ({ open }) => {
  let database: Database;
  let subgraph: Subgraph;
  beforeAll(async () => {
    database = await open();
    subgraph = createExperimentsSubgraph(platformOn(database));
  });
  afterAll(() => database.close());

  /** What a client sees: the answer as JSON. */
  const ask = (source: string, variables: Record<string, unknown>, caller = userOf('ada')) =>
    askSubgraph(subgraph, source, { variables, caller });
  const begin = async (key: string, overrides: object = {}): Promise<void> => {
    await ask(create, { input: inputOf(key, overrides) });
    expect((await ask(start, { key })).codes).toEqual([]);
  };
  const eventsOf = async (key: string): Promise<unknown[]> => {
    const rows = await database.prisma.outboxEvent.findMany({
      where: { type: 'experiment.changed', payload: { path: ['key'], equals: key } },
      orderBy: { id: 'asc' },
    });
    return rows.map((row) => row.payload);
  };

  const statementsFor = async (users: number): Promise<number> => {
    const before = database.timer.statements;
    await ask(assignments, usersOf(...Array.from({ length: users }, (_, index) => `counted-${index}`)));
    return database.timer.statements - before;
  };

  it('keeps a definition as it was given, owned by its creator', async () => {
    const { data } = await ask(create, { input: inputOf('kept') });
    const metric = {
      key: 'saves',
      role: 'PRIMARY',
      kind: 'PROPORTION',
      numerator: 'SAVE',
      denominator: null,
      windowHours: null,
      lowerIsBetter: false,
      nonInferiorityMargin: null,
    };
    expect(data).toEqual({
      createExperiment: {
        experiment: {
          key: 'kept',
          name: 'Bigger cards',
          hypothesis: 'Bigger cards are saved more often.',
          owner: 'ada',
          status: 'DRAFT',
          layer: null,
          coverage: 1,
          phase: 0,
          startedAt: null,
          stoppedAt: null,
          shippedVariant: null,
          variants: [
            { key: 'small', weight: 0.5, valueJson: '{"size":1}', isControl: true },
            { key: 'big', weight: 0.5, valueJson: '{"size":2}', isControl: false },
          ],
          metrics: [metric],
        },
      },
    });
    const key = { id: 'k1', vendorId: null };
    const byKey: Caller = { ...traits, kind: 'key', key, scopes: new Set(['experiments']) };
    const made = await ask(create, { input: inputOf('by-key') }, byKey);
    expect(made.data).toMatchObject({ createExperiment: { experiment: { owner: 'key:k1' } } });
    const anonymous = await ask(create, { input: inputOf('nobodys') }, nobody);
    expect(anonymous.data).toMatchObject({ createExperiment: { experiment: { owner: 'anonymous' } } });
  });

  it('refuses a key that is taken and stores nothing of a wrong definition', async () => {
    await ask(create, { input: inputOf('taken') });
    expect((await ask(create, { input: inputOf('taken') })).codes).toEqual(['CONFLICT']);
    expect((await ask(create, { input: inputOf('wrong', { coverage: 2 }) })).codes).toEqual([
      'BAD_USER_INPUT',
    ]);
    const { data } = await ask('query ($key: ID!) { experiment(key: $key) { key } }', { key: 'wrong' });
    expect(data).toEqual({ experiment: null });
    expect(await eventsOf('taken')).toHaveLength(1);
    expect(await eventsOf('wrong')).toHaveLength(0);
  });

  it('goes from draft to running to stopped to its next phase, and tells of each', async () => {
    const key = 'life';
    await ask(create, { input: inputOf(key) });
    expect((await ask(stop, { key })).codes).toEqual(['CONFLICT']);
    expect((await ask(start, { key })).data).toMatchObject({
      startExperiment: { experiment: { status: 'RUNNING', phase: 1, stoppedAt: null } },
    });
    const again = await ask(start, { key });
    expect(again.codes).toEqual(['CONFLICT']);
    expect(again.messages[0]).toContain('Stop it first');
    expect((await ask(stop, { key, reason: '  ' })).codes).toEqual(['BAD_USER_INPUT']);
    expect((await ask(stop, { key })).data).toMatchObject({
      stopExperiment: { experiment: { status: 'STOPPED', phase: 1, stoppedAt: expect.any(String) } },
    });
    expect((await ask(start, { key })).data).toMatchObject({
      startExperiment: { experiment: { status: 'RUNNING', phase: 2, stoppedAt: null } },
    });
    expect(await eventsOf(key)).toEqual([
      { key, status: 'DRAFT', phase: 0 },
      { key, status: 'RUNNING', phase: 1 },
      { key, status: 'STOPPED', phase: 1 },
      { key, status: 'RUNNING', phase: 2 },
    ]);
    const phases = await database.prisma.experimentPhase.findMany({ where: { experimentKey: key } });
    expect(phases.find(({ phase }) => phase === 1)?.stopReason).toBe('enough users');
  });

  it('starts once of many attempts at the same time', async () => {
    await ask(create, { input: inputOf('raced') });
    const results = await Promise.all(Array.from({ length: 6 }, () => ask(start, { key: 'raced' })));
    expect(results.filter(({ codes }) => codes.length === 0)).toHaveLength(1);
    expect(results.flatMap(({ codes }) => codes)).toEqual(Array.from({ length: 5 }, () => 'CONFLICT'));
  });

  it('needs scope experiments to write, and says NOT_FOUND for an unknown key', async () => {
    const reader = userOf('eve', ['dashboard', 'catalogue']);
    expect((await ask(create, { input: inputOf('eves') }, reader)).codes).toEqual(['FORBIDDEN']);
    expect((await ask(start, { key: 'kept' }, reader)).codes).toEqual(['FORBIDDEN']);
    expect((await ask(stop, { key: 'kept' }, reader)).codes).toEqual(['FORBIDDEN']);
    expect((await ask(start, { key: 'unheard-of' })).codes).toEqual(['NOT_FOUND']);
    expect((await ask(stop, { key: 'unheard-of' })).codes).toEqual(['NOT_FOUND']);
  });

  it('lists experiments by status, the newest first, and resolves references', async () => {
    await ask(create, { input: inputOf('listed-1') });
    await begin('listed-2');
    const list = 'query ($status: ExperimentStatus) { experiments(status: $status) { key status } }';
    const { data } = await ask(list, { status: 'RUNNING' });
    expect(data).toHaveProperty('experiments.0', { key: 'listed-2', status: 'RUNNING' });
    expect(JSON.stringify(data)).not.toContain('DRAFT');
    const all = await ask(list, {});
    expect(all.data).toHaveProperty('experiments.1', { key: 'listed-1', status: 'DRAFT' });
    const keys = ['listed-1', 'unheard-of'].map((key) => ({ __typename: 'Experiment', key }));
    const entities =
      'query ($keys: [_Any!]!) { _entities(representations: $keys) { ... on Experiment { key phase } } }';
    expect((await ask(entities, { keys })).data).toEqual({
      _entities: [{ key: 'listed-1', phase: 0 }, null],
    });
  });

  it('shares a layer out, refuses what does not fit and frees it on a stop', async () => {
    await begin('layer-a', { layer: 'layered', coverage: 0.6 });
    await ask(create, { input: inputOf('layer-b', { layer: 'layered', coverage: 0.5 }) });
    const refused = await ask(start, { key: 'layer-b' });
    expect(refused.codes).toEqual(['CONFLICT']);
    expect(refused.messages[0]).toContain('has 40 % of its users left and the experiment needs 50 %');
    await begin('layer-c', { layer: 'layered', coverage: 0.4 });
    const ids = Array.from({ length: 300 }, (_, index) => `layered-user-${index}`);
    const keysOf = async (): Promise<string[][]> => {
      const { data } = await ask(assignments, usersOf(...ids));
      const { _entities } = assignedSchema.parse(data);
      return _entities.map((user) =>
        user.assignments.map(({ experiment }) => experiment.key).filter((key) => key.startsWith('layer-')),
      );
    };
    const both = await keysOf();
    expect(both.every((keys) => keys.length === 1)).toBe(true);
    expect(new Set(both.flat())).toEqual(new Set(['layer-a', 'layer-c']));
    await ask(stop, { key: 'layer-a' });
    expect((await ask(start, { key: 'layer-b' })).codes).toEqual([]);
    const later = await keysOf();
    expect(later.every((keys) => keys.length <= 1)).toBe(true);
    expect(new Set(later.flat())).toEqual(new Set(['layer-b', 'layer-c']));
  });

  it('never gives a place of a layer to two starts at the same time', async () => {
    const keys = ['rush-1', 'rush-2', 'rush-3', 'rush-4'];
    for (const key of keys) await ask(create, { input: inputOf(key, { layer: 'rush', coverage: 0.4 }) });
    const results = await Promise.all(keys.map((key) => ask(start, { key })));
    expect(results.flatMap(({ codes }) => codes)).toEqual(['CONFLICT', 'CONFLICT']);
    const phases = await database.prisma.experimentPhase.findMany({ where: { experimentKey: { in: keys } } });
    expect(phases.flatMap(({ layerFrom }) => layerFrom).toSorted((a, b) => a - b)).toEqual([0, 4_000]);
  });

  it('assigns a user to running experiments only, the same every time', async () => {
    await begin('assigned');
    const first = await ask(assignments, usersOf('grace'), userOf('grace', []));
    expect(JSON.stringify(first.data)).toContain('"key":"assigned"');
    expect(await ask(assignments, usersOf('grace'), userOf('grace', []))).toEqual(first);
    await ask(stop, { key: 'assigned' });
    const after = await ask(assignments, usersOf('grace'), userOf('grace', []));
    expect(JSON.stringify(after.data)).not.toContain('"key":"assigned"');
  });

  it("shows oneself and scope dashboard assignments, and nobody else's to others", async () => {
    const other = await ask(assignments, usersOf('grace', 'eve'), userOf('eve', ['experiments']));
    expect(other.codes).toEqual([]);
    expect(other.data).toMatchObject({ _entities: [null, { id: 'eve' }] });
    const operator = await ask(assignments, usersOf('grace', 'never-seen'), userOf('ops', ['dashboard']));
    expect(operator.data).toMatchObject({ _entities: [{ id: 'grace' }, { id: 'never-seen' }] });
    const guest: Caller = { ...nobody, anonymousId: 'b2f3', scopes: new Set() };
    const own = await ask(assignments, usersOf('anonymous:b2f3', 'anonymous:other'), guest);
    expect(own.data).toMatchObject({ _entities: [{ id: 'anonymous:b2f3' }, null] });
  });

  it('tells SDKs of each start and stop as a later change, and of nothing else', async () => {
    const read = async (known: Date | null = null): Promise<FeatureSet> => {
      const set = await readFeatures(database, known);
      if (set === null) throw new Error('Nothing has changed.');
      return set;
    };
    const before = await read();
    await ask(create, { input: inputOf('told') });
    expect(await readFeatures(database, before.changedAt)).toBeNull();
    await ask(start, { key: 'told' });
    const running = await read(before.changedAt);
    expect(running.features).toHaveProperty('told.rules.0.seed', 'told:1');
    await database.prisma.experiment.updateMany({ where: { owner: 'ada' }, data: { owner: 'erased' } });
    expect(await readFeatures(database, running.changedAt)).toBeNull();
    await ask(stop, { key: 'told' });
    const stopped = await read(running.changedAt);
    expect(stopped.features).not.toHaveProperty('told');
    await database.pool.query(
      `UPDATE experiments.experiment SET status = 'SHIPPED', shipped_variant = 'big' WHERE key = 'told'`,
    );
    const shipped = await read(stopped.changedAt);
    expect(shipped.features).toHaveProperty('told', { defaultValue: { size: 2 } });
    const times = [before, running, stopped, shipped].map(({ changedAt }) => changedAt.getTime());
    expect(times).toEqual([...new Set(times)].toSorted((a, b) => a - b));
  });

  it('never goes back in time where the clock does', async () => {
    const ahead = new Date(Date.now() + 3_600_000);
    await database.pool.query('UPDATE experiments.change SET changed_at = $1', [ahead]);
    await begin('behind');
    const set = await readFeatures(database, null);
    expect(set?.changedAt.getTime()).toBeGreaterThan(ahead.getTime());
  });

  it('reads as much for a hundred users as for one', async () => {
    expect(await statementsFor(100)).toBe(await statementsFor(1));
  });
});
