import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { graphql } from 'graphql';
import { describe, expect, it } from 'vitest';
import { loadSubgraphSchema } from '../../platform/graphql/load-schema.ts';
import { queryResolvers } from '../../subgraphs/experiments/resolvers/query.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/statistics-explained.md'), 'utf8');
const example = /^```graphql\n(?<query>[\s\S]*?)^```\n+```json\n(?<answer>[\s\S]*?)^```$/gm;
const examples = [...page.matchAll(example)].map(({ groups }) => [groups?.['query'], groups?.['answer']]);
const schema = loadSubgraphSchema('experiments', { Query: queryResolvers });

describe('docs/statistics-explained.md', () => {
  it('has an answer for each of its queries', () => {
    expect(examples).toHaveLength(page.split('```graphql').length - 1);
    expect(examples.length).toBeGreaterThan(5);
  });

  it.each(examples)('says what is answered to %s', async (query = '', answer = '') => {
    const { data, errors = [] } = await graphql({ schema, source: query });
    expect(errors).toEqual([]);
    // Rounded as the page rounds, to four digits.
    const rounded = JSON.stringify({ data }, (_key, value: unknown) =>
      typeof value === 'number' ? Number(value.toPrecision(4)) : value,
    );
    expect(JSON.parse(rounded)).toEqual(JSON.parse(answer));
  });
});
