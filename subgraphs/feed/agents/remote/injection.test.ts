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

const catalogue = idsFrom('entry', 100);
/** Every second: 50 of them. */
const attackers = new Set(catalogue.filter((_, index) => index % 2 === 0));
const earlier = idsFrom('earlier', 300);

let service: LanguageModelService;
let respond: (request: ChatRequest) => unknown = wellScored;
beforeAll(async () => {
  service = await startLanguageModelService((request) => respond(request));
});
afterAll(() => service.close());

/** An agent of which the model reads what the attackers have written. */
function agentUnderAttack(): RemoteAgent {
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

/** The places of the catalogue's items by `agent`'s scores, the best at 0. */
async function ranksBy(agent: RemoteAgent): Promise<Map<string, number>> {
  const { scores } = await verdictOf(agent, catalogue);
  const order = catalogue
    .map((id, place) => ({ id, score: scores[place] ?? 0 }))
    .toSorted((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1));
  return new Map(order.map(({ id }, rank) => [id, rank]));
}

/** By how many places the attackers rise, the median of them. */
async function medianRise(attacked: RemoteAgent): Promise<number> {
  const under = await ranksBy(attacked);
  respond = wellScored;
  const fair = await ranksBy(agentUnderAttack());
  const rises = [...attackers]
    .map((id) => (fair.get(id) ?? 0) - (under.get(id) ?? 0))
    .toSorted((a, b) => a - b);
  return rises[Math.floor(rises.length / 2)] ?? 0;
}

describe('vendors who write to the model', () => {
  it('move nothing where the model obeys only what stands outside of the items', async () => {
    respond = ledAstray('outside');
    expect(await medianRise(agentUnderAttack())).toBe(0);
  });

  it('rise by a place at most where the model obeys them, as the local scorer knows better', async () => {
    const agent = agentUnderAttack();
    respond = wellScored;
    await verdictOf(agent, earlier);
    respond = ledAstray('anywhere');
    expect(await medianRise(agent)).toBeLessThanOrEqual(1);
  });

  it('would rise where nothing is known of the model yet', async () => {
    respond = ledAstray('anywhere');
    expect(await medianRise(agentUnderAttack())).toBeGreaterThan(10);
  });
});
