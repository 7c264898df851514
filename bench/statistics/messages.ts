import { z } from 'zod';

/** A piece of a cell's replications: the `chunk`-th, which has a stream of its own. */
export const orderSchema = z.object({ cell: z.string(), chunk: z.int(), replications: z.int() });
export type Order = z.infer<typeof orderSchema>;

export const tallySchema = z.record(z.string(), z.number());
