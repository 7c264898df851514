import type { Argv } from 'yargs';
import { exitCodes, UsageError, type Command } from '../command.ts';

interface ExportArguments {
  since: string | undefined;
  out: string | undefined;
}

/** `bouquet slates export`: slates, propensities and outcomes, for evaluation elsewhere. */
export const command: Command<ExportArguments> = {
  builder: (yargs: Argv) =>
    yargs
      .option('since', {
        type: 'string',
        describe: 'Only what was served since then, as 2026-10-01 or 2026-10-01T12:00:00Z; absent: all',
      })
      .option('out', { type: 'string', describe: 'The file to write; absent: standard output' })
      .example('$0 slates export --since 2026-10-01 --out slates.jsonl', 'What was served since then')
      .example('$0 slates export | gzip > slates.jsonl.gz', 'All of it, compressed')
      .epilogue(
        `Names nobody: feeds by their ids, user segments, items.\nWhat a line has: docs/reference/slate-log.md\n${exitCodes}`,
      ),
  handler: async ({ since, out }) => {
    const from = since === undefined ? null : new Date(since);
    if (from !== null && Number.isNaN(from.getTime())) {
      throw new UsageError('--since takes a time, as 2026-10-01 or 2026-10-01T12:00:00Z.');
    }
    const { exportSlates } = await import('./export-slates.ts');
    const lines = await exportSlates(from, out ?? null);
    process.stderr.write(`${lines} slates.\n`);
  },
};
