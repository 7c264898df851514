import {
  getNullableType,
  getOperationAST,
  GraphQLID,
  isInputType,
  isNonNullType,
  Kind,
  parse,
  typeFromAST,
  valueFromASTUntyped,
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type VariableDefinitionNode,
} from 'graphql';
import type { RegisteredDocument } from '../documents/registered-document.ts';
import { queryParametersOf } from './query-parameters.ts';
import type { RestRoute, RestVariable } from './rest-route.ts';
import { selectedFields } from './selected-fields.ts';
import { variableDescriptions } from './variable-descriptions.ts';

/** What every path of the REST interface begins with. */
export const restPrefix = '/v1/';

/**
 * Returns the routes of `documents`, in their order: a query is a GET, a mutation a POST. Of documents with one slug the last
 * counts. `schema` is the one that clients see; the documents are valid in it.
 */
export function restRoutesOf(documents: readonly RegisteredDocument[], schema: GraphQLSchema): RestRoute[] {
  const bySlug = new Map<string, RestRoute>();
  for (const document of documents) {
    const route = restRouteOf(document, schema);
    bySlug.set(route.slug, route);
  }
  return [...bySlug.values()];
}

/** Returns how REST serves one document. */
export function restRouteOf(document: RegisteredDocument, schema: GraphQLSchema): RestRoute {
  const parsed = parse(document.text);
  const operation = getOperationAST(parsed);
  const root = operation == null ? null : schema.getRootType(operation.operation);
  if (operation == null || root == null) throw new Error(`Document ${document.id} is not one operation.`);
  const fragments = fragmentsOf(parsed);
  const name = operation.name?.value ?? document.name;
  const slug = kebabCase(name);
  const variables = variablesOf(operation, variableDescriptions(parsed, schema), schema);
  const pathVariable = document.kind === 'query' ? pathVariableOf(variables) : null;
  const fields = selectedFields(schema, root, [operation.selectionSet], fragments);
  const keys = [...fields.keys()];
  return {
    document,
    operation,
    fragments,
    name,
    slug,
    method: document.kind === 'query' ? 'GET' : 'POST',
    path: `${restPrefix}${slug}${pathVariable === null ? '' : `/{${pathVariable.name}}`}`,
    pathVariable,
    variables,
    parameters:
      document.kind === 'query'
        ? queryParametersOf(variables.filter((variable) => variable !== pathVariable))
        : new Map(),
    onlyKey: keys.length === 1 ? (keys[0] ?? null) : null,
    description: document.description ?? descriptionOf([...fields.values()].map(({ field }) => field)),
  };
}

/** `FeedPage` and `feed_page` as `feed-page`. */
export function kebabCase(name: string): string {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replaceAll(/([A-Z])([A-Z][a-z])/g, '$1-$2')
    .replaceAll(/[^a-zA-Z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
    .toLowerCase();
}

function fragmentsOf(document: DocumentNode): ReadonlyMap<string, FragmentDefinitionNode> {
  return new Map(
    document.definitions
      .filter((node) => node.kind === Kind.FRAGMENT_DEFINITION)
      .map((node) => [node.name.value, node]),
  );
}

/** The only variable that must be given, where it is an id: `/v1/content-detail/{id}`. */
function pathVariableOf(variables: readonly RestVariable[]): RestVariable | null {
  const [only, ...others] = variables.filter(({ required }) => required);
  return only !== undefined && others.length === 0 && getNullableType(only.type) === GraphQLID ? only : null;
}

function variablesOf(
  operation: OperationDefinitionNode,
  descriptions: ReadonlyMap<string, string>,
  schema: GraphQLSchema,
): RestVariable[] {
  return (operation.variableDefinitions ?? []).map((node) => {
    const type = inputTypeOf(node, schema);
    const name = node.variable.name.value;
    return {
      name,
      type,
      required: isNonNullType(type) && node.defaultValue === undefined,
      ...(node.defaultValue === undefined ? {} : { defaultValue: valueFromASTUntyped(node.defaultValue) }),
      description: descriptions.get(name) ?? '',
    };
  });
}

function inputTypeOf(node: VariableDefinitionNode, schema: GraphQLSchema): RestVariable['type'] {
  const type = typeFromAST(schema, node.type);
  if (!isInputType(type)) throw new Error(`$${node.variable.name.value} has no type of the schema.`);
  return type;
}

function descriptionOf(fields: readonly { name: string; description?: string | null | undefined }[]): string {
  if (fields.length === 1) return fields[0]?.description ?? '';
  return fields.map(({ name, description }) => `- \`${name}\`: ${description ?? ''}`).join('\n');
}
