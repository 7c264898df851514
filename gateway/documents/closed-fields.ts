import {
  TypeInfo,
  visit,
  visitWithTypeInfo,
  type DocumentNode,
  type FieldNode,
  type GraphQLSchema,
} from 'graphql';
import { hasScope, scopes, type Scope } from '#platform/caller/caller.ts';
import { accessRuleOf, type AccessRule } from '#platform/graphql/access-rules.ts';

/** What is known of the key that a document is listed for. */
export interface ListHolder {
  readonly scopes: ReadonlySet<Scope>;
  readonly vendorId: string | null;
}

/** A field of a document that its sender could never have. */
export interface ClosedField {
  /** `Type.field` */
  readonly name: string;
  readonly node: FieldNode;
  /** Why, as the rest of a sentence that begins with the name. */
  readonly reason: string;
}

/** A key of which nothing is known: only what no list of a key may hold is closed to it. */
export const anyHolder: ListHolder = { scopes: new Set(scopes), vendorId: null };

/**
 * The fields of `document` that are closed to `holder`, for itself and for the users that it may act for, by the rules of
 * `schema` (`@access`). What is open to scope dashboard alone is closed to every list, so that no partner's key shows
 * it, whatever its scopes are.
 */
export function closedFieldsOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  holder: ListHolder,
): ClosedField[] {
  const types = new TypeInfo(schema);
  const found: ClosedField[] = [];
  visit(
    document,
    visitWithTypeInfo(types, {
      Field: (node) => {
        const field = types.getFieldDef();
        const rule = field == null ? null : accessRuleOf(schema, field);
        const reason = rule === null ? null : reasonAgainst(rule, holder);
        if (reason !== null) {
          found.push({ name: `${types.getParentType()?.name}.${field?.name}`, node, reason });
        }
      },
    }),
  );
  return found;
}

function reasonAgainst(
  { scope, orOneself, acrossVendors }: AccessRule,
  { scopes: held, vendorId }: ListHolder,
): string | null {
  if (scope === 'dashboard' && orOneself === null) {
    return "is for scope dashboard, which no document of a key's list may select.";
  }
  const key = { id: '', vendorId };
  if (acrossVendors && vendorId !== null) return 'is of all vendors, and the key is bound to one.';
  if (hasScope({ kind: 'key', key, scopes: held, region: null, locale: null }, scope)) return null;
  if (orOneself !== null && held.has('delegate')) return null;
  return held.has(scope)
    ? 'is of all vendors, and the key is bound to one.'
    : `needs scope ${scope}, which the key does not hold.`;
}
