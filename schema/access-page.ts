import { getNamedType, isObjectType, type GraphQLObjectType, type GraphQLSchema } from 'graphql';
import { hasScope, scopes, type Caller } from '../platform/caller/caller.ts';
import { accessRuleOf, type AccessRule } from '../platform/graphql/access-rules.ts';

const anybody = 'anybody';

/** A key that holds whatever scope there is, and is bound to a vendor. */
const boundKey: Caller = {
  kind: 'key',
  key: { id: 'k', vendorId: 'v' },
  scopes: new Set(scopes),
  region: null,
  locale: null,
};

/** The text of `docs/reference/access.md`: every field of the public schema with who may read or call it. */
export function accessPage(schema: GraphQLSchema): string {
  const audiences = audiencesOf(schema);
  const rows = objectTypesOf(schema).flatMap((type) =>
    Object.values(type.getFields()).map((field) => {
      const typeRule = accessRuleOf(schema, type);
      const rule = accessRuleOf(schema, field);
      const audience = rule ?? typeRule;
      const open = audience === null ? [...(audiences.get(type) ?? [])].join('; ') : audienceOf(audience);
      return `| \`${type.name}.${field.name}\` | ${open} | ${rule === null ? '' : denialOf(rule)} | ${boundOf(rule)} |`;
    }),
  );
  return `# Who may read and call what

<!-- Written by \`npm run compose\` from schema/*.graphql; do not edit. -->

Rules stand in the schema files, as \`@access\` on a field or a type, and nowhere else. Each subgraph enforces its own before it
resolves anything, in process and over HTTP alike, and takes nobody's word for who calls but the gateway's signature. On a type
the rule is of the entity: of reaching it by its key. "Oneself" is whoever the argument or the parent names.

## Keys that are bound to a vendor

A key with a \`vendorId\` sees and writes the rows of that vendor, for itself and when it acts for a user:

- Another vendor, and an entry of another vendor, is as unknown: null, or missing from the list and from every count. Search,
  trending, similar entries, changes, the feed, the vendors that a user follows and the editors' picks hold the vendor's own
  alone. A filter that names another vendor gives nothing.
- \`upsertVendors\`, \`upsertContents\` and \`deleteContents\` reject what is another vendor's with \`FORBIDDEN\`, entry by entry.
  \`followVendor\` and \`unfollowVendor\` of another vendor are \`FORBIDDEN\`, and interactions with its entries \`NOT_FOUND\`.
- The scopes ${boundless()} open nothing, even where the key has them: what they show is of all vendors.
- What is marked "closed" below concerns all vendors, so it is closed even for the user that the key acts for.

## Every field

A field without a rule of its own is open to whoever reaches its type; "others get" is empty then.

| Field | Open to | Others get | Key bound to a vendor |
| --- | --- | --- | --- |
${rows.join('\n')}
`;
}

/** By type, who reaches it: those to whom some field that leads there is open. */
function audiencesOf(schema: GraphQLSchema): Map<GraphQLObjectType, Set<string>> {
  const audiences = new Map<GraphQLObjectType, Set<string>>();
  const reach = (type: GraphQLObjectType, from: ReadonlySet<string>): void => {
    const known = audiences.get(type) ?? new Set();
    if (known.has(anybody) || from.isSubsetOf(known)) return;
    const here = from.has(anybody) ? new Set([anybody]) : known.union(from);
    audiences.set(type, here);
    for (const field of Object.values(type.getFields())) {
      const target = getNamedType(field.type);
      const rule = accessRuleOf(schema, field);
      if (isObjectType(target)) reach(target, rule === null ? here : new Set([audienceOf(rule)]));
    }
  };
  for (const root of [schema.getQueryType(), schema.getMutationType()]) {
    if (root != null) reach(root, new Set([anybody]));
  }
  return audiences;
}

function objectTypesOf(schema: GraphQLSchema): GraphQLObjectType[] {
  const roots = new Set([schema.getQueryType()?.name, schema.getMutationType()?.name]);
  return Object.values(schema.getTypeMap())
    .filter((type) => isObjectType(type))
    .filter(({ name }) => !name.startsWith('__'))
    .toSorted((a, b) => Number(roots.has(b.name)) - Number(roots.has(a.name)) || (a.name < b.name ? -1 : 1));
}

function audienceOf({ scope, orOneself }: AccessRule): string {
  return orOneself === null ? `scope \`${scope}\`` : `oneself, scope \`${scope}\``;
}

function denialOf({ otherwise }: AccessRule): string {
  return otherwise === 'NULL' ? 'null' : '`FORBIDDEN`';
}

function boundOf(rule: AccessRule | null): string {
  if (rule === null) return '';
  if (rule.acrossVendors) return 'closed';
  if (hasScope(boundKey, rule.scope)) return 'its vendor alone';
  return rule.orOneself === null ? 'closed' : 'as oneself';
}

function boundless(): string {
  return scopes
    .filter((scope) => !hasScope(boundKey, scope))
    .map((scope) => `\`${scope}\``)
    .join(', ');
}
