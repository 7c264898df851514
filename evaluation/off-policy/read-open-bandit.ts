import { z } from 'zod';
import { CommandError } from '../../cli/command.ts';
import { readTable } from '../datasets/read-table.ts';
import { targetProbability, type ChoiceLog, type LoggedChoice, type TargetPolicy } from './logged-choice.ts';

const columns = ['item_id', 'position', 'click', 'propensity_score'] as const;

const rowSchema = z.object({
  item_id: z.string().min(1),
  position: z.coerce.number().int().min(1),
  click: z.enum(['0', '1']).transform(Number),
  propensity_score: z.coerce.number().gt(0).max(1),
});

/**
 * Reads a log of the Open Bandit Dataset (Saito et al., NeurIPS 2021), CSV or gzipped CSV. A row is one position of a page,
 * with the marginal probability of its item in that position; pages are not marked, so each row counts for itself. The
 * items of the campaign are those that the log has: every item occurs in every one.
 * @throws CommandError naming the line that is wrong.
 */
export async function readOpenBandit(path: string, policy: TargetPolicy): Promise<ChoiceLog> {
  const rows: z.infer<typeof rowSchema>[] = [];
  for await (const raw of readTable(path, columns)) {
    const row = rowSchema.safeParse(raw);
    if (!row.success)
      throw new CommandError(`${path}: row ${rows.length + 1}: ${z.prettifyError(row.error)}`);
    rows.push(row.data);
  }
  const items = new Set(rows.map((row) => row.item_id));
  const choices = rows.map((row, index): LoggedChoice => ({
    cluster: String(index),
    action: row.item_id,
    propensity: row.propensity_score,
    target: targetProbability(policy, row.propensity_score, items.size),
    reward: row.click,
  }));
  return { choices, leftOut: new Map(), actions: policy === 'uniform' ? [...items] : null };
}
