import { readConfig } from '#platform/config/config.ts';
import { openDatabase } from '#platform/database/database.ts';
import { migrate } from '#platform/database/migrate.ts';
import { createLogger } from '#platform/logging/logger.ts';
import { createDisplay } from './display.ts';
import { runImport, type ImportOptions, type ImportResult } from './run-import.ts';

/**
 * Runs an import for a person at a terminal: progress on standard error, the summary on standard output. Ctrl-C
 * stops after the chunk in hand, a second one at once. Returns the exit code: 0 done, 3 done but some lines were
 * rejected, 130 interrupted.
 */
export async function importFiles(options: Omit<ImportOptions, 'signal' | 'display'>): Promise<0 | 3 | 130> {
  const config = readConfig();
  const stopping = new AbortController();
  const onSignal = (): void => {
    if (stopping.signal.aborted) process.exit(130);
    stopping.abort();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  const database = await openDatabase(config, { share: true, logger: createLogger(config.LOG_LEVEL) });
  try {
    await migrate(database.pool);
    const start = performance.now();
    const result = await runImport(database, {
      ...options,
      signal: stopping.signal,
      display: createDisplay(process.stderr),
    });
    const seconds = (performance.now() - start) / 1000;
    process.stdout.write(`${summary(result, options, seconds)}\n`);
    if (result.stoppedAt !== null) return 130;
    return result.rejected > 0 ? 3 : 0;
  } finally {
    await database.close();
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  }
}

function summary(
  { accepted, rejected, rejections, stoppedAt, trained }: ImportResult,
  { dryRun, rejects }: Pick<ImportOptions, 'dryRun' | 'rejects'>,
  seconds: number,
): string {
  const counts = Object.entries(accepted).map(([part, count]) => `${count.toLocaleString('en')} ${part}`);
  const lines = [
    `${dryRun === true ? 'Good, but not stored (dry run)' : 'Imported'}: ${counts.join(', ')} in ${seconds.toFixed(1)} s.`,
  ];
  if (trained !== null) lines.push(`Trained neighbours of ${trained.items.toLocaleString('en')} items.`);
  if (rejected > 0) {
    lines.push(`Rejected: ${rejected.toLocaleString('en')} line${rejected > 1 ? 's' : ''}.`);
    for (const { path, line, reason } of rejections) lines.push(`  ${path}:${line}: ${reason}`);
    const more = rejected - rejections.length;
    if (more > 0) lines.push(`  … and ${more.toLocaleString('en')} more`);
    lines.push(rejects == null ? 'Write them all to a file with --rejects FILE.' : `All of them: ${rejects}`);
  }
  if (stoppedAt !== null) {
    lines.push(
      `Stopped behind line ${stoppedAt.line} of ${stoppedAt.path}. Run the same command again to go on.`,
    );
  }
  return lines.join('\n');
}
