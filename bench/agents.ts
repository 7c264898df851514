/**
 * `npm run bench:agents [-- --help]`: what a language model that scores for agents costs, and how long feeds take with it,
 * against a model on this machine that takes its time and counts 4 characters as a token.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { noUsage } from '#platform/llm/language-model.ts';
import { openAiLanguageModel } from '#platform/llm/openai-language-model.ts';
import { usageOf } from '#platform/llm/prices.ts';
import { startLanguageModelService } from '#platform/llm/test/language-model-service.ts';
import { wellScored } from '../subgraphs/feed/agents/remote/test/scoring-answers.ts';
import { measureLatency } from './agents/measure-latency.ts';
import { recordTraffic, type RecordedTraffic } from './agents/recorded-traffic.ts';
import {
  addCall,
  askOneByOne,
  distinctPairs,
  modelledAgents,
  replay,
  shortlists,
  untilQuiet,
  type Cost,
  type CountedModel,
} from './agents/replay.ts';
import { fillForBench } from './feed/fill-for-bench.ts';
import { machineLine, versionsOf } from './machine.ts';
import { quantile, quantileCells } from './quantiles.ts';

const help = `Usage: npm run bench:agents [-- OPTIONS]

  --contents N   entries of the generated marketplace (3000)
  --latency MS   what the model takes to answer (80)
  --only PART    calls, or latency
  --help         this text
`;

const bars = { calls: 1.2, warm: 0.2, saved: 0.4, feedMs: 300, silentMs: 500, openMs: 60 };
/** USD for a million tokens, those of a small hosted model. */
const price = { input: 0.15, output: 0.6 };
const feeds = 200;

const { values } = parseArgs({
  options: {
    contents: { type: 'string', default: '3000' },
    latency: { type: 'string', default: '80' },
    only: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
const [contents, latencyMs] = [Number(values.contents), Number(values.latency)];
if (values.help) {
  process.stdout.write(help);
  process.exit();
}
if (!Number.isInteger(contents) || contents < 500 || !(latencyMs >= 0)) {
  process.stderr.write(help);
  process.exit(2);
}
const isWanted = (part: string): boolean => values.only === undefined || values.only === part;

const folder = mkdtempSync(join(tmpdir(), 'bouquet-bench-'));
const service = await startLanguageModelService(wellScored);
try {
  process.stderr.write(`Generating a marketplace of ${contents} contents and training on it …\n`);
  await fillForBench({ dataDir: folder }, contents);
  process.stdout.write(
    `${[
      `Agents with a language model that stands in on this machine: ${latencyMs} ms a call, 4 characters a token`,
      machineLine(),
      versionsOf(['openai', 'dataloader', 'cockatiel', '@electric-sql/pglite']),
    ].join('\n')}\n`,
  );
  if (isWanted('calls')) {
    const traffic = await recordTraffic(folder, feeds);
    try {
      await reportCalls(traffic);
    } finally {
      await traffic.close();
    }
  }
  if (isWanted('latency')) await reportLatency();
} finally {
  await service.close();
  rmSync(folder, { recursive: true, force: true });
}

async function reportCalls(traffic: RecordedTraffic): Promise<void> {
  const lists = await shortlists(traffic);
  const asked = lists.reduce((sum, list) => sum + list.length, 0);
  const segments = new Set(traffic.batches.map(({ query }) => query.segment)).size;
  process.stdout.write(
    `\n${feeds} feeds of ${segments} user segments, ${traffic.locals.length} agents, ${(asked / feeds).toFixed(0)} candidates each\n\n` +
      '| way | calls | tokens in | tokens out | USD | USD to the first |\n' +
      '| --- | ---: | ---: | ---: | ---: | ---: |\n',
  );
  process.stderr.write('Asking for each item alone …\n');
  const single = countingModel();
  await askOneByOne(traffic, lists, single.model);
  printCost('unbatched, uncached (counted without a service)', single.cost, single.cost);
  service.behave({ kind: 'late', delayMs: latencyMs });
  process.stderr.write('Asking in batches, some feeds at a time …\n');
  const batched = remoteModel();
  await replay(modelledAgents(traffic, { model: batched.model, caching: false }), traffic);
  printCost('batched', batched.cost, single.cost);
  const cached = remoteModel();
  await replay(modelledAgents(traffic, { model: cached.model, caching: true }), traffic);
  printCost('batched with cache', cached.cost, single.cost);

  process.stderr.write('Asking for all feeds at once …\n');
  const together = remoteModel();
  // As the server does: feeds go on after their patience, and calls without them.
  const agents = modelledAgents(traffic, { model: together.model, caching: true, patienceMs: 240 });
  const cold = await replay(agents, traffic, feeds);
  await untilQuiet(together.cost);
  const calls = together.cost.calls;
  const warm = await replay(agents, traffic, feeds);
  await untilQuiet(together.cost);
  const warmCalls = together.cost.calls - calls;
  const most = (distinctPairs(traffic, lists) / 10) * bars.calls;
  process.stdout.write(
    `\n${feeds} feeds at once, as the server asks: ${share(cold)} of the scores are the model's, ${share(warm)} the second time\n\n`,
  );
  judge(
    `calls at most Σ distinct pairs / 10 × ${bars.calls} = ${most.toFixed(0)}`,
    calls <= most,
    String(calls),
  );
  judge(`warm under ${share(bars.warm)} of that`, warmCalls < bars.warm * most, String(warmCalls));
  const saved = 1 - cached.cost.usd / single.cost.usd;
  judge(`USD down by more than ${share(bars.saved)}`, saved > bars.saved, share(saved));
}

async function reportLatency(): Promise<void> {
  const times = await measureLatency(folder, service, latencyMs);
  process.stdout.write('\nUncached feeds of 20 cards of the server, one client\n\n');
  process.stdout.write('| the model | n | p50 ms | p90 ms | p99 ms |\n| --- | ---: | ---: | ---: | ---: |\n');
  const rows = [
    ['is none, agents score locally', times.local],
    [`takes ${latencyMs} ms`, times.asked],
    ['is not needed, all is cached', times.known],
    ['never answers', times.silent],
    ['never answers, breakers open', times.open],
  ] as const;
  for (const [name, row] of rows) {
    process.stdout.write(`| ${name} | ${row.length} | ${quantileCells(row).join(' | ')} |\n`);
  }
  process.stdout.write(`\nThe breakers had opened after ${times.openedAfterS.toFixed(1)} s.\n\n`);
  const asked = quantile(times.asked, 0.99);
  const silent = quantile(times.silent, 0.99);
  const open = quantile(times.open, 0.5);
  judge(`p99 under ${bars.feedMs} ms with the model`, asked < bars.feedMs, `${asked.toFixed(1)} ms`);
  judge(`p99 under ${bars.silentMs} ms without an answer`, silent < bars.silentMs, `${silent.toFixed(1)} ms`);
  judge('every such feed names its agents in degraded', times.named, times.named ? 'all' : 'not all');
  judge(`p50 under ${bars.openMs} ms with open breakers`, open < bars.openMs, `${open.toFixed(1)} ms`);
}

/** A model over HTTP, as the server has it. */
function remoteModel(): CountedModel {
  const cost = noCost();
  const model = openAiLanguageModel({
    baseUrl: service.baseUrl,
    model: 'small',
    price,
    // A replay may keep this process from its timers for longer than a server is.
    deadlineMs: 30_000,
    onCall: ({ usage }) => addCall(cost, usage),
  });
  return { model, cost };
}

/** Costs what the service would count, and answers nothing. */
function countingModel(): CountedModel {
  const cost = noCost();
  const tokensOf = (text: string): number => Math.ceil(text.length / 4);
  return {
    cost,
    model: {
      version: 'counting',
      complete: ({ system, user, schema }) => {
        const text = '{"scores":[{"id":1,"score":0.51}]}';
        addCall(cost, usageOf(tokensOf(system + user), tokensOf(text), price));
        return Promise.resolve({ value: schema.parse(JSON.parse(text)), usage: noUsage });
      },
    },
  };
}

function noCost(): Cost {
  return { calls: 0, inputTokens: 0, outputTokens: 0, usd: 0 };
}

function printCost(way: string, cost: Cost, first: Cost): void {
  const cells = [cost.calls, cost.inputTokens, cost.outputTokens].map((count) => count.toLocaleString('en'));
  process.stdout.write(
    `| ${way} | ${cells.join(' | ')} | ${cost.usd.toFixed(4)} | ${(cost.usd / first.usd).toFixed(3)} |\n`,
  );
}

function share(part: number): string {
  return `${(100 * part).toFixed(0)} %`;
}

function judge(bar: string, met: boolean, figure: string): void {
  process.stdout.write(`Bar: ${bar}: ${figure}, ${met ? 'met' : 'missed'}\n`);
  if (!met) process.exitCode = 1;
}
