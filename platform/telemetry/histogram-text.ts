import * as hdr from 'hdr-histogram-js';
import { newLatencyHistogram } from './telemetry.ts';

/** HdrHistogram's compressed base64, which its ports in other languages read too; null for an empty histogram. */
export function encodeHistogram(histogram: hdr.Histogram): string | null {
  return histogram.totalCount === 0 ? null : hdr.encodeIntoCompressedBase64(histogram);
}

/** Adds up the histograms of `texts`, skipping nulls. */
export function mergeHistograms(texts: Iterable<string | null>): hdr.Histogram {
  const merged = newLatencyHistogram();
  for (const text of texts) {
    if (text !== null) merged.add(hdr.decodeFromCompressedBase64(text));
  }
  return merged;
}
