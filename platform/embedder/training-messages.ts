import { z } from 'zod';
import type { LocalEmbedding } from './local-embedding.ts';

/** What the training thread is started with. */
export const settingsSchema = z.object({ dimensions: z.number().int().min(1) });

/** What it is told: text after text, then that these were all. */
export const orderSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('texts'), texts: z.array(z.string()) }),
  z.object({ kind: z.literal('end') }),
]);

const float32 = z.custom<Float32Array<ArrayBuffer>>((value) => value instanceof Float32Array);

/** What it says: that the last texts are read, how far it is, and what came of it. */
export const reportSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('read'), texts: z.number() }),
  z.object({ kind: z.literal('progress'), found: z.number() }),
  z.object({
    kind: z.literal('done'),
    embedding: z.object({ dimensions: z.number(), terms: z.array(z.string()), rows: float32 }),
  }),
]);

export type TrainingOrder =
  { readonly kind: 'texts'; readonly texts: readonly string[] } | { readonly kind: 'end' };

export type TrainingReport =
  | { readonly kind: 'read'; readonly texts: number }
  | { readonly kind: 'progress'; readonly found: number }
  | { readonly kind: 'done'; readonly embedding: LocalEmbedding };
