import {
  getNamedType,
  OperationTypeNode,
  TypeInfo,
  valueFromASTUntyped,
  visit,
  visitWithTypeInfo,
  type ConstDirectiveNode,
  type DocumentNode,
  type GraphQLSchema,
} from 'graphql';
import { z } from 'zod';

/** The most that an answer to a document may be kept. */
export interface CachePolicy {
  /** Milliseconds; 0: not at all. */
  readonly maxAgeMs: number;
  readonly scope: 'PUBLIC' | 'PRIVATE';
}

/** What `@cacheControl` says of a field or a type. */
const hintSchema = z.object({
  maxAge: z.int().min(0).optional(),
  scope: z.enum(['PUBLIC', 'PRIVATE']).default('PUBLIC'),
});

type Hint = z.infer<typeof hintSchema>;

/**
 * Returns the least maxAge among the fields of `document`, and PRIVATE where any field is. A field is as its own
 * `@cacheControl` says, else as its type's, else as its parent's; where none of them says anything, the answer is not
 * kept. Mutations are not kept.
 */
export function cachePolicyOf(schema: GraphQLSchema, document: DocumentNode): CachePolicy {
  const types = new TypeInfo(schema);
  let maxAge = Number.POSITIVE_INFINITY;
  let scope: CachePolicy['scope'] = 'PUBLIC';
  const ages: number[] = [];
  visit(
    document,
    visitWithTypeInfo(types, {
      OperationDefinition: ({ operation }) => {
        if (operation !== OperationTypeNode.QUERY) maxAge = 0;
        ages.push(0);
      },
      // What a fragment's fields take from their parent is counted with the parent, where the fragment is spread; an
      // operation is the one parent that does not count by itself.
      FragmentDefinition: () => {
        const isRoot = [schema.getQueryType(), schema.getMutationType()].some(
          (root) => root === types.getType(),
        );
        ages.push(isRoot ? 0 : Number.POSITIVE_INFINITY);
      },
      Field: {
        enter: () => {
          const field = types.getFieldDef();
          const type = types.getType();
          const named = type === undefined || type === null ? undefined : getNamedType(type);
          const hints = [hintOf(field?.astNode?.directives), hintOf(named?.astNode?.directives)];
          const age = hints.find((hint) => hint?.maxAge !== undefined)?.maxAge ?? ages.at(-1) ?? 0;
          if (hints.some((hint) => hint?.scope === 'PRIVATE')) scope = 'PRIVATE';
          if (field?.name !== '__typename') maxAge = Math.min(maxAge, age);
          ages.push(age);
        },
        leave: () => void ages.pop(),
      },
    }),
  );
  return { maxAgeMs: Number.isFinite(maxAge) ? maxAge * 1000 : 0, scope };
}

function hintOf(directives: readonly ConstDirectiveNode[] | undefined): Hint | null {
  const directive = directives?.find(({ name }) => name.value === 'cacheControl');
  if (directive === undefined) return null;
  return hintSchema.parse(
    Object.fromEntries(
      (directive.arguments ?? []).map(({ name, value }) => [name.value, valueFromASTUntyped(value)]),
    ),
  );
}
