import { z } from 'zod';
import { DiskCopy } from '#platform/cache/disk-copy.ts';
import type { Logger } from '#platform/logging/logger.ts';
import type { ContentRow } from '../catalogue/content-row.ts';
import type { VendorRow } from '../catalogue/vendor-row.ts';

/** An entry or a vendor as it is kept on disk. */
export type CopiedCard = { readonly content: ContentRow } | { readonly vendor: VendorRow };

const contentSchema = z.strictObject({
  id: z.string(),
  vendorId: z.string(),
  title: z.string(),
  description: z.string(),
  category: z.string(),
  region: z.string(),
  tags: z.array(z.string()),
  imageUrl: z.string().nullable(),
  publishedAt: z.iso.datetime().transform((text) => new Date(text)),
  quality: z.number(),
  version: z.int(),
  updatedAt: z.iso.datetime().transform((text) => new Date(text)),
});

const vendorSchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  region: z.string(),
  description: z.string().nullable(),
  websiteUrl: z.string().nullable(),
  version: z.int(),
});

const cardSchema: z.ZodType<CopiedCard> = z.union([
  z.strictObject({ content: contentSchema }),
  z.strictObject({ vendor: vendorSchema }),
]);

/** Half of the time in which they are read anew, so that of the processes that share a folder one or two write; in ms. */
const everyMs = 150_000;

/** Popular cards, in `folder`. */
export function cardCopy(folder: string, logger: Logger): DiskCopy<CopiedCard> {
  return new DiskCopy({ folder, name: 'cards', version: 1, row: cardSchema, everyMs, logger });
}
