import type { Argv } from 'yargs';
import { targetPolicies, type TargetPolicy } from '../../evaluation/off-policy/logged-choice.ts';
import { exitCodes, type Command } from '../command.ts';

interface PolicyArguments {
  log: string;
  policy: TargetPolicy;
  json: boolean;
}

/** Of an evaluation whose log does not overlap with the policy. */
const refusedExitCode = 4;

/** `bouquet evaluate policy`: off-policy evaluation, which refuses where the log cannot tell. */
export const command: Command<PolicyArguments> = {
  builder: (yargs: Argv) =>
    yargs
      .option('log', {
        type: 'string',
        demandOption: true,
        describe:
          'A slate log of `bouquet slates export`, or a log of the Open Bandit Dataset as CSV; each perhaps with gzip',
      })
      .option('policy', {
        choices: targetPolicies,
        default: 'uniform' as const,
        describe: 'What to evaluate: every item with the same chance, or the policy that wrote the log',
      })
      .option('json', { type: 'boolean', default: false, describe: 'Print JSON' })
      .example('$0 evaluate policy --log slates.jsonl --policy uniform', 'Exploring by chance alone')
      .example('$0 evaluate policy --log bts_men.csv.gz --policy uniform --json', 'An Open Bandit log')
      .epilogue(
        `Ends with ${refusedExitCode} where the log does not overlap with the policy.\n` +
          `The methods: docs/reference/off-policy-evaluation.md\n${exitCodes}`,
      ),
  handler: async ({ log, policy, json }) => {
    const { evaluatePolicy, linesOf } = await import('./evaluate-policy.ts');
    const evaluation = await evaluatePolicy(log, policy);
    const text = json ? JSON.stringify(evaluation, null, 2) : linesOf(evaluation).join('\n');
    process.stdout.write(`${text}\n`);
    if (evaluation.refused) {
      process.stderr.write(
        `bouquet: refused, the overlap is too small: ${evaluation.refusals.join('; ')}.\n`,
      );
      process.exitCode = refusedExitCode;
    }
  },
};
