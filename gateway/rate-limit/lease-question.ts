import { z } from 'zod';
import type { SubjectHash } from './lease-source.ts';

const count = z.int().min(0);

/** What a worker asks the primary when a lease is spent, and what both sides hold each other to. */
export const leaseQuestion = {
  kind: 'rate-limit.lease',
  payload: z.object({
    subject: z.custom<SubjectHash>(
      (text) => typeof text === 'string' && /^(user|key|address):[\w-]{1,64}$/.test(text),
    ),
    used: count,
    wanted: count,
    limit: count,
  }),
  answer: z.object({ granted: count, remaining: count, resetMs: z.number().min(0) }),
};
