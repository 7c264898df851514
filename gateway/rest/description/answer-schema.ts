import {
  getNullableType,
  isAbstractType,
  isLeafType,
  isListType,
  isNonNullType,
  Kind,
  print,
  type FieldNode,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  type SelectionSetNode,
} from 'graphql';
import type { RestRoute } from '../rest-route.ts';
import { selectedFields } from '../selected-fields.ts';
import { ComponentNames } from './component-names.ts';
import { nullable, withDescription, type Components, type Described, type JsonObject } from './components.ts';
import { exampleOf } from './example-values.ts';
import { leafSchema } from './scalar-schema.ts';

/** Where in an answer a value stands. */
interface Place {
  /** The selections of the field. */
  readonly nodes: readonly FieldNode[];
  /** The type that has the field. */
  readonly parent: string;
  /** The keys from the root down. */
  readonly path: readonly string[];
}

/** Describes what one route answers under `data`; see ComponentNames for how the components are called. */
export class AnswerSchema {
  readonly #route: RestRoute;
  readonly #schema: GraphQLSchema;
  readonly #components: Components;
  readonly #names: ComponentNames;

  constructor(route: RestRoute, schema: GraphQLSchema, components: Components) {
    this.#route = route;
    this.#schema = schema;
    this.#components = components;
    this.#names = new ComponentNames(route.name);
  }

  /** Returns the schema and an example of `data`. */
  data(): Described {
    const { operation, fragments, onlyKey, pathVariable } = this.#route;
    const root = this.#schema.getRootType(operation.operation);
    if (root == null) throw new Error(`The schema has no ${operation.operation}.`);
    const fields = selectedFields(this.#schema, root, [operation.selectionSet], fragments);
    const only = onlyKey === null ? undefined : fields.get(onlyKey);
    if (only === undefined) return this.#object(root, [operation.selectionSet], []);
    const { field, nodes, conditional } = only;
    const place = { nodes, parent: root.name, path: [onlyKey ?? ''] };
    // Null for what the path names is answered by 404.
    if (pathVariable !== null) return this.#present(field.type, place);
    return this.#value(conditional ? getNullableType(field.type) : field.type, place);
  }

  #value(type: GraphQLOutputType, place: Place): Described {
    if (isNonNullType(type)) return this.#present(type.ofType, place);
    const { schema, example } = this.#present(type, place);
    return { schema: nullable(schema), example };
  }

  /** As `#value`, for a value that is not null. */
  #present(type: GraphQLOutputType, place: Place): Described {
    if (isNonNullType(type)) return this.#present(type.ofType, place);
    if (isListType(type)) {
      const { schema, example } = this.#value(type.ofType, place);
      return { schema: { type: 'array', items: schema }, example: [example] };
    }
    const { nodes, parent, path } = place;
    if (isLeafType(type)) {
      const name = nodes[0]?.name.value ?? '';
      if (name === '__typename') return { schema: { type: 'string', const: parent }, example: parent };
      return { schema: leafSchema(type, this.#components), example: exampleOf(type, name, parent) };
    }
    const selections = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
    if (!isAbstractType(type)) return this.#object(type, selections, path);
    const described = this.#schema
      .getPossibleTypes(type)
      .map((possible) => this.#object(possible, selections, path));
    return { schema: { anyOf: described.map(({ schema }) => schema) }, example: described[0]?.example };
  }

  #object(
    type: GraphQLObjectType,
    selections: readonly SelectionSetNode[],
    path: readonly string[],
  ): Described {
    // Named before what is in it, so that the outermost selection has the plain name.
    const isRoot = path.length === 0;
    const signature = `${type.name} ${selections.map((selection) => print(selection)).join(' ')}`;
    const base = isRoot ? 'Data' : (fragmentOf(selections) ?? type.name);
    const name = this.#names.nameOf(signature, base, path);
    const fields = selectedFields(this.#schema, type, selections, this.#route.fragments);
    const properties: [string, JsonObject][] = [];
    const examples: [string, unknown][] = [];
    for (const [property, { field, nodes }] of fields) {
      const { schema, example } = this.#value(field.type, {
        nodes,
        parent: type.name,
        path: [...path, property],
      });
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
        isRoot ? null : type.description,
      ),
    );
    return { schema, example: Object.fromEntries(examples) };
  }
}

/** The fragment that a selection consists of, or null. */
function fragmentOf(selections: readonly SelectionSetNode[]): string | null {
  const nodes = selections.flatMap((selection) => selection.selections);
  const [only] = nodes;
  return nodes.length === 1 && only?.kind === Kind.FRAGMENT_SPREAD ? only.name.value : null;
}
