import {
  isAbstractType,
  isLeafType,
  isListType,
  isNonNullType,
  Kind,
  print,
  type FieldNode,
  type GraphQLAbstractType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  type SelectionSetNode,
} from 'graphql';
import type { RestRoute } from '../rest-route.ts';
import { selectedFields } from '../selected-fields.ts';
import { nullable, withDescription, type Components, type Described, type JsonObject } from './components.ts';
import { exampleOf } from './example-values.ts';
import { leafSchema } from './scalar-schema.ts';

/**
 * Describes what one route answers under `data`. The components are named after the operation and the type or the fragment,
 * such as `FeedPage.FeedItem` and `FeedPage.ContentCard`, so that another document never changes a name.
 */
export class AnswerSchema {
  readonly #route: RestRoute;
  readonly #schema: GraphQLSchema;
  readonly #components: Components;
  /** The component's name by the type and its selections. */
  readonly #names = new Map<string, string>();

  constructor(route: RestRoute, schema: GraphQLSchema, components: Components) {
    this.#route = route;
    this.#schema = schema;
    this.#components = components;
  }

  /** Returns the schema and an example of `data`. */
  data(): Described {
    const { operation, fragments, onlyKey, pathVariable } = this.#route;
    const root = this.#schema.getRootType(operation.operation);
    if (root == null) throw new Error(`The schema has no ${operation.operation}.`);
    const fields = selectedFields(this.#schema, root, [operation.selectionSet], fragments);
    const only = onlyKey === null ? undefined : fields.get(onlyKey);
    if (only === undefined) return this.#object(root, [operation.selectionSet], operation.operation);
    const { type } = only.field;
    // Null for what the path names is answered by 404.
    return pathVariable === null
      ? this.#value(type, only.nodes, root.name)
      : this.#present(type, only.nodes, root.name);
  }

  #value(type: GraphQLOutputType, nodes: readonly FieldNode[], parent: string): Described {
    if (isNonNullType(type)) return this.#present(type.ofType, nodes, parent);
    const { schema, example } = this.#present(type, nodes, parent);
    return { schema: nullable(schema), example };
  }

  /** As `#value`, for a value that is not null. */
  #present(type: GraphQLOutputType, nodes: readonly FieldNode[], parent: string): Described {
    if (isNonNullType(type)) return this.#present(type.ofType, nodes, parent);
    if (isListType(type)) {
      const { schema, example } = this.#value(type.ofType, nodes, parent);
      return { schema: { type: 'array', items: schema }, example: [example] };
    }
    const name = nodes[0]?.name.value ?? '';
    if (isLeafType(type)) {
      if (name === '__typename') return { schema: { type: 'string', const: parent }, example: parent };
      return { schema: leafSchema(type, this.#components), example: exampleOf(type, name, parent) };
    }
    const key = nodes[0]?.alias?.value ?? name;
    const selections = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
    return isAbstractType(type)
      ? this.#oneOfTypes(type, selections, key)
      : this.#object(type, selections, key);
  }

  #oneOfTypes(type: GraphQLAbstractType, selections: readonly SelectionSetNode[], key: string): Described {
    const described = this.#schema
      .getPossibleTypes(type)
      .map((possible) => this.#object(possible, selections, key));
    return { schema: { anyOf: described.map(({ schema }) => schema) }, example: described[0]?.example };
  }

  #object(type: GraphQLObjectType, selections: readonly SelectionSetNode[], key: string): Described {
    // Named before what is in it, so that the outermost selection has the plain name.
    const name = this.#nameOf(type, selections, key);
    const fields = selectedFields(this.#schema, type, selections, this.#route.fragments);
    const properties: [string, JsonObject][] = [];
    const examples: [string, unknown][] = [];
    for (const [property, { field, nodes }] of fields) {
      const { schema, example } = this.#value(field.type, nodes, type.name);
      properties.push([property, withDescription(schema, field.description, field.deprecationReason)]);
      examples.push([property, example]);
    }
    const required = [...fields].filter(([, { conditional }]) => !conditional).map(([property]) => property);
    const schema = this.#components.refer(name, () =>
      withDescription(
        {
          type: 'object',
          properties: Object.fromEntries(properties),
          ...(required.length === 0 ? {} : { required }),
        },
        type.description,
      ),
    );
    return { schema, example: Object.fromEntries(examples) };
  }

  /** The first selection on a type has the type's name or its fragment's, another one its key before it. */
  #nameOf(type: GraphQLObjectType, selections: readonly SelectionSetNode[], key: string): string {
    const signature = `${type.name} ${selections.map((selection) => print(selection)).join(' ')}`;
    const known = this.#names.get(signature);
    if (known !== undefined) return known;
    const taken = new Set(this.#names.values());
    const base = fragmentOf(selections) ?? type.name;
    const keyed = `${key.charAt(0).toUpperCase()}${key.slice(1)}${base}`;
    const candidates = [
      base,
      keyed,
      ...Array.from({ length: taken.size + 1 }, (_, index) => `${keyed}${index + 2}`),
    ];
    const name = candidates
      .map((candidate) => `${this.#route.name}.${candidate}`)
      .find((candidate) => !taken.has(candidate));
    if (name === undefined) throw new Error('There is always a name left.');
    this.#names.set(signature, name);
    return name;
  }
}

/** The fragment that a selection consists of, or null. */
function fragmentOf(selections: readonly SelectionSetNode[]): string | null {
  const nodes = selections.flatMap((selection) => selection.selections);
  const [only] = nodes;
  return nodes.length === 1 && only?.kind === Kind.FRAGMENT_SPREAD ? only.name.value : null;
}
