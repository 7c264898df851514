import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { getOperationAST, parse } from 'graphql';
import { publicSchemaOf } from '#schema/public-schema.ts';
import { documentDescription } from '../../documents/document-description.ts';
import type { RegisteredDocument } from '../../documents/registered-document.ts';

/** The schema that clients see. */
export const publicSchema = publicSchemaOf(
  readFileSync(new URL('../../../schema/supergraph.graphql', import.meta.url), 'utf8'),
);

/** A document as the registry would have it. */
export function documentOf(text: string): RegisteredDocument {
  const operation = getOperationAST(parse(text));
  return {
    id: createHash('sha256').update(text).digest('hex'),
    name: 'a document',
    text,
    description: operation == null ? null : documentDescription(operation),
    kind: /^\s*mutation\b/m.test(text) ? 'mutation' : 'query',
    cost: 1,
    maxAgeMs: 0,
    scope: 'PRIVATE',
    partner: true,
  };
}
