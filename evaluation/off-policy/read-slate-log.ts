import { z } from 'zod';
import { CommandError } from '../../cli/command.ts';
import { inputBytes, inspectInput } from '../../cli/import/reading/open-input.ts';
import { physicalLines } from '../../cli/import/reading/physical-lines.ts';
import { createRowReader, type RawRow } from '../../cli/import/reading/table-rows.ts';
import { targetProbability, type ChoiceLog, type LoggedChoice, type TargetPolicy } from './logged-choice.ts';

/** What is read of a line that `bouquet slates export` writes; docs/reference/slate-log.md has the whole. */
const lineSchema = z.object({
  feedId: z.string(),
  items: z.array(
    z.object({
      contentId: z.string(),
      slot: z
        .object({
          propensity: z.number().gt(0).max(1),
          samples: z.number().int(),
          arms: z.number().int().min(1),
        })
        .nullable(),
      outcome: z.object({ reward: z.boolean().nullable() }).nullable(),
    }),
  ),
});

/**
 * Reads the exploration slots of a slate log, JSON lines or gzipped ones. What the ranking chose is no choice by chance, and
 * a slot that nobody has reported to have seen, or whose reward may still come, has no outcome: those are left out.
 * @throws CommandError naming the line that is wrong.
 */
export async function readSlateLog(path: string, policy: TargetPolicy): Promise<ChoiceLog> {
  const choices: LoggedChoice[] = [];
  const leftOut = new Map<string, number>();
  const leaveOut = (reason: string): void => void leftOut.set(reason, (leftOut.get(reason) ?? 0) + 1);
  for await (const { feedId, items } of readLines(path)) {
    for (const { contentId, slot, outcome } of items) {
      if (slot === null) leaveOut('ranked');
      else if (outcome === null) leaveOut('not seen');
      else if (outcome.reward === null) leaveOut('reward may still come');
      else {
        choices.push({
          cluster: feedId,
          action: contentId,
          propensity: slot.propensity,
          target: targetProbability(policy, slot.propensity, slot.arms),
          reward: outcome.reward ? 1 : 0,
        });
      }
    }
  }
  return { choices, leftOut, actions: null };
}

async function* readLines(path: string): AsyncGenerator<z.infer<typeof lineSchema>, void, undefined> {
  const reader = createRowReader('ndjson', { required: ['feedId', 'items'], optional: [] }, path);
  const parsed = (row: RawRow): z.infer<typeof lineSchema> => {
    if ('broken' in row) throw new CommandError(`${path}:${row.line}: ${row.broken}`);
    const line = lineSchema.safeParse(row.values);
    if (!line.success) throw new CommandError(`${path}:${row.line}: ${z.prettifyError(line.error)}`);
    return line.data;
  };
  for await (const lines of physicalLines(inputBytes(await inspectInput(path)))) {
    for (const row of reader.push(lines)) yield parsed(row);
  }
  for (const row of reader.end()) yield parsed(row);
}
