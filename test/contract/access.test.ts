import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildASTSchema, isEnumType, isObjectType, parse, type GraphQLSchema } from 'graphql';
import { describe, expect, it } from 'vitest';
import { scopes } from '../../platform/caller/caller.ts';
import { subgraphNames } from '../../platform/config/config.ts';
import { accessRuleOf, type AccessRule } from '../../platform/graphql/access-rules.ts';
import { readSubgraphSdl } from '../../platform/graphql/load-schema.ts';
import { accessPage } from '../../schema/access-page.ts';
import { supergraphFile } from '../../schema/compose.ts';
import { publicSchemaOf } from '../../schema/public-schema.ts';

interface Member {
  readonly rule: AccessRule | null;
  readonly description: string;
}

/** Every object type as `Type` and every field as `Type.field`. */
function membersOf(schema: GraphQLSchema): Map<string, Member> {
  const members = new Map<string, Member>();
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    members.set(type.name, { rule: accessRuleOf(schema, type), description: type.description ?? '' });
    for (const field of Object.values(type.getFields())) {
      members.set(`${type.name}.${field.name}`, {
        rule: accessRuleOf(schema, field),
        description: field.description ?? '',
      });
    }
  }
  return members;
}

/** What a description promises, in the words that the schema uses for it. */
function promiseOf(description: string) {
  const text = description.replaceAll(/\s+/g, ' ');
  return {
    scope: /\b[Ss]cope (\w+)/.exec(text)?.[1] ?? null,
    oneself: /\bOneself, or scope/.test(text),
    null: /\bnull otherwise/.test(text),
    acrossVendors: text.includes('Closed to a key that is bound to a vendor.'),
  };
}

const publicSchema = publicSchemaOf(readFileSync(supergraphFile, 'utf8'));
const composed = membersOf(publicSchema);

describe('the access rules', () => {
  it('stand in docs/reference/access.md, field by field', () => {
    const page = readFileSync(join(import.meta.dirname, '../../docs/reference/access.md'), 'utf8');
    expect(page, 'run `npm run compose`').toBe(accessPage(publicSchema));
    const listed = [...page.matchAll(/^\| `(\w+\.\w+)` \| \S/gm)].map(([, field]) => field);
    expect(new Set(listed)).toEqual(new Set([...composed.keys()].filter((name) => name.includes('.'))));
  });

  it('know the scopes that callers have', () => {
    const scope = publicSchema.getType('Scope');
    const names = isEnumType(scope) ? scope.getValues().map(({ name }) => name.toLowerCase()) : [];
    expect(new Set(names)).toEqual(new Set(scopes));
  });

  describe.each(subgraphNames)('of %s', (name) => {
    const members = membersOf(buildASTSchema(parse(readSubgraphSdl(name)), { assumeValidSDL: true }));
    const ruled = [...members].filter(([, { rule }]) => rule !== null);

    it('survive composition', () => {
      expect(ruled.length).toBeGreaterThan(2);
      for (const [member, { rule }] of ruled) expect(composed.get(member)?.rule, member).toEqual(rule);
    });

    it('are what the descriptions say, and nothing else is', () => {
      for (const [member, { rule, description }] of members) {
        expect(promiseOf(description), member).toEqual({
          scope: rule?.scope ?? null,
          oneself: rule !== null && rule.orOneself !== null,
          null: rule?.otherwise === 'NULL',
          acrossVendors: rule?.acrossVendors ?? false,
        });
      }
    });
  });
});
