import { readFileSync } from 'node:fs';
import { addTypenameToDocument, print as apolloPrint } from '@apollo/client/utilities';
import { parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { equivalentIds, idOf, normalisedText, withTypenames } from './document-text.ts';
import { repositoryDocumentFiles } from './repository-documents.ts';

const sources = repositoryDocumentFiles().map((file) => readFileSync(file, 'utf8'));

describe('the id of a document', () => {
  it('is the example of GraphQL over HTTP, appendix A', () => {
    expect(idOf('query ($id: ID!) {\n  user(id: $id) {\n    name\n  }\n}')).toBe(
      '7dba4bd717b41f10434822356a93c32b1fb4907b983e854300ad839f84cdcd6e',
    );
  });

  it('does not depend on how the document is laid out', () => {
    const ids = [
      'query A { content(id: "1") { id title } }',
      'query A{content(id:"1"){id,title}} # a note',
    ].map((text) => idOf(normalisedText(parse(text))));
    expect(new Set(ids).size).toBe(1);
  });

  it('is known besides for the text as written and for sorted definitions', () => {
    const source = 'fragment F on Query { categories { slug } }\n\nquery A {\n  ...F\n}\n';
    const sorted = 'query A {\n  ...F\n}\n\nfragment F on Query {\n  categories {\n    slug\n  }\n}';
    expect(equivalentIds(parse(source), source)).toEqual(
      expect.arrayContaining([idOf(source), idOf(source.trimEnd()), idOf(sorted)]),
    );
  });
});

describe('the form with __typename', () => {
  it('is to the letter what Apollo Client sends for every document of the repository', () => {
    expect(sources.length).toBeGreaterThan(5);
    for (const source of sources) {
      const document = parse(source);
      expect(normalisedText(withTypenames(document))).toBe(apolloPrint(addTypenameToDocument(document)));
    }
  });

  it('leaves selections alone that have it', () => {
    const document = parse('query A { content(id: "1") { __typename id ... on Content { title } } }');
    expect(normalisedText(withTypenames(document))).toBe(apolloPrint(addTypenameToDocument(document)));
  });
});
