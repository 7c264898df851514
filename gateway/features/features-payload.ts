import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { FeatureSet } from '../../subgraphs/experiments/index.ts';

/** One form of the payload with its strong entity tag (RFC 9110, 8.8.3). */
export interface PayloadForm {
  readonly bytes: Buffer;
  readonly etag: string;
}

/** The features as SDKs read them. */
export interface FeaturesPayload {
  readonly plain: PayloadForm;
  /** Smaller, and other bytes, so that it has a tag of its own. */
  readonly gzipped: PayloadForm;
}

const compress = promisify(gzip);

/**
 * Writes `set` in the format of GrowthBook's SDK connection endpoint (https://docs.growthbook.io/app/api), the same bytes
 * in every process.
 */
export async function payloadOf({ features, changedAt }: FeatureSet): Promise<FeaturesPayload> {
  const bytes = Buffer.from(JSON.stringify({ status: 200, features, dateUpdated: changedAt.toISOString() }));
  const digest = createHash('sha256').update(bytes).digest('base64url');
  return {
    plain: { bytes, etag: `"${digest}"` },
    gzipped: { bytes: await compress(bytes), etag: `"${digest}-gzip"` },
  };
}
