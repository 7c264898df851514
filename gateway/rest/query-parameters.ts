import {
  getNullableType,
  isInputObjectType,
  isListType,
  isNonNullType,
  type GraphQLInputObjectType,
  type GraphQLInputType,
} from 'graphql';
import type { RestVariable } from './rest-route.ts';

/** How a parameter's text becomes a value: one scalar, a scalar each time that it is repeated, or JSON. */
export type ParameterForm = 'one' | 'many' | 'json';

/** One parameter of a query string. */
export interface QueryParameter {
  /** The variable's name, and for a field of an input object the way to it: `filter.regions`. */
  readonly name: string;
  /** The variable, then the fields down to the value. */
  readonly at: readonly [string, ...string[]];
  readonly form: ParameterForm;
  /** What it holds; of `many` the list. */
  readonly type: GraphQLInputType;
  readonly required: boolean;
  /** The default as JSON; absent where there is none. */
  readonly defaultValue?: unknown;
  readonly description: string;
}

interface Place extends RestVariable {
  readonly at: readonly [string, ...string[]];
}

/**
 * Returns the parameters that carry `variables`, by name. An input object is spread over a parameter for each field, so that
 * any OpenAPI tool can write it; what repeats or contains itself is JSON in one parameter.
 */
export function queryParametersOf(variables: readonly RestVariable[]): Map<string, QueryParameter> {
  const parameters = variables.flatMap((variable) =>
    parametersOf({ ...variable, at: [variable.name] }, new Set()),
  );
  return new Map(parameters.map((parameter) => [parameter.name, parameter]));
}

function parametersOf(place: Place, above: ReadonlySet<GraphQLInputObjectType>): QueryParameter[] {
  const type = getNullableType(place.type);
  if (isInputObjectType(type) && !above.has(type) && place.defaultValue === undefined) {
    const around = new Set(above).add(type);
    return Object.values(type.getFields()).flatMap((field) =>
      parametersOf(
        {
          name: field.name,
          at: [...place.at, field.name],
          type: field.type,
          required: place.required && isNonNullType(field.type) && field.defaultValue === undefined,
          ...(field.defaultValue === undefined ? {} : { defaultValue: field.defaultValue }),
          description: field.description ?? '',
        },
        around,
      ),
    );
  }
  const { at, required, description } = place;
  const parameter = { name: at.join('.'), at, form: formOf(type), type, required, description };
  return [place.defaultValue === undefined ? parameter : { ...parameter, defaultValue: place.defaultValue }];
}

function formOf(type: GraphQLInputType): ParameterForm {
  if (isInputObjectType(type)) return 'json';
  if (!isListType(type)) return 'one';
  const item: GraphQLInputType = getNullableType(type.ofType);
  return isListType(item) || isInputObjectType(item) ? 'json' : 'many';
}
