import { describe, expect, it } from 'vitest';
import { readPublicSchema } from '../../gateway/documents/read-public-schema.ts';
import { checkSources } from './check-sources.ts';
import type { SourceDocument } from './read-document-files.ts';

const schema = readPublicSchema();
const text = 'query Top { trending { id } }';

function problemsOf(...sources: SourceDocument[]): readonly string[] {
  return checkSources(schema, sources, { holder: null }).problems;
}

describe('checkSources', () => {
  it('names the file and the line of each problem', () => {
    const broken = 'query Top {\n  nothing\n  neither\n}';
    expect(problemsOf({ place: 'top.graphql', text: broken, alias: null })).toEqual([
      expect.stringMatching(/^top\.graphql:2: Cannot query field "nothing"/),
      expect.stringMatching(/^top\.graphql:3: Cannot query field "neither"/),
    ]);
  });

  it('refuses two documents of one name, and takes one that comes twice once', () => {
    const other = 'query Top { trending { title } }';
    expect(problemsOf({ place: 'a', text, alias: null }, { place: 'b', text: other, alias: null })).toEqual([
      'b:1: a has another document of the name Top.',
    ]);
    const twice = checkSources(
      schema,
      [
        { place: 'a', text, alias: 'first' },
        { place: 'b', text: `${text}\n`, alias: 'second' },
      ],
      { holder: null },
    );
    expect(twice.problems).toEqual([]);
    expect(twice.accepted.map(({ stored }) => stored.aliases)).toEqual([
      expect.arrayContaining(['first', 'second']),
    ]);
  });

  it('refuses an id that is the hash of another text', () => {
    expect(problemsOf({ place: 'm.json (Top)', text, alias: '0'.repeat(64) })).toEqual([
      'm.json (Top):1: The id looks like a hash and is not the SHA256 of the text.',
    ]);
  });
});
