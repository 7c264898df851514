import { z } from 'zod';
import { interactionTypes } from '#platform/events/contracts.ts';
import type { ExperimentDefinition } from './experiment.ts';
import { parseInput } from './parse-input.ts';

/**
 * Checks a new experiment's definition and marks its control.
 * @throws RequestError `BAD_USER_INPUT` that names the first field which is wrong and what it should be.
 */
export function parseDefinition(input: unknown): ExperimentDefinition {
  return parseInput('input', definitionSchema, input);
}

const slug = z
  .string()
  .max(128, 'must have at most 128 characters')
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be a lower-case slug such as `bigger-cards`');

const text = (max: number) =>
  z
    .string()
    .trim()
    .min(1, 'must not be empty')
    .max(max, `must have at most ${max.toLocaleString('en')} characters`);

const absent = <T>(value: T | null | undefined): T | null => value ?? null;

const variantSchema = z.object({
  key: slug,
  weight: z.number().gt(0, 'must be above 0').max(1, 'must be at most 1'),
  valueJson: z
    .string()
    .refine((json) => Buffer.byteLength(json) <= 10_240, 'must have at most 10 KB')
    .refine(isJson, 'must be valid JSON; a string needs quotes of its own'),
  isControl: z.boolean(),
});

const measure = z.union([z.enum(interactionTypes), slug], {
  error: `must be one of ${interactionTypes.join(', ')}, or the lower-case slug of a metric`,
});

const metricSchema = z
  .object({
    key: slug,
    role: z.enum(['PRIMARY', 'SECONDARY', 'GUARDRAIL']),
    kind: z.enum(['PROPORTION', 'MEAN', 'RATIO', 'RETENTION']),
    numerator: measure,
    denominator: measure.nullish().transform(absent),
    windowHours: z
      .int()
      .gt(0, 'must be above 0')
      .max(9_600, 'must be at most 9,600 (400 days)')
      .nullish()
      .transform(absent),
    lowerIsBetter: z.boolean(),
    nonInferiorityMargin: z
      .number()
      .gt(0, 'must be above 0')
      .lt(1, 'must be below 1')
      .nullish()
      .transform(absent),
  })
  .refine((metric) => metric.kind !== 'RATIO' || metric.denominator !== null, {
    path: ['denominator'],
    message: 'is needed by a RATIO',
  })
  .refine((metric) => metric.kind === 'RATIO' || metric.denominator === null, {
    path: ['denominator'],
    message: 'belongs to a RATIO only',
  })
  .refine((metric) => metric.role === 'GUARDRAIL' || metric.nonInferiorityMargin === null, {
    path: ['nonInferiorityMargin'],
    message: 'belongs to a GUARDRAIL only',
  });

const variantsSchema = z
  .array(variantSchema)
  .min(2, 'must be 2 or more')
  .max(20, 'must be at most 20')
  .refine(hasUniqueKeys, 'must have different keys')
  .refine((variants) => Math.abs(variants.reduce((sum, { weight }) => sum + weight, 0) - 1) <= 1e-6, {
    message: 'must have weights that add up to 1',
  })
  .refine((variants) => variants.filter(({ isControl }) => isControl).length <= 1, {
    message: 'must mark at most one control',
  })
  .transform((variants) => {
    const marked = variants.findIndex(({ isControl }) => isControl);
    const control = marked === -1 ? 0 : marked;
    return variants.map((variant, index) => ({ ...variant, isControl: index === control }));
  });

const metricsSchema = z
  .array(metricSchema)
  .max(50, 'must be at most 50')
  .refine(hasUniqueKeys, 'must have different keys')
  .refine((metrics) => metrics.filter(({ role }) => role === 'PRIMARY').length === 1, {
    message: 'must have exactly one whose role is PRIMARY',
  });

const definitionSchema = z.object({
  key: slug,
  name: text(300),
  hypothesis: text(10_000),
  layer: slug.nullish().transform(absent),
  coverage: z.number().gt(0, 'must be above 0').max(1, 'must be at most 1'),
  variants: variantsSchema,
  metrics: metricsSchema,
});

function hasUniqueKeys(entries: readonly { key: string }[]): boolean {
  return new Set(entries.map(({ key }) => key)).size === entries.length;
}

function isJson(json: string): boolean {
  try {
    JSON.parse(json);
    return true;
  } catch {
    return false;
  }
}
