import { costOf, lead } from '../bars.ts';
import type { SetResult } from '../sets/set-result.ts';
import { mmrOrders } from '../stack/orders.ts';
import { markdownTable } from './markdown-table.ts';
import { percent, plain, signedInterval } from './numbers.ts';
import type { TradeOffs } from './trade-off-plot.ts';

/** What each order of the ranking costs in recall@20, and what it gains in diversity. */
export function diversityTable(result: SetResult): string {
  const { stack } = result;
  return markdownTable(
    [
      { title: 'Order', align: 'left' },
      { title: 'recall@20', align: 'right' },
      { title: 'change', align: 'right' },
      { title: 'ranking alone minus this', align: 'right' },
      { title: 'intra-list diversity', align: 'right' },
      { title: 'change', align: 'right' },
    ],
    [
      [
        'ranking alone',
        plain(meanOf(stack.alone.recallAt20)),
        '',
        '',
        plain(meanOf(stack.aloneDiversity)),
        '',
      ],
      ...stack.orders.map((order) => {
        const { recall, diversity } = costOf(result, order);
        return [
          order.name,
          plain(meanOf(order.figures.recallAt20)),
          percent(recall, true),
          signedInterval(lead(result, order.figures)),
          plain(meanOf(order.diversity)),
          percent(diversity, true),
        ];
      }),
    ],
  );
}

/** The same for a plot. */
export function tradeOffsOf({ stack }: SetResult): TradeOffs {
  const mmr = new Set(mmrOrders.map(({ name }) => name));
  const points = stack.orders.map(({ name, figures, diversity }) => ({
    name,
    label: name.replace(/^MMR |, no caps$/g, ''),
    diversity: meanOf(diversity),
    recall: meanOf(figures.recallAt20),
  }));
  const alone = {
    label: 'ranking alone',
    diversity: meanOf(stack.aloneDiversity),
    recall: meanOf(stack.alone.recallAt20),
  };
  return {
    curve: [alone, ...points.filter(({ name }) => mmr.has(name))],
    caps: points.filter(({ name }) => !mmr.has(name)),
  };
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
