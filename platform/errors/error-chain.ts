import { z } from 'zod';

const text = z.string().optional().catch(undefined);
const flag = z.boolean().optional().catch(undefined);

const traitsSchema = z.object({
  name: text,
  /** Quotes personal data, unless the error is one of ours; see `platform/logging/logged-error.ts`. */
  message: text,
  stack: text,
  /** Of Node, Prisma or PostgreSQL. */
  code: text,
  /** PostgreSQL's, as Prisma's driver adapter keeps it. */
  originalCode: text,
  /** The driver adapter's own word for an error. */
  kind: text,
  /** Of HTTP. */
  status: z.number().optional().catch(undefined),
  syscall: text,
  /** What PostgreSQL blames. */
  table: text,
  column: text,
  constraint: text,
  isBrokenCircuitError: flag,
  isBulkheadRejectedError: flag,
  isTaskCancelledError: flag,
  cause: z.unknown().optional(),
  /** Of GraphQL. */
  originalError: z.unknown().optional(),
  errors: z.array(z.unknown()).optional().catch(undefined),
  meta: z.object({ driverAdapterError: z.unknown().optional() }).optional().catch(undefined),
});

/** What an error says of itself. */
export type ErrorTraits = z.infer<typeof traitsSchema>;

/** A chain of causes that is longer than this repeats itself. */
const longestChain = 16;

/** The traits of `error`, of its causes and of what it gathers, outermost first. */
export function errorChain(error: unknown): ErrorTraits[] {
  const chain: ErrorTraits[] = [];
  const waiting = [error];
  while (waiting.length > 0 && chain.length < longestChain) {
    const { data } = traitsSchema.safeParse(waiting.shift());
    if (data === undefined) continue;
    chain.push(data);
    waiting.push(data.cause, data.originalError, ...(data.errors ?? []), data.meta?.driverAdapterError);
  }
  return chain;
}
