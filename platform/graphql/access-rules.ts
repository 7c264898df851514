import {
  defaultFieldResolver,
  getDirectiveValues,
  isNonNullType,
  isObjectType,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
} from 'graphql';
import { z } from 'zod';
import { boundVendorOf, hasScope, scopes, subjectOf, type Caller } from '../caller/caller.ts';
import { RequestError } from '../errors/request-error.ts';

/** A rule as `@access` of `schema/shared.graphql` states it; the meaning of each argument stands there. */
export type AccessRule = z.infer<typeof ruleSchema>;

/** What a resolver's context must hold for the rules to be enforced. */
interface AccessContext {
  readonly caller: Caller;
}

type Arguments = Readonly<Record<string, unknown>>;
type ReferenceResolver = (reference: Arguments, context: AccessContext, info: unknown) => unknown;

const ruleSchema = z.object({
  scope: z.string().toLowerCase().pipe(z.enum(scopes)),
  orOneself: z.string().nullish().default(null),
  acrossVendors: z.boolean(),
  otherwise: z.enum(['FORBIDDEN', 'NULL']),
});

/** Where `@apollo/subgraph` keeps what resolves a reference to an entity. */
const extensionsSchema = z.object({
  apollo: z.object({
    subgraph: z.object({
      resolveReference: z.custom<ReferenceResolver>((value) => typeof value === 'function'),
    }),
  }),
});

/**
 * Has the fields and entities of `schema` that carry `@access` ask who calls before they are resolved, and returns it. The
 * others are left as they are and cost nothing.
 * @throws Error for a rule that cannot be kept: null of a field that is never null, a name that neither an argument nor the
 * parent has, and a scope that callers do not know.
 */
export function enforceAccessRules(schema: GraphQLSchema): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type)) continue;
    guardReference(schema, type);
    for (const field of Object.values(type.getFields())) guardField(schema, type, field);
  }
  return schema;
}

/** The rule of a type or field of `schema`, or null where it has none. */
export function accessRuleOf(
  schema: GraphQLSchema,
  { astNode }: Pick<GraphQLObjectType, 'astNode'> | Pick<GraphQLField<unknown, unknown>, 'astNode'>,
): AccessRule | null {
  const directive = schema.getDirective('access');
  const values = directive == null || astNode == null ? undefined : getDirectiveValues(directive, astNode);
  return values === undefined ? null : ruleSchema.parse(values);
}

function guardField(
  schema: GraphQLSchema,
  type: GraphQLObjectType,
  field: GraphQLField<unknown, AccessContext>,
): void {
  const rule = accessRuleOf(schema, field);
  if (rule === null) return;
  const name = `${type.name}.${field.name}`;
  if (rule.otherwise === 'NULL' && isNonNullType(field.type)) {
    throw new Error(`@access of ${name} denies by null, but the field is never null.`);
  }
  const { orOneself } = rule;
  const isArgument = field.args.some((argument) => argument.name === orOneself);
  if (orOneself !== null && !isArgument && type.getFields()[orOneself] === undefined) {
    throw new Error(
      `@access of ${name} names ${orOneself}, which is neither an argument nor a field of ${type.name}.`,
    );
  }
  const resolve = field.resolve ?? defaultFieldResolver;
  field.resolve = (source, args: Arguments, context, info) => {
    const owner = orOneself === null ? null : isArgument ? args[orOneself] : propertyOf(source, orOneself);
    return isOpen(rule, context.caller, owner)
      ? resolve(source, args, context, info)
      : deny(rule, context.caller);
  };
}

function guardReference(schema: GraphQLSchema, type: GraphQLObjectType): void {
  const rule = accessRuleOf(schema, type);
  if (rule === null) return;
  const { orOneself } = rule;
  if (orOneself !== null && type.getFields()[orOneself] === undefined) {
    throw new Error(`@access of ${type.name} names ${orOneself}, which is no field of it.`);
  }
  // Without a resolver of its own an entity is what its reference says.
  const resolve = extensionsSchema.safeParse(type.extensions).data?.apollo.subgraph.resolveReference;
  const resolveReference: ReferenceResolver = (reference, context, info) => {
    const owner = orOneself === null ? null : reference[orOneself];
    if (!isOpen(rule, context.caller, owner)) return deny(rule, context.caller);
    return resolve === undefined ? reference : resolve(reference, context, info);
  };
  type.extensions = { ...type.extensions, apollo: { subgraph: { resolveReference } } };
}

function isOpen({ scope, orOneself, acrossVendors }: AccessRule, caller: Caller, owner: unknown): boolean {
  if (acrossVendors && boundVendorOf(caller) !== null) return false;
  if (hasScope(caller, scope)) return true;
  const subject = subjectOf(caller);
  return orOneself !== null && subject !== null && subject === owner;
}

/** @throws RequestError `FORBIDDEN` unless the rule denies by null. */
function deny({ scope, orOneself, acrossVendors, otherwise }: AccessRule, caller: Caller): null {
  if (otherwise === 'NULL') return null;
  const needed = `scope ${scope}`;
  if (boundVendorOf(caller) !== null && (acrossVendors || caller.scopes.has(scope))) {
    throw new RequestError(
      'FORBIDDEN',
      `This is of all vendors, and the key is bound to one. It needs another key with ${needed}.`,
    );
  }
  throw new RequestError(
    'FORBIDDEN',
    orOneself === null ? `This needs ${needed}.` : `This is another's. It needs ${needed}.`,
  );
}

function propertyOf(source: unknown, name: string): unknown {
  return typeof source === 'object' && source !== null ? Reflect.get(source, name) : undefined;
}
