import { z } from 'zod';
import type { Database } from '#platform/database/database.ts';
import { slotOf } from '../side-effects/slate-log.ts';

export type SectionName = 'follows' | 'interactions' | 'slates';

export interface ExportedRow {
  /** Where it stands in the section's order. */
  readonly key: readonly string[];
  readonly value: unknown;
}

export interface ExportSection {
  readonly name: SectionName;
  /** How much room a row takes, in rows of an ordinary size. */
  readonly weight: number;
  /** Returns at most `limit` rows of `userId` that follow the row with `key`, which is empty at the beginning. */
  readonly read: (
    database: Database,
    userId: string,
    key: readonly string[],
    limit: number,
  ) => Promise<ExportedRow[]>;
}

/** What the feed keeps of somebody beside the profile, in the order of the export. */
export const exportSections: readonly ExportSection[] = [
  {
    name: 'follows',
    weight: 1,
    read: async ({ prisma }, userId, [vendorId], limit) => {
      const rows = await prisma.feedFollow.findMany({
        where: { userId, ...(vendorId !== undefined && { vendorId: { gt: vendorId } }) },
        orderBy: { vendorId: 'asc' },
        take: limit,
      });
      return rows.map(({ userId: _owner, ...value }) => ({ key: [value.vendorId], value }));
    },
  },
  {
    name: 'interactions',
    weight: 1,
    read: async ({ prisma }, userId, [id], limit) => {
      const rows = await prisma.feedInteraction.findMany({
        where: { userId, ...(id !== undefined && { id: { gt: id } }) },
        orderBy: { id: 'asc' },
        take: limit,
      });
      return rows.map(({ userId: _owner, ...value }) => ({ key: [value.id], value }));
    },
  },
  {
    name: 'slates',
    weight: 10,
    read: async ({ prisma }, userId, [feedId, position], limit) => {
      const rows = await prisma.feedSlate.findMany({
        where: {
          subject: userId,
          ...(feedId !== undefined && {
            OR: [
              { feedId: { gt: feedId } },
              { feedId, firstPosition: { gt: positionSchema.parse(position) } },
            ],
          }),
        },
        orderBy: [{ feedId: 'asc' }, { firstPosition: 'asc' }],
        take: limit,
      });
      return rows.map((slate) => ({
        key: [slate.feedId, String(slate.firstPosition)],
        value: {
          feedId: slate.feedId,
          firstPosition: slate.firstPosition,
          mode: slate.mode,
          segment: slate.segment,
          policyVersion: slate.policyVersion,
          servedAt: slate.servedAt,
          items: slate.contentIds.map((contentId, index) => ({
            contentId,
            source: slate.sources[index],
            score: slate.scores[index],
            propensity: slotOf(slate, index)?.propensity ?? null,
          })),
        },
      }));
    },
  },
];

const positionSchema = z.coerce.number().int();

/** What `userId` says about itself, or null. */
export async function readProfileRow({ prisma }: Database, userId: string): Promise<unknown> {
  return prisma.feedProfile.findUnique({
    where: { subject: userId },
    select: { region: true, locale: true, updatedAt: true },
  });
}
