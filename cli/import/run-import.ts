import { createHash } from 'node:crypto';
import type { Database } from '#platform/database/database.ts';
import { appendEvent, inTransactionWithEvents } from '#platform/events/outbox.ts';
import { trainItemNeighbours } from '../../subgraphs/feed/learning/train-item-neighbours.ts';
import { UsageError } from '../command.ts';
import type { Display } from './display.ts';
import { importTable, type ImportRun, type TableResult } from './import-table.ts';
import { completeProgress } from './progress-store.ts';
import { inspectInput, type Input } from './reading/open-input.ts';
import { RejectsReport, type ReportedRejection } from './rejects-report.ts';
import { contentsTable } from './tables/contents-table.ts';
import { interactionsTable } from './tables/interactions-table.ts';
import { vendorsTable } from './tables/vendors-table.ts';

export interface ImportOptions {
  /** Paths; at least one is given. They are imported in the order vendors, contents, interactions. */
  readonly vendors?: string | undefined;
  readonly contents?: string | undefined;
  readonly interactions?: string | undefined;
  readonly dryRun?: boolean;
  /** Begins anew where an earlier run of the same files was interrupted. */
  readonly restart?: boolean;
  /** Where to write every rejected line, as CSV. */
  readonly rejects?: string | null;
  /** Stops after the chunk in hand. */
  readonly signal?: AbortSignal;
  readonly display: Display;
}

export interface ImportResult {
  /** Good rows of each file. */
  readonly accepted: { readonly vendors: number; readonly contents: number; readonly interactions: number };
  readonly rejected: number;
  /** The first few. */
  readonly rejections: readonly ReportedRejection[];
  /** The file and line behind which it was stopped; null when it ran to its end. */
  readonly stoppedAt: { readonly path: string; readonly line: number } | null;
  /** Neighbour lists trained; null for a dry run or an interrupted one. */
  readonly trained: { readonly items: number; readonly neighbours: number } | null;
}

/**
 * Imports up to three files, then trains the item neighbours and raises `import.completed`. Running it twice gives
 * the same rows as once; so does running it again after it was interrupted, which goes on where it stopped.
 * @throws UsageError for files that cannot be read or lack a column; CommandError for damaged ones.
 */
export async function runImport(database: Database, options: ImportOptions): Promise<ImportResult> {
  const inputs = await inspectInputs(options);
  const rejects = await RejectsReport.open(options.rejects ?? null);
  const run: ImportRun = {
    database,
    importId: importIdOf(inputs),
    now: new Date(),
    dryRun: options.dryRun ?? false,
    restart: options.restart ?? false,
    signal: options.signal ?? new AbortController().signal,
    display: options.display,
    rejects,
  };
  const accepted = { vendors: 0, contents: 0, interactions: 0 };
  try {
    const { stoppedAt } = await importTables(run, inputs, accepted);
    const trained = stoppedAt === null && !run.dryRun ? await finish(run, accepted) : null;
    return { accepted, rejected: rejects.count, rejections: rejects.sample, stoppedAt, trained };
  } finally {
    await rejects.close();
  }
}

interface Inputs {
  readonly vendors: Input | null;
  readonly contents: Input | null;
  readonly interactions: Input | null;
}

async function inspectInputs({ vendors, contents, interactions }: ImportOptions): Promise<Inputs> {
  if (vendors === undefined && contents === undefined && interactions === undefined) {
    throw new UsageError('Name at least one file: --vendors, --content or --interactions.');
  }
  const inspect = (path: string | undefined) => (path === undefined ? null : inspectInput(path));
  return {
    vendors: await inspect(vendors),
    contents: await inspect(contents),
    interactions: await inspect(interactions),
  };
}

/** The same set of files gives the same id; another vendors file makes rejected contents worth another look. */
function importIdOf(inputs: Inputs): string {
  const digests = [inputs.vendors, inputs.contents, inputs.interactions].map((input) => input?.digest ?? '-');
  return createHash('sha256').update(digests.join('\n')).digest('hex');
}

async function importTables(
  run: ImportRun,
  { vendors, contents, interactions }: Inputs,
  accepted: { vendors: number; contents: number; interactions: number },
): Promise<Pick<ImportResult, 'stoppedAt'>> {
  const stop = ({ stoppedAt }: TableResult, { path }: Input) =>
    stoppedAt === null ? null : { stoppedAt: { path, line: stoppedAt } };
  let newVendors: ReadonlySet<string> = new Set();
  let newContents: ReadonlySet<string> = new Set();
  if (vendors !== null) {
    const result = await importTable(run, vendorsTable, vendors, new Set());
    accepted.vendors = result.accepted;
    newVendors = result.ids;
    const stopped = stop(result, vendors);
    if (stopped !== null) return stopped;
  }
  if (contents !== null) {
    const result = await importTable(run, contentsTable, contents, newVendors);
    accepted.contents = result.accepted;
    newContents = result.ids;
    const stopped = stop(result, contents);
    if (stopped !== null) return stopped;
  }
  if (interactions !== null) {
    const result = await importTable(run, interactionsTable, interactions, newContents);
    accepted.interactions = result.accepted;
    const stopped = stop(result, interactions);
    if (stopped !== null) return stopped;
  }
  return { stoppedAt: null };
}

async function finish(
  { database, importId, display }: ImportRun,
  accepted: ImportResult['accepted'],
): Promise<{ items: number; neighbours: number }> {
  display.begin('training', 1);
  const trained = await trainItemNeighbours(database, {
    // So that feeds are personal at once; a server, or `bouquet train`, trains deeply.
    method: 'quick',
    onProgress: (done, total) => display.update(total === 0 ? 0 : done / total),
  });
  display.end();
  await inTransactionWithEvents(database, async (tx) => {
    await completeProgress(tx, importId);
    await appendEvent(tx, 'import.completed', { importId, ...accepted });
  });
  return { items: trained.items, neighbours: trained.neighbours };
}
