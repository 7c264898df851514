import { z } from 'zod';

/** What the worker thread that builds graphs is given. */
export const graphWorkSchema = z.object({
  dimensions: z.int().positive(),
  /** The memory of the generation's VectorRows. */
  blocks: z.array(z.instanceof(SharedArrayBuffer)),
  /** The slots of each graph. */
  jobs: z.array(z.instanceof(Uint32Array)),
  /** Where it leaves the graphs. */
  folder: z.string(),
  /** One Int32; no longer 0 once nobody wants the graphs any more. */
  stop: z.instanceof(SharedArrayBuffer),
});

export type GraphWork = z.infer<typeof graphWorkSchema>;

/** What it reports: vectors added over all graphs, and a graph that is done. */
export const graphMessageSchema = z.object({
  added: z.int(),
  built: z.object({ job: z.int(), path: z.string() }).optional(),
});

export type GraphMessage = z.infer<typeof graphMessageSchema>;
