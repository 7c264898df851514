import { isEnumType, type GraphQLEnumType, type GraphQLScalarType } from 'graphql';
import type { Components, JsonObject } from './components.ts';

const builtIn: Readonly<Record<string, JsonObject>> = {
  ID: { type: 'string' },
  String: { type: 'string' },
  Boolean: { type: 'boolean' },
  Int: { type: 'integer', format: 'int32' },
  Float: { type: 'number', format: 'double' },
};

/** What is known of the schema's own scalars beyond that they are written as text. */
const own: Readonly<Record<string, JsonObject>> = {
  DateTime: { type: 'string', format: 'date-time' },
};

/** Returns the schema of a scalar or an enum: inline for GraphQL's own, a component for others. */
export function leafSchema(type: GraphQLScalarType | GraphQLEnumType, components: Components): JsonObject {
  const known = builtIn[type.name];
  if (known !== undefined) return known;
  return components.refer(type.name, () =>
    isEnumType(type)
      ? { type: 'string', enum: type.getValues().map(({ name }) => name), description: enumDescription(type) }
      : {
          ...(own[type.name] ?? { type: 'string' }),
          ...(type.description == null ? {} : { description: type.description }),
        },
  );
}

function enumDescription(type: GraphQLEnumType): string {
  const values = type.getValues().map(({ name, description }) => `- \`${name}\`: ${description ?? ''}`);
  return [type.description ?? '', '', ...values].join('\n').trim();
}
