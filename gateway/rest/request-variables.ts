import {
  coerceInputValue,
  getNullableType,
  GraphQLBoolean,
  GraphQLFloat,
  GraphQLInt,
  isEnumType,
  isListType,
  type GraphQLInputType,
} from 'graphql';
import { badUserInput } from '#platform/errors/request-error.ts';
import type { QueryParameter } from './query-parameters.ts';
import type { RestRoute, RestVariable } from './rest-route.ts';

/** The variables of an operation as JSON. */
export type Variables = Readonly<Record<string, unknown>>;

/** A parameter of the query string has at most so many characters. */
export const maxParameterLength = 2_000;

/** A message names what the client sent, cut to this many characters. */
const maxQuotedLength = 60;

/**
 * Reads the variables of a GET from its path and its query string.
 * @throws RequestError `BAD_USER_INPUT` that names the parameter: unknown, missing, repeated, too long or of another type.
 */
export function variablesOfQuery(
  route: RestRoute,
  pathValue: string | null,
  query: URLSearchParams,
): Variables {
  const values = new Map<string, string[]>();
  for (const [name, value] of query) {
    const known = route.parameters.has(name);
    if (!known) throw badUserInput(`Unknown parameter ${quoted(name)}. ${takes(route)}`);
    checkLength(name, value);
    values.set(name, [...(values.get(name) ?? []), value]);
  }
  const root = new Map<string, unknown>();
  if (route.pathVariable !== null && pathValue !== null) {
    checkLength(route.pathVariable.name, pathValue);
    root.set(route.pathVariable.name, pathValue);
  }
  for (const [name, texts] of values) {
    const parameter = route.parameters.get(name);
    if (parameter !== undefined) place(root, parameter.at, valueOf(parameter, texts));
  }
  return checked(route.variables, jsonOf(root), 'Parameter');
}

/**
 * Reads the variables of a POST from its body, which is a JSON object of them; an empty body has none.
 * @throws RequestError `BAD_USER_INPUT` that names the variable.
 */
export function variablesOfBody(route: RestRoute, body: string): Variables {
  const given = body.trim() === '' ? {} : parsedJson('The body', body);
  if (!isObject(given)) throw badUserInput('The body must be a JSON object of variables.');
  const known = new Set(route.variables.map(({ name }) => name));
  for (const name of Object.keys(given)) {
    if (!known.has(name)) throw badUserInput(`Unknown variable ${quoted(name)}. ${takes(route)}`);
  }
  return checked(route.variables, given, 'Variable');
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function takes({ method, path, parameters, variables }: RestRoute): string {
  const names = method === 'GET' ? [...parameters.keys()] : variables.map(({ name }) => name);
  return `${method} ${path} takes ${names.length === 0 ? 'none' : names.join(', ')}.`;
}

function valueOf(parameter: QueryParameter, texts: readonly string[]): unknown {
  const { name, form, type } = parameter;
  if (form === 'many') {
    const item: GraphQLInputType = isListType(type) ? type.ofType : type;
    return texts.map((text) => scalarOf(name, item, text));
  }
  const [text = '', ...others] = texts;
  if (others.length > 0) throw badUserInput(`Parameter ${quoted(name)} was given ${texts.length} times.`);
  return form === 'json' ? parsedJson(`Parameter ${quoted(name)}`, text) : scalarOf(name, type, text);
}

/** The JSON of a scalar's text; what is no number or Boolean stays text for its own type to judge. */
function scalarOf(name: string, type: GraphQLInputType, text: string): unknown {
  const scalar = getNullableType(type);
  if (scalar === GraphQLInt) {
    if (!/^-?\d{1,10}$/.test(text)) throw wrong(name, 'a whole number of 32 bits', text);
    return Number(text);
  }
  if (scalar === GraphQLFloat) {
    const number = /^-?\d+(\.\d+)?([eE][-+]?\d+)?$/.test(text) ? Number(text) : Number.NaN;
    if (!Number.isFinite(number)) throw wrong(name, 'a number', text);
    return number;
  }
  if (scalar === GraphQLBoolean) {
    if (text !== 'true' && text !== 'false') throw wrong(name, 'true or false', text);
    return text === 'true';
  }
  if (isEnumType(scalar) && scalar.getValue(text) == null) {
    const names = scalar.getValues().map((value) => value.name);
    throw wrong(name, `one of ${names.join(', ')}`, text);
  }
  return text;
}

function wrong(name: string, wanted: string, text: string): Error {
  return badUserInput(`Parameter ${quoted(name)} must be ${wanted}, not ${quoted(text)}.`);
}

function checkLength(name: string, value: string): void {
  if (value.length > maxParameterLength) {
    throw badUserInput(`Parameter ${quoted(name)} may have ${maxParameterLength} characters at most.`);
  }
}

function parsedJson(what: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw badUserInput(`${what} is not JSON.`);
  }
}

function place(into: Map<string, unknown>, [key, ...rest]: readonly string[], value: unknown): void {
  if (key === undefined) return;
  if (rest.length === 0) {
    into.set(key, value);
    return;
  }
  const known = into.get(key);
  const inner = known instanceof Map ? known : new Map<string, unknown>();
  into.set(key, inner);
  place(inner, rest, value);
}

function jsonOf(values: ReadonlyMap<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    [...values].map(([key, value]) => [key, value instanceof Map ? jsonOf(value) : value]),
  );
}

/** Returns `given` after GraphQL has judged each variable by its type. */
function checked(
  variables: readonly RestVariable[],
  given: Record<string, unknown>,
  what: 'Parameter' | 'Variable',
): Variables {
  for (const { name, type, required } of variables) {
    if (!Object.hasOwn(given, name)) {
      if (required) throw badUserInput(`${what} ${quoted(name)} is missing.`);
      continue;
    }
    coerceInputValue(given[name], type, (path, _value, error) => {
      const at = [name, ...path].map((key, index) =>
        typeof key === 'number' ? `[${key}]` : `${index === 0 ? '' : '.'}${key}`,
      );
      throw badUserInput(`${what} ${quoted(at.join(''))}: ${error.message.slice(0, 300)}`);
    });
  }
  return given;
}

function quoted(text: string): string {
  return JSON.stringify(text.length > maxQuotedLength ? `${text.slice(0, maxQuotedLength)}…` : text);
}
