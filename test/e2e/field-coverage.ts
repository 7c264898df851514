import {
  getNamedType,
  getOperationAST,
  isObjectType,
  Kind,
  type DocumentNode,
  type GraphQLObjectType,
  type GraphQLSchema,
  type SelectionSetNode,
} from 'graphql';

/** Notes which fields of a schema have answered with data, over any number of operations. */
export class FieldCoverage {
  readonly #schema: GraphQLSchema;
  readonly #seen = new Set<string>();

  constructor(schema: GraphQLSchema) {
    this.#schema = schema;
  }

  /** Notes every field of `document` that has a value in `data`. */
  note(document: DocumentNode, data: unknown): void {
    const operation = getOperationAST(document);
    const root = operation == null ? null : this.#schema.getRootType(operation.operation);
    if (operation != null && root != null) this.#walk(document, operation.selectionSet, root, data);
  }

  /** Fields as `Type.field` that no answer had a value for, sorted. */
  get missing(): string[] {
    return Object.values(this.#schema.getTypeMap())
      .filter((type) => isObjectType(type))
      .filter((type) => !type.name.startsWith('__'))
      .flatMap((type) => Object.keys(type.getFields()).map((field) => `${type.name}.${field}`))
      .filter((field) => !this.#seen.has(field))
      .toSorted();
  }

  #walk(document: DocumentNode, selections: SelectionSetNode, type: GraphQLObjectType, data: unknown): void {
    for (const value of Array.isArray(data) ? data : [data]) {
      if (typeof value !== 'object' || value === null) continue;
      const entries = new Map(Object.entries(value));
      for (const selection of selections.selections) {
        if (selection.kind === Kind.FIELD) {
          const found: unknown = entries.get(selection.alias?.value ?? selection.name.value);
          const field = type.getFields()[selection.name.value];
          if (field === undefined || found === null || found === undefined) continue;
          const named = getNamedType(field.type);
          this.#seen.add(`${type.name}.${field.name}`);
          if (isObjectType(named) && selection.selectionSet !== undefined) {
            this.#walk(document, selection.selectionSet, named, found);
          }
          continue;
        }
        const inner =
          selection.kind === Kind.INLINE_FRAGMENT
            ? selection
            : document.definitions.find(
                (node) => node.kind === Kind.FRAGMENT_DEFINITION && node.name.value === selection.name.value,
              );
        if (inner?.kind === Kind.INLINE_FRAGMENT || inner?.kind === Kind.FRAGMENT_DEFINITION) {
          this.#walk(document, inner.selectionSet, type, value);
        }
      }
    }
  }
}
