import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openAiLanguageModel } from '#platform/llm/openai-language-model.ts';
import {
  startLanguageModelService,
  type ChatRequest,
  type LanguageModelService,
} from '#platform/llm/test/language-model-service.ts';
import { builtInPrompt, scoringPrompt } from './prompts.ts';
import { remoteAgent, type RemoteAgent } from './remote-agent.ts';
import { ScoreCache } from './score-cache.ts';
import { idsFrom, localAgent, verdictOf } from './test/local-agent.ts';
import { injections, ledAstray, textOf, wellScored } from './test/scoring-answers.ts';

type Respond = (request: ChatRequest) => unknown;

let service: LanguageModelService;
let respond: Respond = wellScored;
beforeAll(async () => {
  service = await startLanguageModelService((request) => respond(request));
});
afterAll(() => service.close());

/** Every `nth` of `ids`. */
const every = (ids: readonly string[], nth: number): Set<string> =>
  new Set(ids.filter((_, index) => index % nth === 0));

/** An agent of which the model reads what the attackers have written. */
function agentUnderAttack(attackers: ReadonlySet<string>): RemoteAgent {
  return remoteAgent(localAgent(), {
    model: openAiLanguageModel({ baseUrl: service.baseUrl, model: 'small' }),
    prompt: builtInPrompt('quality') ?? scoringPrompt(''),
    texts: {
      load: (ids) =>
        Promise.resolve(
          ids.map((id, place) => {
            const written = attackers.has(id) ? injections[place % injections.length] : undefined;
            return written === undefined ? textOf(id) : { ...textOf(id, written), tags: [written] };
          }),
        ),
    },
    cache: new ScoreCache({ ttlMs: 3_600_000, shared: null }),
    subject: 'ITEM',
    describeSegment: (segment) => segment,
    onBatch: () => undefined,
    onFailure: () => undefined,
    patienceMs: 20_000,
  });
}

interface Reading {
  /** By how many places the attackers rise in their feed against an honest model, the median of them. */
  readonly rise: number;
  /** Share of the others that have a score of the model's. */
  readonly modelled: number;
}

/**
 * Has a model that answers by `attack` and an honest one score `feeds`, `rounds` times, after both scored `before` honestly.
 * What each round came to.
 */
async function readings(
  feeds: readonly (readonly string[])[],
  attackers: ReadonlySet<string>,
  attack: Respond,
  {
    rounds = 1,
    before = [],
    honest = wellScored,
  }: { rounds?: number; before?: readonly string[]; honest?: Respond } = {},
): Promise<Reading[]> {
  const agents = [attack, honest].map((answers) => ({ answers, agent: agentUnderAttack(attackers) }));
  for (const { agent } of agents) {
    respond = honest;
    if (before.length > 0) await verdictOf(agent, before);
  }
  const found: Reading[] = [];
  for (let round = 0; round < rounds; round++) {
    const rises: number[] = [];
    let modelled = 0;
    for (const feed of feeds) {
      const ranks: Map<string, number>[] = [];
      for (const { agent, answers } of agents) {
        respond = answers;
        const { scores, fallback } = await verdictOf(agent, feed);
        ranks.push(ranksOf(feed, scores));
        if (answers === attack) {
          modelled += feed.filter((id, place) => !attackers.has(id) && fallback?.[place] !== 1).length;
        }
      }
      const [under, fair] = ranks;
      for (const id of feed) if (attackers.has(id)) rises.push((fair?.get(id) ?? 0) - (under?.get(id) ?? 0));
    }
    rises.sort((a, b) => a - b);
    found.push({
      rise: rises[Math.floor(rises.length / 2)] ?? Infinity,
      modelled: modelled / (feeds.flat().length - rises.length),
    });
  }
  return found;
}

/** The places of items by score, the best at 0. */
function ranksOf(ids: readonly string[], scores: Float64Array): Map<string, number> {
  const order = ids
    .map((id, place) => ({ id, score: scores[place] ?? 0 }))
    .toSorted((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1));
  return new Map(order.map(({ id }, rank) => [id, rank]));
}

const hundred = idsFrom('entry', 100);
/** 50 of them. */
const half = every(hundred, 2);
const earlier = idsFrom('earlier', 300);

/** 600 in feeds of 100. */
const catalogue = idsFrom('item', 600);
const feeds = Array.from({ length: 6 }, (_, index) => catalogue.slice(index * 100, (index + 1) * 100));
/** 50 of them, so that hardly a batch of ten is without one. */
const scattered = every(catalogue, 12);
/** 50 in batches of their own. */
const together = new Set(catalogue.slice(200, 250));

describe('vendors who write to the model', () => {
  it('move nothing where the model obeys only what stands outside of the items', async () => {
    const [reading] = await readings([hundred], half, ledAstray('outside'), { before: earlier });
    expect(reading).toEqual({ rise: 0, modelled: 1 });
  });

  it('rise by a place at most where the model obeys them, as the local scorer knows better', async () => {
    const [reading] = await readings([hundred], half, ledAstray('anywhere'), { before: earlier });
    expect(reading?.rise).toBeLessThanOrEqual(1);
    expect(reading?.modelled).toBe(1);
  });

  it('do not rise from the first answer on, as nothing is known of the model yet', async () => {
    const rounds = await readings([hundred], half, ledAstray('anywhere'), { rounds: 5 });
    expect(rounds).toEqual(Array.from({ length: 5 }, () => ({ rise: 0, modelled: 0 })));
  });

  it.each([
    ['1 for themselves', ledAstray('anywhere')],
    ['1 for themselves and 0 for all others', ledAstray('anywhere', { others: 0 })],
    ['1 for themselves and 0.1 for all others', ledAstray('anywhere', { others: 0.1 })],
  ])(
    'rise by a place at most while a model that obeys becomes known, which they ask for %s',
    async (_name, attack) => {
      for (const attackers of [scattered, together]) {
        const [first, ...later] = await readings(feeds, attackers, attack, { rounds: 3 });
        expect(first?.rise).toBeLessThanOrEqual(1);
        // The first feeds were scored before the model was known.
        expect(first?.modelled).toBeLessThan(0.7);
        for (const { rise, modelled } of later) {
          expect(rise).toBeLessThanOrEqual(1);
          expect(modelled).toBeGreaterThan(0.3);
        }
      }
    },
  );

  it.each([-0.2, -0.1, 0.1])(
    'rise by a place at most where the model scores all by %s otherwise than the local scorer',
    async (difference) => {
      for (const attackers of [scattered, together]) {
        const rounds = await readings(feeds, attackers, ledAstray('anywhere', { difference }), {
          rounds: 3,
          honest: ledAstray('nowhere', { difference }),
        });
        for (const { rise } of rounds) expect(rise).toBeLessThanOrEqual(1);
        expect(rounds.at(-1)?.modelled).toBeGreaterThan(0.9);
      }
    },
  );
});
