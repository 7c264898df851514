import type { Database } from '#platform/database/database.ts';
import type { Display } from './display.ts';
import { advanceProgress, beginProgress, findProgress, type PartProgress } from './progress-store.ts';
import type { Input } from './reading/open-input.ts';
import type { RejectsReport } from './rejects-report.ts';
import { rowChunks, type RowChunk } from './row-chunks.ts';
import type { Table } from './tables/table.ts';

/** What the tables of one run share. */
export interface ImportRun {
  readonly database: Database;
  /** Tells this set of files from every other. */
  readonly importId: string;
  readonly now: Date;
  /** Checks everything and stores nothing. */
  readonly dryRun: boolean;
  /** Forgets where an interrupted run of the same files stopped. */
  readonly restart: boolean;
  /** Stops after the chunk in hand. */
  readonly signal: AbortSignal;
  readonly display: Display;
  readonly rejects: RejectsReport;
}

export interface TableResult {
  /** Good rows, also those that an interrupted run had stored and those that changed nothing. */
  readonly accepted: number;
  /** Whether it stopped at the signal, and at which line. */
  readonly stoppedAt: number | null;
  /** In a dry run, the ids of the good rows, which later tables may refer to; else empty. */
  readonly ids: ReadonlySet<string>;
}

/** A transaction should stay below this; chunks shrink when it does not. */
const slowChunkMs = 1_000;
const leastChunkRows = 250;

/**
 * Imports one file, a transaction per chunk; while the database stores a chunk, the next one is read. Each
 * transaction also moves the progress row, from which an interrupted run goes on. Chunks that were stored before
 * are checked again, so that the report of rejected lines is whole, but not stored again.
 * `newIds` are good ids of the table that this one refers to, from the same dry run.
 */
export async function importTable<Row extends { readonly id: string }>(
  run: ImportRun,
  table: Table<Row>,
  input: Input,
  newIds: ReadonlySet<string>,
): Promise<TableResult> {
  const { display, signal } = run;
  const progress = run.dryRun ? null : await resumeOrBegin(run, table.part);
  if (progress !== null && progress.done > 0) {
    display.note(`${input.path}: going on behind line ${progress.done}, where the last run stopped.`);
  }
  let chunkRows = table.chunkRows;
  let bytesRead = 0;
  let accepted = 0;
  const ids = new Set<string>();
  display.begin(table.part, input.bytes);
  const chunks = rowChunks(table, input, {
    now: run.now,
    chunkRows: () => chunkRows,
    onRead: (bytes) => {
      bytesRead = bytes;
    },
    onUnknownColumns: (columns) =>
      display.note(
        `${input.path}: ignored the unknown column${columns.length > 1 ? 's' : ''} ${columns.join(', ')}.`,
      ),
  });
  try {
    for await (const chunk of oneAhead(chunks)) {
      const start = performance.now();
      const unknown =
        progress === null || chunk.lastLine <= progress.done
          ? await findUnknown(run, table, chunk, newIds)
          : await storeChunk(run, table, chunk);
      chunkRows = nextChunkRows(chunkRows, table.chunkRows, performance.now() - start);
      const good = await report(run, table, input, chunk, unknown);
      accepted += good.length;
      if (run.dryRun && table.part !== 'interactions') for (const row of good) ids.add(row.id);
      display.update(bytesRead, accepted);
      if (signal.aborted) return { accepted, stoppedAt: chunk.lastLine, ids };
    }
  } finally {
    display.end();
  }
  return { accepted, stoppedAt: null, ids };
}

async function resumeOrBegin(run: ImportRun, part: string): Promise<PartProgress> {
  const found = await findProgress(run.database, run.importId, part);
  if (found !== null && found.completedAt === null && !run.restart) return found;
  return beginProgress(run.database, run.importId, part, run.now);
}

/** Stores the chunk and moves the progress in one transaction; returns unknown ids that rows refer to. */
function storeChunk<Row>(
  run: ImportRun,
  table: Table<Row>,
  chunk: RowChunk<Row>,
): Promise<readonly string[]> {
  return run.database.transaction(async (tx) => {
    const rows = chunk.rows.map(({ row }) => row);
    const unknown = rows.length === 0 ? [] : await table.store(tx, rows);
    await advanceProgress(tx, run.importId, table.part, chunk.lastLine);
    return unknown;
  });
}

/** The unknown ids that rows refer to, without storing any. */
async function findUnknown<Row>(
  run: ImportRun,
  { reference }: Table<Row>,
  chunk: RowChunk<Row>,
  newIds: ReadonlySet<string>,
): Promise<readonly string[]> {
  if (reference === null) return [];
  const asked = new Set(chunk.rows.map(({ row }) => reference.idOf(row))).difference(newIds);
  if (asked.size === 0) return [];
  return [...asked.difference(new Set(await reference.known(run.database, [...asked])))];
}

/** Reports the chunk's rejections in the order of lines and returns its good rows. */
async function report<Row>(
  run: ImportRun,
  { reference }: Table<Row>,
  input: Input,
  chunk: RowChunk<Row>,
  unknownIds: readonly string[],
): Promise<Row[]> {
  const rejections = [...chunk.rejections];
  const good: Row[] = [];
  const unknown = new Set(unknownIds);
  for (const { line, row } of chunk.rows) {
    const id = reference?.idOf(row);
    if (id !== undefined && unknown.has(id)) {
      rejections.push({ line, reason: `${reference?.column} ${id} is not among the ${reference?.part}` });
    } else {
      good.push(row);
    }
  }
  await run.rejects.add(
    input.path,
    rejections.toSorted((a, b) => a.line - b.line),
  );
  return good;
}

function nextChunkRows(current: number, most: number, lastMs: number): number {
  if (lastMs > slowChunkMs) return Math.max(Math.ceil(current / 2), Math.min(leastChunkRows, most));
  return lastMs < slowChunkMs / 3 ? Math.min(current * 2, most) : current;
}

/** Asks for the next item while the last one is worked on. */
async function* oneAhead<T>(items: AsyncGenerator<T, void, undefined>): AsyncGenerator<T, void, undefined> {
  let next = items.next();
  try {
    for (;;) {
      const { value, done } = await next;
      if (done === true || value === undefined) return;
      next = items.next();
      // Its failure is met when it is awaited, which is after the work on this item.
      next.catch(() => undefined);
      yield value;
    }
  } finally {
    await next.catch(() => undefined);
    await items.return();
  }
}
