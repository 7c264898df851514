import type { Database, Transaction } from '#platform/database/database.ts';
import type { ProcessReport as ProcessReportRow } from '#platform/database/generated/client.ts';
import { cacheReadsSchema, mergeReports, type ProcessReport } from './process-reports.ts';
import { dayMs, hourMs } from './window.ts';

/** The longest window and some days to spare. */
const retentionMs = 35 * dayMs;

/** Adds `reports` to what is stored of their processes and periods. Call it from one transaction at a time. */
export async function storeReports(tx: Transaction, reports: readonly ProcessReport[]): Promise<void> {
  const keys = mergeReports(reports).map(({ processId, period, startsAt }) => ({
    processId,
    period,
    startsAt,
  }));
  if (keys.length === 0) return;
  const stored = await tx.processReport.findMany({ where: { OR: keys } });
  await tx.processReport.deleteMany({ where: { OR: keys } });
  const merged = mergeReports([...stored.map((row) => fromRow(row)), ...reports]);
  await tx.processReport.createMany({ data: merged });
}

/** Drops what no window reaches any more. */
export async function dropOldReports(tx: Transaction, now: Date): Promise<void> {
  const before = new Date(now.getTime() - retentionMs);
  await tx.$executeRaw`
    DELETE FROM metrics.process_report
    WHERE period IN ('MINUTE', 'HOUR') AND starts_at < ${before}::timestamptz`;
}

/**
 * What all processes reported from `from` on, to the minute: whole hours are read as such, so that a month takes no
 * more than 780 rows a process.
 */
export async function readReportsSince({ prisma }: Database, from: Date): Promise<ProcessReport[]> {
  const wholeHours = new Date(Math.ceil(from.getTime() / hourMs) * hourMs);
  const rows = await prisma.processReport.findMany({
    where: {
      OR: [
        { period: 'MINUTE', startsAt: { gte: from, lt: wholeHours } },
        { period: 'HOUR', startsAt: { gte: wholeHours } },
      ],
    },
  });
  return rows.map((row) => fromRow(row));
}

/** What all processes reported in the minutes that begin at or after `from`, minute by minute. */
export async function readMinutesSince({ prisma }: Database, from: Date): Promise<ProcessReport[]> {
  const rows = await prisma.processReport.findMany({ where: { period: 'MINUTE', startsAt: { gte: from } } });
  return rows.map((row) => fromRow(row));
}

function fromRow(row: ProcessReportRow): ProcessReport {
  return {
    ...row,
    requests: Number(row.requests),
    errors: Number(row.errors),
    caches: cacheReadsSchema.parse(row.caches),
  };
}
