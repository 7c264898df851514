import { createRequire } from 'node:module';
import type * as Usearch from 'usearch';

// The package's ESM entry finds its native part by the call stack, which does not work from everywhere; the CommonJS one
// knows where it lies.
const usearch: typeof Usearch = createRequire(import.meta.url)('usearch');

export const { Index, MetricKind, ScalarKind } = usearch;
