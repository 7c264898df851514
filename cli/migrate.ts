import type { Argv } from 'yargs';
import { exitCodes, UsageError, type Command } from './command.ts';

interface MigrateOptions {
  'dry-run': boolean;
  status: boolean;
}

/** `bouquet migrate`: applies the migrations that the database lacks, or tells which. `start` does so by itself. */
export const command: Command<MigrateOptions> = {
  builder: (yargs: Argv) =>
    yargs
      .option('dry-run', {
        type: 'boolean',
        default: false,
        describe: 'Print the migrations that would be applied, and change nothing',
      })
      .option('status', {
        type: 'boolean',
        default: false,
        describe: 'Print every migration as applied or pending, and change nothing',
      })
      .example('$0 migrate', 'Apply what is pending; safe to repeat, and by two processes at once')
      .example('DATABASE_URL=postgresql://… $0 migrate --status', 'How far a PostgreSQL database is')
      .epilogue(exitCodes),
  handler: async ({ dryRun, status }) => {
    if (dryRun && status)
      throw new UsageError('--status lists what --dry-run lists and more: give one of them.');
    const { applyMigrations, listMigrations } = await import('./migrate/migrations.ts');
    if (!dryRun && !status) {
      const applied = await applyMigrations();
      print(applied.length === 0 ? ['Nothing to apply.'] : applied.map((name) => `applied  ${name}`));
      return;
    }
    const migrations = await listMigrations();
    const shown = migrations.filter(({ pending }) => status || pending);
    print(
      shown.length === 0
        ? ['Nothing to apply.']
        : shown.map(({ name, pending }) => `${pending ? 'pending' : 'applied'}  ${name}`),
    );
  },
};

function print(lines: readonly string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`);
}
