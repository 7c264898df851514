import type { ExplorationPool } from '../exploration/exploration-pool.ts';
import { candidate, type Source } from '../pipeline/component.ts';
import { explores, type Exploration } from '../selectors/exploration-selector.ts';
import type { SourceOptions } from './collaborative-source.ts';

/** An item with so many impressions in the user segment is known. */
const known = 50;

/** Items of the allowed regions, at random, of which the user segment has seen little. */
export function explorationSource(
  pool: Pick<ExplorationPool, 'draw'>,
  exploration: Exploration,
  { limit, deadlineMs }: SourceOptions,
): Source {
  return {
    name: 'exploration-source',
    deadlineMs,
    enabled: (query) => explores(query, exploration),
    find: (query) => {
      const read = exploration.posteriors.current;
      const isWanted = (id: string): boolean =>
        !query.served.has(id) && (read === null || read.trials(query.segment, id) < known);
      return Promise.resolve(pool.draw(query, limit, isWanted).map((id) => candidate(id, 'EXPLORATION')));
    },
  };
}
