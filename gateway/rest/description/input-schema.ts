import {
  isInputObjectType,
  isListType,
  isNonNullType,
  type GraphQLInputField,
  type GraphQLInputObjectType,
  type GraphQLInputType,
} from 'graphql';
import { nullable, withDescription, type Components, type Described, type JsonObject } from './components.ts';
import { exampleOf } from './example-values.ts';
import { leafSchema } from './scalar-schema.ts';

/** Returns the schema and an example of what a client sends for `type` under `name`. */
export function describeInput(
  type: GraphQLInputType,
  name: string,
  components: Components,
  above: readonly GraphQLInputType[] = [],
): Described {
  if (!isNonNullType(type)) {
    const { schema, example } = describeNonNull(type, name, components, above);
    return { schema: nullable(schema), example };
  }
  return describeNonNull(type.ofType, name, components, above);
}

/** As `describeInput`, for a value that is never null: a parameter is given or left out. */
export function describeNonNull(
  type: GraphQLInputType,
  name: string,
  components: Components,
  above: readonly GraphQLInputType[] = [],
): Described {
  if (isNonNullType(type)) return describeNonNull(type.ofType, name, components, above);
  if (isListType(type)) {
    const { schema, example } = describeInput(type.ofType, name, components, above);
    return { schema: { type: 'array', items: schema }, example: [example] };
  }
  if (isInputObjectType(type)) return describeObject(type, components, above);
  const parent = above.findLast(isInputObjectType)?.name.replace(/Input$/, '') ?? 'content';
  return { schema: leafSchema(type, components), example: exampleOf(type, name, parent) };
}

function describeObject(
  type: GraphQLInputObjectType,
  components: Components,
  above: readonly GraphQLInputType[],
): Described {
  const around = [...above, type];
  // An example leaves out what would contain itself.
  const fields = Object.values(type.getFields()).map((field) => ({
    field,
    recursive: containsAny(field.type, around),
  }));
  const schema = components.refer(type.name, () => objectSchema(type, fields, components, around));
  const examples = fields
    .filter(({ recursive }) => !recursive)
    .map(({ field }) => [field.name, describeInput(field.type, field.name, components, around).example]);
  return { schema, example: Object.fromEntries(examples) };
}

function objectSchema(
  type: GraphQLInputObjectType,
  fields: readonly { field: GraphQLInputField; recursive: boolean }[],
  components: Components,
  around: readonly GraphQLInputType[],
): JsonObject {
  const required = fields
    .filter(({ field }) => isNonNullType(field.type) && field.defaultValue === undefined)
    .map(({ field }) => field.name);
  const properties = fields.map(({ field, recursive }) => {
    const inner: Described = recursive
      ? { schema: recursiveSchema(field.type), example: null }
      : describeInput(field.type, field.name, components, around);
    const schema = withDescription(inner.schema, field.description, field.deprecationReason);
    return [
      field.name,
      field.defaultValue === undefined ? schema : { ...schema, default: field.defaultValue },
    ];
  });
  return withDescription(
    {
      type: 'object',
      properties: Object.fromEntries(properties),
      ...(required.length === 0 ? {} : { required }),
      additionalProperties: false,
    },
    type.description,
  );
}

function containsAny(type: GraphQLInputType, types: readonly GraphQLInputType[]): boolean {
  return isNonNullType(type) || isListType(type) ? containsAny(type.ofType, types) : types.includes(type);
}

function recursiveSchema(type: GraphQLInputType): JsonObject {
  if (isNonNullType(type)) return withoutNull(type.ofType);
  return nullable(withoutNull(type));
}

function withoutNull(type: GraphQLInputType): JsonObject {
  if (isNonNullType(type)) return withoutNull(type.ofType);
  if (isListType(type)) return { type: 'array', items: recursiveSchema(type.ofType) };
  return { $ref: `#/components/schemas/${isInputObjectType(type) ? type.name : ''}` };
}
