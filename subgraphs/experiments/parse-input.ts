import type { z } from 'zod';
import { badUserInput } from '#platform/errors/request-error.ts';

/**
 * What `schema` makes of the argument `name`.
 * @throws RequestError `BAD_USER_INPUT` that names the first field which is wrong and what it should be.
 */
export function parseInput<Output>(name: string, schema: z.ZodType<Output>, input: unknown): Output {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const path = [name, ...(issue?.path ?? [])].join('.');
  throw badUserInput(`${path} ${issue?.message ?? 'is not valid'}.`);
}
