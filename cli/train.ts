import type { Argv } from 'yargs';
import { exitCodes, type Command } from './command.ts';

const models = ['neighbours', 'vectors', 'segments', 'forecaster', 'all'] as const;

interface TrainArguments {
  model: (typeof models)[number];
  threads: number | undefined;
  quick: boolean;
  report: string | undefined;
}

/** `bouquet train`: the models that the ranking learns from interactions, and from texts as long as these are few. */
export const command: Command<TrainArguments> = {
  builder: (yargs: Argv) =>
    yargs
      .positional('model', {
        choices: models,
        default: 'all' as const,
        describe:
          'Which items go together (neighbours), where items lie among each other (vectors), which users choose alike ' +
          '(segments), how probable it is that something is saved (forecaster), or all of it',
      })
      .option('threads', {
        type: 'number',
        describe: 'Threads that compute; absent: one for each processor',
      })
      .option('quick', {
        type: 'boolean',
        default: false,
        describe: 'Neighbours by choices alone: seconds instead of minutes, and less good',
      })
      .option('report', {
        type: 'string',
        requiresArg: true,
        describe: 'Writes to this file, and a picture beside it, how well the forecaster does',
      })
      .example('$0 train', 'Train everything; a running server serves it from the next feed on')
      .example('$0 train vectors', 'The item vectors alone')
      .example('$0 train forecaster --report forecaster.md', 'The forecaster, with a reliability plot')
      .epilogue(
        'A running server trains by itself after an import, when interactions have grown by a tenth, the latter two each night.\n' +
          `What it computes: docs/reference/ranking.md\n${exitCodes}`,
      ),
  handler: async ({ model, threads, quick, report }) => {
    const { trainModels } = await import('./train/train-models.ts');
    await trainModels({ model, threads, quick, report });
  },
};
