import type { EditorialShelf } from '../editorial/editorial-shelf.ts';
import { candidate, type Source } from '../pipeline/component.ts';
import type { SourceOptions } from './collaborative-source.ts';

/** What the editors put forward in the allowed regions, or in every region; filters see to the rest. */
export function editorialSource(editorial: EditorialShelf, { limit, deadlineMs }: SourceOptions): Source {
  return {
    name: 'editorial-source',
    deadlineMs,
    enabled: () => true,
    find: async ({ regions, now, served }) => {
      const ids = await editorial.picked(regions, now);
      return ids.slice(0, limit + served.size).map((id) => candidate(id, 'EDITORIAL'));
    },
  };
}
