import yargs from 'yargs';
import manifest from '../package.json' with { type: 'json' };
import { exitCodes, UsageError } from './command.ts';
import { explainError } from './explain-error.ts';
import { register } from './register.ts';

/** Runs the command that `args` names. What went wrong stands on standard error and in the exit code. */
async function main(args: readonly string[]): Promise<void> {
  const cli = yargs()
    .scriptName('bouquet')
    .locale('en')
    .usage('$0 COMMAND [OPTIONS]\n\nA self-hosted feed engine for creative-vendor marketplaces.')
    .parserConfiguration({ 'duplicate-arguments-array': false })
    .strict()
    .strictCommands()
    .demandCommand(1, 'Name a command')
    .version(manifest.version)
    .alias({ h: 'help', v: 'version' })
    .completion('completion', 'Print a script that completes commands and options in bash or zsh')
    .example('$0 start', 'Serve everything on http://127.0.0.1:4000/graphql')
    .example('$0 import --content content.csv.gz', 'Read a catalogue')
    .example('$0 COMMAND --help', 'The options and examples of one command')
    .epilogue(exitCodes)
    .exitProcess(false)
    .fail(refuse);
  register(cli, 'start [role] [name]', 'Serve the API', () => import('./start.ts'));
  register(cli, 'migrate', 'Bring the database up to date', () => import('./migrate.ts'));
  register(cli, 'seed', 'Generate a marketplace to try things on', () => import('./seed.ts'));
  register(cli, 'import', 'Read vendors, contents and interactions from files', () => import('./import.ts'));
  register(
    cli,
    'train [model]',
    'Train what the ranking learns from interactions',
    () => import('./train.ts'),
  );
  register(cli, 'reindex', 'Fill the vector index anew', () => import('./reindex.ts'));
  register(cli, 'keys', 'Make, list, rotate and revoke API keys', () => import('./keys.ts'));
  register(
    cli,
    'experiments',
    'Make, list and revoke the keys of GrowthBook SDKs',
    () => import('./experiments.ts'),
  );
  register(
    cli,
    'documents <action> [names..]',
    'List, check, publish and remove persisted documents',
    () => import('./documents.ts'),
  );
  register(cli, 'evaluate', 'What a log says of what was not done', () => import('./evaluate.ts'));
  register(cli, 'slates', 'Export the log of the pages that were served', () => import('./slates.ts'));
  try {
    await cli.parseAsync(args);
  } catch (error) {
    const { message, exitCode } = explainError(error, process.env);
    process.stderr.write(`bouquet: ${message}\n`);
    process.exitCode = exitCode;
  }
}

/** `message` is what yargs finds wrong with the options; `error` is what a command threw. */
function refuse(message: string | null, error: Error | undefined): never {
  if (message === null && error !== undefined) throw error;
  throw new UsageError(`${(message ?? 'Wrong options').replaceAll(/\s*\n\s*/g, ' ')}. See bouquet --help.`);
}

await main(process.argv.slice(2));
