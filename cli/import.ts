import type { Argv } from 'yargs';
import type { Command } from './command.ts';

interface ImportArguments {
  content: string | undefined;
  vendors: string | undefined;
  interactions: string | undefined;
  'dry-run': boolean;
  rejects: string | undefined;
  restart: boolean;
}

/** `bouquet import`: a marketplace's own vendors, contents and interactions from files. */
export const command: Command<ImportArguments> = {
  builder: (yargs: Argv) =>
    yargs
      .option('vendors', { type: 'string', describe: 'CSV or NDJSON: id,name,region,description,websiteUrl' })
      .option('content', {
        type: 'string',
        describe: 'CSV or NDJSON: id,vendorId,title,description,category,region,tags,imageUrl,publishedAt',
      })
      .option('interactions', {
        type: 'string',
        describe: 'CSV or NDJSON: id,userId,contentId,type,occurredAt',
      })
      .option('dry-run', { type: 'boolean', default: false, describe: 'Check every line and store nothing' })
      .option('rejects', {
        type: 'string',
        describe: 'Write every rejected line to this file, as file,line,reason',
      })
      .option('restart', {
        type: 'boolean',
        default: false,
        describe: 'Begin anew where an earlier run of the same files was interrupted',
      })
      .example('$0 import --vendors vendors.csv --content content.ndjson.gz', 'A catalogue')
      .example('$0 import --interactions saves.csv --dry-run --rejects rejects.csv', 'What would be rejected')
      .epilogue(
        'Files may be gzipped. Formats and rules: docs/reference/import.md\n' +
          'Exit codes: 0 done, 1 failed, 2 wrong option, file or configuration, 3 done but some lines were rejected, ' +
          '130 interrupted (run it again to go on).',
      ),
  handler: async (options) => {
    const { importFiles } = await import('./import/import-files.ts');
    process.exitCode = await importFiles({
      vendors: options.vendors,
      contents: options.content,
      interactions: options.interactions,
      dryRun: options.dryRun,
      rejects: options.rejects ?? null,
      restart: options.restart,
    });
  },
};
