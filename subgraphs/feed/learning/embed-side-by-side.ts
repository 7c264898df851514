import type { TextEmbedder } from '#platform/embedder/text-embedder.ts';

/** Texts of one call, which is what a service is asked at once. */
const callSize = 64;

/** Texts that `embedSideBySide` should be given: so many that a service has four calls to answer at a time. */
export const sideBySideSize = 4 * callSize;

/**
 * The vectors of `texts`, in their order, by calls beside each other. Where one fails the others are ended.
 * @throws what `embed` throws.
 */
export async function embedSideBySide(
  embedder: TextEmbedder,
  texts: readonly string[],
  signal: AbortSignal | undefined,
): Promise<Float32Array[]> {
  const failing = new AbortController();
  const any = AbortSignal.any(signal === undefined ? [failing.signal] : [failing.signal, signal]);
  const calls = Array.from({ length: Math.ceil(texts.length / callSize) }, (_, call) =>
    embedder.embed(texts.slice(call * callSize, (call + 1) * callSize), { signal: any }),
  );
  try {
    return (await Promise.all(calls)).flat();
  } catch (error) {
    failing.abort(error);
    throw error;
  }
}
