/**
 * `npm run bench:vectors`: searching vector segments, as the embedded index does, against its rivals on one index of
 * everything: usearch asked for more until enough pass the filter, and an exact scan of what passes. The vectors are
 * random and clustered.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { Index, MetricKind, ScalarKind } from '../platform/vectors/usearch.ts';
import { createUsearchIndex } from '../platform/vectors/usearch-index.ts';
import type { VectorPoint } from '../platform/vectors/vector-index.ts';
import { clusteredVectors } from './clustered-vectors.ts';
import { machineLine, versionsOf } from './machine.ts';
import { quantile } from './quantiles.ts';

const [count, dimensions, regions, categories] = [100_000, 128, 16, 10];
const limit = 100;
const searches = 500;
const warmUpMs = 10_000;
const bar = { faster: 10, recall: 0.98 };

interface Filter {
  readonly name: string;
  readonly regions: readonly string[];
  readonly categories: readonly string[];
}

const vectors = clusteredVectors({ count: count + searches, dimensions, seed: 1 });
const points: readonly VectorPoint[] = vectors.slice(0, count).map((vector, index) => ({
  id: String(index),
  vector,
  region: `R${index % regions}`,
  category: `c${Math.floor(index / regions) % categories}`,
}));
const queries = vectors.slice(count);

async function* batches(): AsyncGenerator<readonly VectorPoint[]> {
  for (let start = 0; start < count; start += 1000)
    yield await Promise.resolve(points.slice(start, start + 1000));
}

process.stderr.write('Building …\n');
const segments = createUsearchIndex();
const stopWatching = watchMainThread();
const segmentsStart = performance.now();
await segments.replaceAll(batches(), { version: 'bench', dimensions });
const segmentsMs = performance.now() - segmentsStart;
const busiestMs = stopWatching();

const graph = {
  dimensions,
  metric: MetricKind.Cos,
  quantization: ScalarKind.F16,
  connectivity: 24,
  expansion_add: 128,
  expansion_search: 256,
  multi: false,
};
const everything = new Index(graph);
const everythingStart = performance.now();
for (const [index, { vector }] of points.entries())
  everything.add(BigUint64Array.of(BigInt(index)), vector, 1);
const everythingMs = performance.now() - everythingStart;

const takeOverMs = takeOverTime();
const upserts = await upsertTimes();

const passes = ({ region, category }: VectorPoint, filter: Filter): boolean =>
  filter.regions.includes(region) && (filter.categories.length === 0 || filter.categories.includes(category));

type Contestant = (vector: Float32Array, filter: Filter) => Promise<string[]>;

const contestants = {
  'segment search': async (vector, filter) =>
    (await segments.search({ vector, limit, ...filter })).map(({ id }) => id),

  'filtered search, over-fetching': async (vector, filter) => {
    // It is told the share that passes, and starts with what that share needs on average.
    const share = filter.categories.length === 0 ? 1 / regions : 1 / (regions * categories);
    for (let wanted = Math.ceil(limit / share); ; wanted = Math.min(count, wanted * 2)) {
      const found: string[] = [];
      for (const key of everything.search(vector, wanted, 1).keys) {
        const point = points[Number(key)];
        if (point !== undefined && passes(point, filter) && found.push(point.id) === limit) break;
      }
      if (found.length === limit || wanted === count) return Promise.resolve(found);
    }
  },

  'exact scan of what passes': async (vector, filter) => {
    const scored: { id: string; similarity: number }[] = [];
    for (const point of points) {
      if (passes(point, filter)) scored.push({ id: point.id, similarity: dot(vector, point.vector) });
    }
    scored.sort((a, b) => b.similarity - a.similarity);
    return Promise.resolve(scored.slice(0, limit).map(({ id }) => id));
  },
} as const satisfies Readonly<Record<string, Contestant>>;

const filters: readonly ((search: number) => Filter)[] = [
  (search) => ({
    name: 'region and category (1 in 160)',
    regions: [`R${search % regions}`],
    categories: [`c${Math.floor(search / regions) % categories}`],
  }),
  (search) => ({ name: 'region (1 in 16)', regions: [`R${search % regions}`], categories: [] }),
];

/** Runs one search on each contestant in turn, so that a slow moment of the machine hits them alike. */
async function round(search: number, filter: Filter): Promise<{ ms: number; ids: string[] }[]> {
  const results: { ms: number; ids: string[] }[] = [];
  for (const contestant of Object.values<Contestant>(contestants)) {
    const start = performance.now();
    const ids = await contestant(queries[search % searches] ?? new Float32Array(dimensions), filter);
    results.push({ ms: performance.now() - start, ids });
  }
  return results;
}

process.stderr.write('Warming up …\n');
const warmUntil = performance.now() + warmUpMs;
for (let search = 0; performance.now() < warmUntil; search++) {
  for (const filter of filters) await round(search, filter(search));
}

process.stderr.write(`Measuring ${searches} searches a filter …\n`);
const rows: string[] = [];
let met = true;
for (const filter of filters) {
  const times = Object.keys(contestants).map((): number[] => []);
  const found = Object.keys(contestants).map(() => 0);
  for (let search = 0; search < searches; search++) {
    const results = await round(search, filter(search));
    const exact = new Set(results.at(-1)?.ids);
    for (const [index, { ms, ids }] of results.entries()) {
      times[index]?.push(ms);
      found[index] = (found[index] ?? 0) + ids.filter((id) => exact.has(id)).length;
    }
  }
  const p50 = times.map((values) => quantile(values, 0.5));
  const recalls = found.map((hits) => hits / (searches * limit));
  for (const [index, name] of Object.keys(contestants).entries()) {
    const cells = [
      (recalls[index] ?? 0).toFixed(4),
      (p50[index] ?? 0).toFixed(3),
      quantile(times[index] ?? [], 0.99).toFixed(3),
      ((p50[index] ?? 0) / (p50[0] ?? 0)).toFixed(1),
    ];
    rows.push(`| ${filter(0).name} | ${name} | ${cells.join(' | ')} |`);
  }
  met &&= (p50[1] ?? 0) / (p50[0] ?? Infinity) >= bar.faster && (recalls[0] ?? 0) >= bar.recall;
}
await segments.close();

/** Milliseconds for which a graph of everything would hold the event loop when a worker thread hands it over. */
function takeOverTime(): number {
  const folder = mkdtempSync(join(tmpdir(), 'bouquet-bench-'));
  const path = join(folder, 'everything.usearch');
  everything.save(path);
  const loaded = new Index(graph);
  const start = performance.now();
  loaded.load(path);
  const ms = performance.now() - start;
  rmSync(folder, { recursive: true });
  return ms;
}

/**
 * Watches the processor time of this thread; the returned function gives the most, in ms, between two ticks that
 * are 5 ms apart. Unlike the delay of the event loop it does not grow when others use the machine.
 */
function watchMainThread(): () => number {
  let last = process.threadCpuUsage();
  let most = 0;
  const timer = setInterval(() => {
    const { user, system } = process.threadCpuUsage(last);
    last = process.threadCpuUsage();
    most = Math.max(most, (user + system) / 1000);
  }, 5);
  return () => {
    clearInterval(timer);
    return most;
  };
}

/** Milliseconds of single upserts into the built index. */
async function upsertTimes(): Promise<number[]> {
  const times: number[] = [];
  for (const point of points.slice(0, 1000)) {
    const start = performance.now();
    await segments.upsert([point]);
    times.push(performance.now() - start);
  }
  return times;
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let index = 0; index < dimensions; index++) sum += (a[index] ?? 0) * (b[index] ?? 0);
  return sum;
}

const seconds = (ms: number): string => (ms / 1000).toFixed(1);
const lines = [
  `Vector search: ${count} random clustered vectors of ${dimensions} dimensions, ${regions} regions × ${categories} categories, the ${limit} nearest`,
  machineLine(),
  versionsOf(['usearch']),
  '',
  '| filter | contestant | recall@100 | p50 ms | p99 ms | p50 to segment |',
  '| --- | --- | ---: | ---: | ---: | ---: |',
  ...rows,
  '',
  `Build: segments ${seconds(segmentsMs)} s in a worker thread, one index of everything ${seconds(everythingMs)} s.`,
  `Meanwhile the main thread was busy for ${busiestMs.toFixed(0)} ms at most between two ticks of 5 ms.`,
  `Handing over one graph of ${count} vectors would hold the main thread for ${takeOverMs.toFixed(0)} ms.`,
  `Upsert into the segments: p50 ${quantile(upserts, 0.5).toFixed(2)} ms, p99 ${quantile(upserts, 0.99).toFixed(2)} ms.`,
  '',
  `Bar: segment search at least ${bar.faster} x faster than filtered search at recall@100 >= ${bar.recall}: ${met ? 'met' : 'missed'}`,
];
process.stdout.write(`${lines.join('\n')}\n`);
process.exitCode = met ? 0 : 1;
