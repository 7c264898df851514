import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Kind, parse, validate, visit, type DocumentNode } from 'graphql';
import { describe, expect, it } from 'vitest';
import { subgraphNames } from '../../platform/config/config.ts';
import { readSubgraphSdl } from '../../platform/graphql/load-schema.ts';
import { composeSupergraph, supergraphFile } from '../../schema/compose.ts';
import { publicSchemaOf } from '../../schema/public-schema.ts';

const schemaFolder = join(import.meta.dirname, '../../schema');
const supergraph = readFileSync(supergraphFile, 'utf8');

/** Every `Type`, `Type.member` and `Type.field(argument)` of a document, and each with `@cacheControl(…)`. */
function membersOf(document: DocumentNode): {
  members: Set<string>;
  policies: Set<string>;
  undescribed: string[];
} {
  const members = new Set<string>();
  const policies = new Set<string>();
  const undescribed: string[] = [];
  const note = (
    node: {
      description?: unknown;
      directives?: readonly { name: { value: string }; arguments?: readonly unknown[] }[];
    },
    name: string,
  ): void => {
    members.add(name);
    if (node.description === undefined) undescribed.push(name);
    for (const directive of node.directives ?? []) {
      if (directive.name.value === 'cacheControl') policies.add(name);
    }
  };
  visit(document, {
    enter(node) {
      switch (node.kind) {
        case Kind.OBJECT_TYPE_DEFINITION:
        case Kind.INPUT_OBJECT_TYPE_DEFINITION: {
          const owner = node.name.value;
          if (owner !== 'Query' && owner !== 'Mutation') note(node, owner);
          for (const field of node.fields ?? []) {
            note(field, `${owner}.${field.name.value}`);
            if (field.kind !== Kind.FIELD_DEFINITION) continue;
            for (const argument of field.arguments ?? []) {
              note(argument, `${owner}.${field.name.value}(${argument.name.value})`);
            }
          }
          break;
        }
        case Kind.ENUM_TYPE_DEFINITION:
          note(node, node.name.value);
          for (const value of node.values ?? []) note(value, `${node.name.value}.${value.name.value}`);
          break;
        case Kind.SCALAR_TYPE_DEFINITION:
          note(node, node.name.value);
          break;
        default:
      }
    },
  });
  return { members, policies, undescribed };
}

describe('the supergraph', () => {
  it('is what composition gives', () => {
    expect(supergraph, 'run `npm run compose`').toBe(composeSupergraph());
  });

  const composed = membersOf(parse(supergraph));

  it.each(subgraphNames)('keeps every type, field, argument and cache policy of %s', (name) => {
    const { members, policies } = membersOf(parse(readSubgraphSdl(name)));
    expect(members.size).toBeGreaterThan(20);
    expect([...members].filter((member) => !composed.members.has(member))).toEqual([]);
    expect([...policies].filter((member) => !composed.policies.has(member))).toEqual([]);
  });

  it.each(subgraphNames)('describes every type, field and argument of %s', (name) => {
    expect(membersOf(parse(readSubgraphSdl(name))).undescribed).toEqual([]);
  });

  it('loses a cache policy without @composeDirective, which the check above would notice', () => {
    expect(composed.policies.has('Query.trending')).toBe(true);
    expect(supergraph).toContain('directive @cacheControl');
  });
});

describe('the documents', () => {
  const schema = publicSchemaOf(supergraph);
  const files = readdirSync(join(schemaFolder, 'documents')).filter((file) => file.endsWith('.graphql'));

  it.each(files)('%s is valid against the supergraph', (file) => {
    const document = parse(readFileSync(join(schemaFolder, 'documents', file), 'utf8'));
    expect(validate(schema, document).map((error) => error.message)).toEqual([]);
  });

  it('exist, each with one named operation', () => {
    expect(files.length).toBeGreaterThan(5);
    for (const file of files) {
      const document = parse(readFileSync(join(schemaFolder, 'documents', file), 'utf8'));
      const operations = document.definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION);
      expect(
        operations.map((operation) => operation.name?.value),
        file,
      ).toEqual([expect.stringMatching(/^[A-Z]\w+$/)]);
    }
  });
});
