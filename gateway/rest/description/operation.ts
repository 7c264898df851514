import type { GraphQLSchema } from 'graphql';
import { maxParameterLength } from '../request-variables.ts';
import type { QueryParameter } from '../query-parameters.ts';
import type { RestRoute, RestVariable } from '../rest-route.ts';
import { AnswerSchema } from './answer-schema.ts';
import { withDescription, type Components, type Described, type JsonObject } from './components.ts';
import { describeInput, describeNonNull } from './input-schema.ts';
import { answerHeaders, failures } from './shared-parts.ts';

/** Returns the OpenAPI operation of one route; the schemas that it refers to go into `components`. */
export function operationOf(route: RestRoute, schema: GraphQLSchema, components: Components): JsonObject {
  const { method, name, pathVariable, parameters } = route;
  return {
    operationId: `${name.charAt(0).toLowerCase()}${name.slice(1)}`,
    summary: summaryOf(route),
    ...withDescription({}, descriptionOf(route)),
    tags: [method === 'GET' ? 'Reads' : 'Writes'],
    parameters: [
      ...(pathVariable === null ? [] : [pathParameter(pathVariable, components)]),
      ...[...parameters.values()].map((parameter) => queryParameter(parameter, components)),
      { $ref: '#/components/parameters/AnonymousId' },
      { $ref: '#/components/parameters/Region' },
    ],
    ...(method === 'POST' ? { requestBody: bodyOf(route, components) } : {}),
    responses: {
      200: answer(new AnswerSchema(route, schema, components).data()),
      ...Object.fromEntries(
        failures
          .filter(({ writes }) => method === 'POST' || writes !== true)
          .map((failure) => [failure.status, { $ref: `#/components/responses/${failure.name}` }]),
      ),
    },
  };
}

/** `record-interactions` as `Record interactions`. */
function summaryOf({ slug }: RestRoute): string {
  const words = slug.replaceAll('-', ' ');
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}

function descriptionOf({ description, pathVariable }: RestRoute): string {
  if (pathVariable === null) return description;
  return `${description}\n\nWhere nothing stands under this \`${pathVariable.name}\`, the answer is 404.`.trim();
}

function pathParameter(variable: RestVariable, components: Components): JsonObject {
  const { schema, example } = describeNonNull(variable.type, variable.name, components);
  const parameter = { name: variable.name, in: 'path', required: true, schema: bounded(schema), example };
  return withDescription(parameter, variable.description);
}

function queryParameter(parameter: QueryParameter, components: Components): JsonObject {
  const { name, at, form, type, required, description, defaultValue } = parameter;
  const described = describeNonNull(type, at.at(-1) ?? name, components);
  const place = { name, in: 'query', ...(required ? { required } : {}) };
  if (form === 'json') {
    const { schema, example } = described;
    return withDescription({ ...place, content: { 'application/json': { schema, example } } }, description);
  }
  const shape = form === 'many' ? { style: 'form', explode: true } : {};
  const schema = bounded(described.schema);
  if (required) {
    return withDescription({ ...place, ...shape, schema, example: described.example }, description);
  }
  // Beside the schema a page to try it would fill the example in, and nobody means all of the optional ones at once.
  const filled = defaultValue === undefined ? {} : { default: defaultValue };
  const examples = [defaultValue ?? described.example];
  return withDescription({ ...place, ...shape, schema: { ...schema, ...filled, examples } }, description);
}

/** Says how long a text in a URL may be. */
function bounded(schema: JsonObject): JsonObject {
  return schema['type'] === 'string' ? { ...schema, maxLength: maxParameterLength } : schema;
}

function bodyOf({ variables }: RestRoute, components: Components): JsonObject {
  const described = variables.map((variable) => ({
    variable,
    ...describeInput(variable.type, variable.name, components),
  }));
  const required = variables.filter((variable) => variable.required).map(({ name }) => name);
  const properties = described.map(({ variable: { name, description, defaultValue }, schema }) => [
    name,
    {
      ...withDescription(schema, description),
      ...(defaultValue === undefined ? {} : { default: defaultValue }),
    },
  ]);
  return {
    required: required.length > 0,
    content: {
      'application/json': {
        schema: {
          type: 'object',
          properties: Object.fromEntries(properties),
          ...(required.length === 0 ? {} : { required }),
          additionalProperties: false,
        },
        example: Object.fromEntries(
          described.map(({ variable, example }) => [variable.name, variable.defaultValue ?? example]),
        ),
      },
    },
  };
}

function answer({ schema, example }: Described): JsonObject {
  return {
    description: 'The answer. Where a part of it failed, that part is null and `errors` says why.',
    headers: answerHeaders,
    content: {
      'application/json': {
        schema: {
          type: 'object',
          properties: {
            data: schema,
            errors: {
              type: 'array',
              items: { $ref: '#/components/schemas/Error' },
              minItems: 1,
              description: 'What is missing in `data` and why; absent where all went well.',
            },
          },
          required: ['data'],
        },
        example: { data: example },
      },
    },
  };
}
