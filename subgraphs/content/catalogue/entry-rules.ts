import { z } from 'zod';

const noControls = /^[^\p{Cc}]*$/u;
const withoutNul = (text: string): boolean => !text.includes('\0');

/** A catalogue owner's id. */
export const idSchema = z
  .string()
  .min(1, 'must not be empty')
  .max(128, 'has more than 128 characters')
  .regex(noControls, 'has control characters');

/** A lower-case slug, as categories and tags are. */
export const slugSchema = z
  .string()
  .max(100, 'has more than 100 characters')
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be a lower-case slug such as floral-design');

/** ISO 3166-1 alpha-2 in form; whether the code is assigned is not asked. */
export const regionSchema = z
  .string()
  .regex(/^[A-Z]{2}$/, 'must be an ISO 3166-1 alpha-2 code in upper case, such as US');

const nameSchema = z
  .string()
  .trim()
  .min(1, 'must not be blank')
  .max(300, 'has more than 300 characters')
  .regex(noControls, 'has control characters');

const descriptionSchema = z
  .string()
  .max(10_000, 'has more than 10,000 characters')
  .refine(withoutNul, 'has a NUL character');

const urlSchema = z
  .string()
  .max(2000, 'has more than 2,000 characters')
  .refine(isHttpUrl, 'must be an http or https address');

const expectedVersionSchema = z.int('must be a whole number').min(0, 'must not be negative').nullish();

const publishedAtSchema = z
  .date()
  .min(new Date('1000-01-01T00:00:00Z'), 'must not be before the year 1000')
  .max(new Date('9999-12-31T23:59:59Z'), 'must not be after the year 9999');

/** What the catalogue says about an entry. Returns it with trimmed title and each tag once. */
export const contentFieldsSchema = z.object({
  id: idSchema,
  vendorId: idSchema,
  title: nameSchema,
  description: descriptionSchema,
  category: slugSchema,
  region: regionSchema,
  tags: z
    .array(slugSchema)
    .max(50, 'has more than 50 tags')
    .transform((tags) => [...new Set(tags)]),
  imageUrl: urlSchema.nullish().transform((url) => url ?? null),
  publishedAt: publishedAtSchema,
});

/** What the catalogue says about a vendor. Returns it with trimmed name. */
export const vendorFieldsSchema = z.object({
  id: idSchema,
  name: nameSchema,
  region: regionSchema,
  description: descriptionSchema.nullish().transform((text) => text ?? null),
  websiteUrl: urlSchema.nullish().transform((url) => url ?? null),
});

const expected = { expectedVersion: expectedVersionSchema.transform((version) => version ?? null) };

/** `ContentInput` of the contract. */
export const contentInputSchema = contentFieldsSchema.extend(expected);

/** `VendorInput` of the contract. */
export const vendorInputSchema = vendorFieldsSchema.extend(expected);

export type ContentFields = z.infer<typeof contentFieldsSchema>;
export type VendorFields = z.infer<typeof vendorFieldsSchema>;

/** Only absolute http(s) addresses: `javascript:` and `data:` ones would run where a client links to them. */
function isHttpUrl(text: string): boolean {
  if (!noControls.test(text)) return false;
  const url = URL.parse(text);
  return url !== null && (url.protocol === 'http:' || url.protocol === 'https:');
}
