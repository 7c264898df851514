import { cpus, totalmem } from 'node:os';
import manifest from '../package.json' with { type: 'json' };
import { listLength, type EvaluatedUser, type GoodbooksRun } from './evaluate-goodbooks.ts';
import { bootstrapInterval, mean, type Interval } from './metrics/bootstrap.ts';
import { coverageAt, ndcgAt, recallAt } from './metrics/ranking-metrics.ts';

/** The feed must find this many times what trending finds. */
const leastRatio = 3;

export interface Judgement {
  readonly text: string;
  readonly passed: boolean;
}

interface UserRecall {
  readonly feed: number;
  readonly trending: number;
}

/** Judges what was served and says so in Markdown, with what one needs to repeat it. */
export function judge({ users, trainingPairs, catalogueSize }: GoodbooksRun): Judgement {
  const recalls = users.map(({ heldOut, feed, trending }) => ({
    feed: recallAt(listLength, feed.items, heldOut),
    trending: recallAt(listLength, trending, heldOut),
  }));
  const ratio = bootstrapInterval(recalls, ratioOf);
  const passed = ratio.mean >= leastRatio;
  const heldOutPairs = users.reduce((sum, { heldOut }) => sum + heldOut.size, 0);
  const text = [
    `goodbooks: ${count(trainingPairs)} saves imported, ${count(heldOutPairs)} saves of ${count(users.length)} users ` +
      '(all evaluation users of the split by hash) held out, about 20 % of theirs.',
    '',
    '| list | recall@20 | 95 % interval | NDCG@20 | coverage@20 |',
    '| --- | ---: | ---: | ---: | ---: |',
    row('feed(first: 20)', recalls, 'feed', users, ({ feed }) => feed.items, catalogueSize),
    row(
      'trending, without the own items',
      recalls,
      'trending',
      users,
      ({ trending }) => trending,
      catalogueSize,
    ),
    '',
    `feed / trending: ${ratio.mean.toFixed(2)} (95 % interval ${ratio.low.toFixed(2)}-${ratio.high.toFixed(2)}); ` +
      `at least ${leastRatio} is asked for: ${passed ? 'passed' : 'FAILED'}.`,
    served(users),
    'Recency is off: the data has no times, so every save has the same one, and books count as published on the ' +
      'first of January of their year, 2017 at the latest, where freshness is below 1e-50 of a score.',
    `${new Date().toISOString().slice(0, 10)}, ${machine()}, Node ${process.versions.node}, ` +
      `Bouquet ${manifest.version}, PGlite ${manifest.dependencies['@electric-sql/pglite']}.`,
    'Based on goodbooks-10k by Zygmunt Zając, CC BY-SA 4.0.',
  ].join('\n');
  return { text, passed };
}

function row(
  name: string,
  recalls: readonly UserRecall[],
  key: keyof UserRecall,
  users: readonly EvaluatedUser[],
  listOf: (user: EvaluatedUser) => readonly string[],
  catalogueSize: number,
): string {
  const recall = bootstrapInterval(
    recalls.map((values) => values[key]),
    mean,
  );
  const ndcg = mean(users.map((user) => ndcgAt(listLength, listOf(user), user.heldOut)));
  const coverage = coverageAt(listLength, users.map(listOf), catalogueSize);
  const cells = [name, recall.mean.toFixed(4), interval(recall), ndcg.toFixed(4), coverage.toFixed(4)];
  return `| ${cells.join(' | ')} |`;
}

function ratioOf(recalls: readonly UserRecall[]): number {
  return mean(recalls.map(({ feed }) => feed)) / mean(recalls.map(({ trending }) => trending));
}

/** Where the items came from, and whether anything was left out. */
function served(users: readonly EvaluatedUser[]): string {
  const sources = tally(users.flatMap(({ feed }) => feed.sources));
  const modes = tally(users.map(({ feed }) => feed.mode));
  const degraded = users.filter(({ feed }) => feed.degraded.length > 0).length;
  return `Items by source: ${sources}. Feeds by mode: ${modes}. Degraded feeds: ${degraded}.`;
}

function tally(values: readonly string[]): string {
  return [...Map.groupBy(values, (value) => value)]
    .map(([value, group]) => `${value} ${count(group.length)}`)
    .join(', ');
}

function interval({ low, high }: Interval): string {
  return `${low.toFixed(4)}-${high.toFixed(4)}`;
}

function count(value: number): string {
  return value.toLocaleString('en');
}

function machine(): string {
  const processors = cpus();
  return `${processors.length} × ${processors[0]?.model ?? 'unknown processor'}, ${Math.round(totalmem() / 2 ** 30)} GiB`;
}
