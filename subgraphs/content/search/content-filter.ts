import { z } from 'zod';
import { Prisma } from '#platform/database/generated/client.ts';
import { badUserInput } from '#platform/errors/request-error.ts';
import { describeIssue } from '../catalogue/batch.ts';
import { idSchema, regionSchema, slugSchema } from '../catalogue/entry-rules.ts';

const maxValues = 50;

const valuesOf = (schema: z.ZodType<string>) =>
  z
    .array(schema)
    .max(maxValues, `has more than ${maxValues} values`)
    .nullish()
    .transform((values) => [...new Set(values)].toSorted());

const filterSchema = z.object({
  categories: valuesOf(slugSchema),
  regions: valuesOf(regionSchema),
  tags: valuesOf(slugSchema),
  vendorIds: valuesOf(idSchema),
  minQuality: z
    .number()
    .min(0, 'must be 0 to 1')
    .max(1, 'must be 0 to 1')
    .nullish()
    .transform((value) => value ?? 0),
});

/** A checked filter: values once each and in order, an empty list narrows nothing. */
export type CheckedFilter = z.infer<typeof filterSchema>;

/** Checks `ContentFilter` of the contract. @throws RequestError `BAD_USER_INPUT` naming the field and what is wrong. */
export function checkFilter(filter: unknown): CheckedFilter {
  const parsed = filterSchema.safeParse(filter ?? {});
  if (parsed.success) return parsed.data;
  throw badUserInput(`filter.${describeIssue(parsed.error)}`);
}

/** The filter as conditions on alias `c` of content.content, each with AND before it; the region apart. */
export function filterConditions({ categories, tags, vendorIds, minQuality }: CheckedFilter): Prisma.Sql {
  const conditions = [
    categories.length > 0 ? Prisma.sql`AND c.category = ANY (${categories}::text[])` : Prisma.empty,
    tags.length > 0 ? Prisma.sql`AND c.tags && ${tags}::text[]` : Prisma.empty,
    vendorIds.length > 0 ? Prisma.sql`AND c.vendor_id = ANY (${vendorIds}::text[])` : Prisma.empty,
    minQuality > 0 ? Prisma.sql`AND c.quality >= ${minQuality}::float8` : Prisma.empty,
  ];
  return Prisma.join(conditions, ' ');
}

/** The filter's regions as a condition on alias `c`. */
export function regionCondition({ regions }: CheckedFilter): Prisma.Sql {
  return regions.length > 0 ? Prisma.sql`AND c.region = ANY (${regions}::text[])` : Prisma.empty;
}
