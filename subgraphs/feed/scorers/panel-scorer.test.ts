import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConvenedPanel, type PanelObserver } from '../agents/convened-panel.ts';
import type { AgentVerdict, ScoringAgent, ScoringBatch } from '../agents/scoring-agent.ts';
import type { Candidate, Scoring } from '../pipeline/component.ts';
import { contributionsTo } from '../reasons/contributions.ts';
import { agentScoresOf } from '../reasons/agent-scores.ts';
import type { RankedItem } from '../snapshot/feed-snapshot.ts';
import { candidateOf, queryOf } from '../test/candidates.ts';
import { deaf } from '../test/panels.ts';
import { agentOf, failures, verdictOf } from '../test/scripted-agent.ts';
import { anyTraits, candidateWith, tasteFor, traitFeatures } from '../test/traits.ts';
import { panelScorer } from './panel-scorer.ts';
import { weightedSumScorer } from './weighted-sum-scorer.ts';

const convene = (agents: readonly ScoringAgent[], observer: PanelObserver = deaf): ConvenedPanel =>
  new ConvenedPanel({ name: 'six', agents }, observer);

/** Has a panel score `candidates`, with the weighted sum behind it. */
async function score(
  panel: ConvenedPanel,
  candidates: readonly Candidate[],
  query = queryOf(),
): Promise<Scoring> {
  const featuresOf = traitFeatures();
  return panelScorer(panel, { featuresOf, standIn: weightedSumScorer(featuresOf) }).score(query, candidates);
}

const itemOf = ({ id, source, score: own, slot, explanation }: Candidate): RankedItem => ({
  id,
  source,
  score: own,
  slot,
  ...(explanation !== null && { explanation }),
});

const sumOf = (candidate: Candidate, scoring: Scoring): number =>
  contributionsTo(itemOf(candidate), scoring).reduce((sum, { value }) => sum + value, 0);

const three = (): Candidate[] => ['a', 'b', 'c'].map((id) => candidateOf(id));
const scoresOf = (candidates: readonly Candidate[]): number[] => candidates.map((each) => each.score);
const half = (name: string, own: Partial<ScoringAgent> = {}): ScoringAgent =>
  agentOf(name, ({ candidates }) => verdictOf(candidates.map(() => 0.5)), own);

/** What one agent does, of the ways in which agents answer and fail; its scores may have holes. */
const behaviour = (
  size: number,
): fc.Arbitrary<(batch: ScoringBatch) => AgentVerdict | Promise<AgentVerdict>> => {
  const holed = fc.oneof(
    { weight: 4, arbitrary: fc.double({ min: 0, max: 1, noNaN: true }) },
    { weight: 1, arbitrary: fc.constant(Number.NaN) },
  );
  const answers = fc.array(holed, { minLength: size, maxLength: size }).chain((scores) =>
    fc.constantFrom(
      () => verdictOf(scores),
      () => Promise.resolve(verdictOf(scores)),
    ),
  );
  return fc.oneof({ weight: 3, arbitrary: answers }, fc.constantFrom(...Object.values(failures)));
};

describe('panelScorer', () => {
  it('gives contributions that add up to the score, whatever agents do', async () => {
    const panels = fc.array(anyTraits, { minLength: 1, maxLength: 12 }).chain((all) =>
      fc.record({
        all: fc.constant(all),
        agents: fc.array(
          fc.record({
            act: behaviour(all.length),
            weight: fc.double({ min: 1e-3, max: 1e3, noNaN: true }),
          }),
          { minLength: 1, maxLength: 6 },
        ),
      }),
    );
    await fc.assert(
      fc.asyncProperty(panels, async ({ all, agents }) => {
        const candidates = all.map((given, index) => candidateWith(given, index));
        const seated = agents.map(({ act, weight }, index) => agentOf(`agent-${index}`, act, { weight }));
        const scoring = await score(convene(seated), candidates, queryOf({ taste: tasteFor(all) }));
        expect(scoring.mode).toBe(scoring.degraded.length === agents.length ? 'SIMPLE' : 'MULTI_AGENT');
        for (const candidate of candidates) {
          expect(candidate.score).toBeGreaterThanOrEqual(0);
          expect(candidate.score).toBeLessThanOrEqual(1 + 1e-9);
          expect(Math.abs(sumOf(candidate, scoring) - candidate.score)).toBeLessThan(1e-9);
          const shares = agentScoresOf(itemOf(candidate), scoring) ?? [];
          const total = shares.reduce((sum, { weight }) => sum + weight, 0);
          expect(total).toBeCloseTo(shares.length === 0 ? 0 : 1, 9);
        }
      }),
    );
  });

  it('weighs those who had something to say of an item', async () => {
    const candidates = three();
    const one = agentOf('one', () => verdictOf([1, Number.NaN, Number.NaN]), { weight: 3 });
    const two = agentOf('two', () => verdictOf([0, 0.4, Number.NaN]));
    const scoring = await score(convene([one, two]), candidates);
    expect(scoresOf(candidates)).toEqual([0.75, 0.4, 0]);
    expect(candidates.map((each) => contributionsTo(itemOf(each), scoring))).toEqual([
      [
        { name: 'one', value: 0.75 },
        { name: 'two', value: 0 },
      ],
      [{ name: 'two', value: 0.4 }],
      [],
    ]);
    expect(agentScoresOf(itemOf(three()[0] ?? candidateOf('a')), scoring)).toBeNull();
    expect(scoring).toMatchObject({ mode: 'MULTI_AGENT', degraded: [], cacheHits: 0 });
  });

  it.each(Object.entries(failures))('goes on without an agent that %s, and names it', async (_how, act) => {
    const failed: string[] = [];
    const candidates = three();
    const panel = convene([agentOf('ill', act), half('well')], {
      ...deaf,
      failed: (agent) => failed.push(agent),
    });
    const scoring = await score(panel, candidates);
    expect(scoresOf(candidates)).toEqual([0.5, 0.5, 0.5]);
    expect(scoring).toMatchObject({ mode: 'MULTI_AGENT', degraded: [{ component: 'ill' }] });
    expect(JSON.stringify(scoring)).not.toContain('ECONNREFUSED');
    expect(scoring.parts.map(({ name }) => name)).toEqual(['well']);
    expect(failed).toEqual(['ill']);
  });

  it('waits for no agent beyond its deadline, and tells it', async () => {
    const aborted = Promise.withResolvers<string>();
    const late = agentOf(
      'late',
      ({ signal }) =>
        new Promise(() => {
          signal.addEventListener('abort', () => aborted.resolve('aborted'));
        }),
      { deadlineMs: 5 },
    );
    const scoring = await score(convene([late, half('well')]), three());
    expect(scoring.degraded).toEqual([{ component: 'late', cause: 'no answer within 5 ms' }]);
    expect(await aborted.promise).toBe('aborted');
  });

  it('asks all agents before it waits for one', async () => {
    const gate = Promise.withResolvers<AgentVerdict>();
    const waits = agentOf('waits', () => gate.promise);
    const opens = agentOf('opens', () => {
      gate.resolve(verdictOf([0.2, 0.2, 0.2]));
      return verdictOf([0.4, 0.4, 0.4]);
    });
    const scoring = await score(convene([waits, opens]), three());
    expect(scoring.parts.map(({ name }) => name)).toEqual(['waits', 'opens']);
  });

  it('leaves the score to the weighted sum where no agent answers', async () => {
    const [one, two] = [three(), three()];
    const ill = Object.entries(failures).map(([how, act]) => agentOf(how, act));
    const scoring = await score(convene(ill), one);
    const featuresOf = traitFeatures();
    const alone = await weightedSumScorer(featuresOf).score(queryOf(), two);
    expect(scoring).toEqual({ ...alone, degraded: scoring.degraded });
    expect(scoring.degraded.map(({ component }) => component)).toEqual(Object.keys(failures));
    expect(scoresOf(one)).toEqual(scoresOf(two));
  });

  it('leaves an agent alone that fails too often, but for one that has a breaker of its own', async () => {
    let asked = 0;
    const fails = (): never => {
      asked++;
      throw new Error('no');
    };
    const own = agentOf('own', fails, { breaker: () => 'HALF_OPEN' });
    const panel = convene([agentOf('ill', fails), own, half('well')]);
    for (let time = 0; time < 40; time++) await score(panel, three());
    const before = asked;
    const scoring = await score(panel, three());
    expect(asked).toBe(before + 1);
    expect(scoring.degraded).toEqual([
      { component: 'ill', cause: 'failed too often; its breaker is open' },
      { component: 'own', cause: 'failed' },
    ]);
    expect(panel.agents().map(({ agent, breaker }) => [agent.name, breaker])).toEqual([
      ['ill', 'OPEN'],
      ['own', 'HALF_OPEN'],
      ['well', 'CLOSED'],
    ]);
  });

  it('passes on where a stand-in answered, and what came out of a cache', async () => {
    const heard: string[] = [];
    const candidates = three();
    const remote = agentOf('remote', () =>
      verdictOf([0.1, 0.2, 0.3], {
        fallback: Uint8Array.of(0, 1, 0),
        degraded: 'the model gave no number',
        cache: { hits: 2, misses: 1 },
      }),
    );
    const panel = convene([half('well'), remote], {
      ...deaf,
      heard: (agent, outcome) => heard.push(`${agent} ${outcome}`),
    });
    const scoring = await score(panel, candidates);
    expect(scoring).toMatchObject({
      mode: 'MULTI_AGENT',
      cacheHits: 2,
      cacheMisses: 1,
      degraded: [{ component: 'remote', cause: 'the model gave no number' }],
    });
    const fallbacks = candidates.map((each) =>
      agentScoresOf(itemOf(each), scoring)?.map(({ fallback }) => fallback),
    );
    expect(fallbacks).toEqual([
      [false, false],
      [false, true],
      [false, false],
    ]);
    expect(heard.toSorted()).toEqual(['remote fallback', 'well answered']);
  });
});
