import { exitCodes, type Command } from './command.ts';

/** `bouquet seed`: the generated marketplace that `bouquet start` fills an empty database with. */
export const command: Command<object> = {
  builder: (yargs) =>
    yargs
      .example('$0 seed', 'Fill an empty database; one that holds anything is left as it is')
      .epilogue(`The same data each time, with times that end now.\n${exitCodes}`),
  handler: async () => {
    const { seedOnce } = await import('./seed/seed-once.ts');
    process.stdout.write(`${await seedOnce()}\n`);
  },
};
