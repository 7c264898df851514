import type { z } from 'zod';
import { badUserInput, type ErrorCode } from '#platform/errors/request-error.ts';

/** An entry of a batch that was not applied, and why. */
export interface Rejected {
  readonly id: string;
  readonly code: ErrorCode;
  readonly message: string;
}

const maxBatch = 500;
const maxEchoedId = 128;

/**
 * Sorts the entries of a batch into those that keep `schema` and those rejected with `BAD_USER_INPUT`: a broken one, and
 * each that repeats an earlier id.
 * @throws RequestError `BAD_USER_INPUT` for a batch of more than 500.
 */
export function checkBatch<T extends { readonly id: string }>(
  inputs: readonly { readonly id: string }[],
  schema: z.ZodType<T>,
): { accepted: T[]; rejected: Map<number, Rejected> } {
  if (inputs.length > maxBatch) {
    throw badUserInput(`A batch takes at most ${maxBatch} entries; this one has ${inputs.length}.`);
  }
  const accepted = new Map<string, T>();
  const rejected = new Map<number, Rejected>();
  for (const [index, input] of inputs.entries()) {
    const parsed = schema.safeParse(input);
    if (!parsed.success) rejected.set(index, broken(input.id, describeIssue(parsed.error)));
    else if (accepted.has(parsed.data.id)) {
      rejected.set(index, broken(input.id, 'An earlier entry of this batch has the same id.'));
    } else accepted.set(parsed.data.id, parsed.data);
  }
  return { accepted: [...accepted.values()], rejected };
}

/** Returns all rejections in the order of the batch: `late` are by id, from after the check. */
export function inBatchOrder(
  inputs: readonly { readonly id: string }[],
  early: ReadonlyMap<number, Rejected>,
  late: ReadonlyMap<string, Rejected>,
): Rejected[] {
  return inputs.flatMap((input, index) => early.get(index) ?? late.get(input.id) ?? []);
}

/** The first thing wrong, as `field: what`; values are never repeated, they may be long. */
export function describeIssue(error: z.ZodError): string {
  const [issue] = error.issues;
  if (issue === undefined) return 'The entry is not valid.';
  return `${issue.path.join('.')}: ${issue.message}.`;
}

function broken(id: string, message: string): Rejected {
  return { id: id.slice(0, maxEchoedId), code: 'BAD_USER_INPUT', message };
}
