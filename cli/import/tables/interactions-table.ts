import { z } from 'zod';
import { anonymousPrefix } from '#platform/caller/caller.ts';
import { interactionTypes } from '#platform/events/contracts.ts';
import { applyInteractions } from '../../../subgraphs/content/apply-interactions.ts';
import { importInteractions, type ImportedInteraction } from '../../../subgraphs/feed/import-interactions.ts';
import { isId } from '../../../subgraphs/feed/identifiers.ts';
import { recordActivity } from '../../../subgraphs/metrics/record-activity.ts';
import { idField, timeField } from './fields.ts';
import type { Table } from './table.ts';

const anId = idField(
  z.string().refine((text) => isId(text), {
    error: 'must have 1 to 128 characters, none of them a control character',
  }),
);

/** As for reported interactions: other clocks may be this much ahead. */
const clockSkewMs = 5 * 60_000;

/** Interactions: a row whose userId and id are known already is the same interaction and changes nothing. */
export const interactionsTable: Table<ImportedInteraction> = {
  part: 'interactions',
  columns: { required: ['id', 'userId', 'contentId', 'type', 'occurredAt'], optional: [] },
  chunkRows: 5_000,
  schema: (now) =>
    z.object({
      id: anId,
      userId: anId.refine((userId) => !userId.startsWith(anonymousPrefix), {
        error: `must not begin with ${anonymousPrefix}`,
      }),
      contentId: anId,
      type: z.enum(interactionTypes, { error: `must be one of ${interactionTypes.join(', ')}` }),
      occurredAt: timeField
        .refine((time) => time.getTime() >= 0, { error: 'must not lie before 1970' })
        .refine((time) => time.getTime() <= now.getTime() + clockSkewMs, {
          error: 'must not lie more than five minutes in the future',
        }),
    }),
  reference: {
    column: 'contentId',
    part: 'contents',
    idOf: (interaction) => interaction.contentId,
    known: async (database, ids) => {
      const found = await database.prisma.$queryRaw<{ id: string }[]>`
        SELECT id FROM feed.content WHERE id = ANY (${[...ids]}::text[]) AND removed_at IS NULL`;
      return found.map(({ id }) => id);
    },
  },
  store: async (tx, rows) => {
    const { stored, unknownContentIds } = await importInteractions(tx, [...rows]);
    if (stored.length > 0) {
      await applyInteractions(tx, stored);
      await recordActivity(tx, stored);
    }
    return unknownContentIds;
  },
};
