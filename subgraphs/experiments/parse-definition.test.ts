import { describe, expect, it } from 'vitest';
import { RequestError } from '#platform/errors/request-error.ts';
import { parseDefinition } from './parse-definition.ts';

const variant = { key: 'small', weight: 0.5, valueJson: '{"size":1}', isControl: false };
const metric = {
  key: 'save-rate',
  role: 'PRIMARY',
  kind: 'PROPORTION',
  numerator: 'SAVE',
  lowerIsBetter: false,
};
const definition = {
  key: 'bigger-cards',
  name: 'Bigger cards',
  hypothesis: 'Bigger cards are saved more often.',
  layer: null,
  coverage: 1,
  variants: [variant, { ...variant, key: 'big' }],
  metrics: [metric],
};

function messageOf(input: unknown): string {
  try {
    parseDefinition(input);
  } catch (error) {
    if (error instanceof RequestError && error.code === 'BAD_USER_INPUT') return error.message;
    throw error;
  }
  return 'accepted';
}

describe('parseDefinition', () => {
  it('makes the first variant the control where none is marked', () => {
    expect(parseDefinition(definition).variants.map(({ isControl }) => isControl)).toEqual([true, false]);
    const marked = { ...definition, variants: [variant, { ...variant, key: 'big', isControl: true }] };
    expect(parseDefinition(marked).variants.map(({ isControl }) => isControl)).toEqual([false, true]);
  });

  it('takes a whole definition', () => {
    const metrics = [
      metric,
      {
        ...metric,
        key: 'ctr',
        role: 'SECONDARY',
        kind: 'RATIO',
        numerator: 'CLICK',
        denominator: 'IMPRESSION',
      },
      {
        ...metric,
        key: 'speed',
        role: 'GUARDRAIL',
        numerator: 'page-load',
        windowHours: 24,
        nonInferiorityMargin: 0.02,
      },
    ];
    const parsed = parseDefinition({ ...definition, layer: 'cards', coverage: 0.5, metrics });
    expect(parsed.metrics[0]).toMatchObject({
      denominator: null,
      windowHours: null,
      nonInferiorityMargin: null,
    });
    expect(parsed).toMatchObject({ layer: 'cards', coverage: 0.5, metrics });
  });

  it('takes weights that add up to 1 but for rounding', () => {
    const variants = Array.from({ length: 3 }, (_, index) => ({
      ...variant,
      key: `v-${index}`,
      weight: 1 / 3,
    }));
    expect(parseDefinition({ ...definition, variants }).variants).toHaveLength(3);
  });

  it.each([
    ['input.key', { key: 'Bigger Cards' }],
    ['input.key', { key: 'a'.repeat(129) }],
    ['input.name', { name: ' ' }],
    ['input.hypothesis', { hypothesis: 'x'.repeat(10_001) }],
    ['input.layer', { layer: 'No Slug' }],
    ['input.coverage', { coverage: 0 }],
    ['input.coverage', { coverage: 1.01 }],
    ['input.variants', { variants: [variant] }],
    ['input.variants', { variants: [variant, variant] }],
    ['input.variants', { variants: [variant, { ...variant, key: 'big', weight: 0.49 }] }],
    ['input.variants.1.weight', { variants: [variant, { ...variant, key: 'big', weight: 0 }] }],
    [
      'input.variants',
      { variants: [variant, { ...variant, key: 'big' }].map((each) => ({ ...each, isControl: true })) },
    ],
    [
      'input.variants',
      {
        variants: Array.from({ length: 21 }, (_, index) => ({
          ...variant,
          key: `v-${index}`,
          weight: 1 / 21,
        })),
      },
    ],
    [
      'input.variants.0.valueJson',
      {
        variants: [
          { ...variant, valueJson: 'big' },
          { ...variant, key: 'big' },
        ],
      },
    ],
    [
      'input.variants.0.valueJson',
      {
        variants: [
          { ...variant, valueJson: JSON.stringify('ä'.repeat(6_000)) },
          { ...variant, key: 'big' },
        ],
      },
    ],
    ['input.metrics', { metrics: [] }],
    ['input.metrics', { metrics: [{ ...metric, role: 'SECONDARY' }] }],
    ['input.metrics', { metrics: [metric, { ...metric, key: 'second' }] }],
    ['input.metrics', { metrics: [metric, { ...metric, role: 'SECONDARY' }] }],
    [
      'input.metrics',
      {
        metrics: Array.from({ length: 51 }, (_, index) => ({
          ...metric,
          key: `m-${index}`,
          role: index === 0 ? 'PRIMARY' : 'SECONDARY',
        })),
      },
    ],
    ['input.metrics.0.numerator', { metrics: [{ ...metric, numerator: 'Page Load' }] }],
    ['input.metrics.0.denominator', { metrics: [{ ...metric, kind: 'RATIO' }] }],
    ['input.metrics.0.denominator', { metrics: [{ ...metric, denominator: 'VIEW' }] }],
    ['input.metrics.0.windowHours', { metrics: [{ ...metric, windowHours: 0 }] }],
    ['input.metrics.0.nonInferiorityMargin', { metrics: [{ ...metric, nonInferiorityMargin: 0.1 }] }],
  ])('names %s and says what it should be: case %#', (path, wrong) => {
    const message = messageOf({ ...definition, ...wrong });
    expect(message.startsWith(`${path} `)).toBe(true);
    expect(message).toMatch(/ (must|is needed|belongs) /);
  });
});
