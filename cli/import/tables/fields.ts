import { z } from 'zod';

// The rules are those of the GraphQL inputs. What is added here is how a file writes the values: everything is text
// in CSV, an absent field is empty, a list is joined by `|`.

/** Lets NDJSON write an id as a whole number. */
export function idField<T>(type: z.ZodType<T>): z.ZodType<T> {
  return z.preprocess((value) => (Number.isSafeInteger(value) ? String(value) : value), type);
}

/** Takes an absent or empty field as null. */
export function optionalField<T>(type: z.ZodType<T>): z.ZodType<T> {
  return z.preprocess((value) => (value === '' || value === undefined ? null : value), type);
}

/** Slugs joined by `|`, or in NDJSON also a list of strings. */
export function tagsField<T>(type: z.ZodType<T>): z.ZodType<T> {
  return z.preprocess((value) => {
    if (value === '' || value == null) return [];
    return typeof value === 'string' ? value.split('|') : value;
  }, type);
}

/** An ISO 8601 time with an offset. */
export const timeField = z.iso
  .datetime({ offset: true, error: 'must be an ISO 8601 time with an offset, such as 2026-05-01T12:00:00Z' })
  .transform((text) => new Date(text));

/** What is wrong with the row, as one sentence for people: the first problem of each field, never its value. */
export function explain(error: z.ZodError): string {
  const problems = new Map<string, string>();
  for (const { code, path, message } of error.issues) {
    const field = String(path[0] ?? 'row');
    const problem = code === 'invalid_type' ? 'is missing or of the wrong type' : message;
    if (!problems.has(field)) problems.set(field, `${field} ${problem}`);
  }
  return [...problems.values()].join('; ');
}
