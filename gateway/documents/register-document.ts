import {
  GraphQLError,
  Kind,
  NoDeprecatedCustomRule,
  NoSchemaIntrospectionCustomRule,
  OperationTypeNode,
  parse,
  specifiedRules,
  validate,
  type DocumentNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import { checkDocument } from '../limits/check-document.ts';
import { documentCost } from '../limits/document-cost.ts';
import { cachePolicyOf } from './cache-policy.ts';
import { closedFieldsOf, type ListHolder } from './closed-fields.ts';
import { documentDescription } from './document-description.ts';
import { idOf, normalisedText } from './document-text.ts';
import type { RegisteredDocument } from './registered-document.ts';

/** Something that a person should read about a document: why it is refused, or what will be. */
export interface DocumentRemark {
  /** Line of the text, from 1. */
  readonly line: number;
  readonly message: string;
}

/** A document that passed, with its syntax tree, or every reason why it did not. */
export type Registration =
  | {
      readonly accepted: true;
      readonly document: RegisteredDocument;
      readonly node: DocumentNode;
      /** Fields that will be removed, with the reason that the schema gives. */
      readonly notes: readonly DocumentRemark[];
    }
  | { readonly accepted: false; readonly problems: readonly DocumentRemark[] };

/** Introspection is a matter of scope, which a document on a list would go around. */
const rules = [...specifiedRules, NoSchemaIntrospectionCustomRule];

/**
 * Checks `text` as a persisted document: it parses, has one named query or mutation, is valid against the public
 * `schema` and within the limits, does not introspect, and selects nothing that is closed to `holder`, the key of the
 * list that it is for; null for the list of everybody.
 */
export function registerDocument(
  schema: GraphQLSchema,
  text: string,
  { holder }: { holder: ListHolder | null },
): Registration {
  const parsed = parsedOrProblem(text);
  if ('problem' in parsed) return refused([parsed.problem]);
  const { node } = parsed;
  const operation = onlyOperation(node);
  if ('message' in operation) return refused([operation]);
  const problems = [
    ...validate(schema, node, rules).map(remarkOf),
    ...limitProblems(schema, node),
    ...(holder === null ? [] : closedFieldProblems(schema, node, holder)),
  ];
  if (problems.length > 0) return refused(problems);
  const normalised = normalisedText(node);
  return {
    accepted: true,
    node,
    document: {
      id: idOf(normalised),
      name: operation.name,
      text: normalised,
      description: operation.description,
      kind: operation.kind,
      cost: documentCost(schema, node, operation.name, {}),
      ...cachePolicyOf(schema, node),
      partner: holder !== null,
    },
    notes: validate(schema, node, [NoDeprecatedCustomRule]).map(remarkOf),
  };
}

function refused(problems: readonly DocumentRemark[]): Registration {
  return { accepted: false, problems };
}

function parsedOrProblem(text: string): { node: DocumentNode } | { problem: DocumentRemark } {
  try {
    return { node: parse(text) };
  } catch (error) {
    if (error instanceof GraphQLError) return { problem: remarkOf(error) };
    throw error;
  }
}

/** The name and the kind of the one operation, or what is wrong with it. */
function onlyOperation(
  node: DocumentNode,
): Pick<RegisteredDocument, 'name' | 'kind' | 'description'> | DocumentRemark {
  const operations = node.definitions.filter(
    (definition): definition is OperationDefinitionNode => definition.kind === Kind.OPERATION_DEFINITION,
  );
  const [operation, second] = operations;
  if (operation === undefined) return { line: 1, message: 'There is no operation.' };
  if (second !== undefined) {
    return { line: lineOf(second), message: 'There is a second operation: a document has one.' };
  }
  const { name, operation: kind } = operation;
  if (name === undefined) return { line: lineOf(operation), message: 'The operation has no name.' };
  if (kind === OperationTypeNode.SUBSCRIPTION) {
    return {
      line: lineOf(operation),
      message: 'A subscription cannot be persisted: only queries and mutations.',
    };
  }
  return { name: name.value, kind, description: documentDescription(operation) };
}

function limitProblems(schema: GraphQLSchema, node: DocumentNode): DocumentRemark[] {
  try {
    checkDocument(schema, node);
    return [];
  } catch (error) {
    if (error instanceof GraphQLError) return [remarkOf(error)];
    throw error;
  }
}

function closedFieldProblems(
  schema: GraphQLSchema,
  document: DocumentNode,
  holder: ListHolder,
): DocumentRemark[] {
  return closedFieldsOf(schema, document, holder).map(({ name, node, reason }) => ({
    line: lineOf(node),
    message: `${name} ${reason}`,
  }));
}

function remarkOf(error: GraphQLError): DocumentRemark {
  return { line: error.locations?.[0]?.line ?? 1, message: error.message };
}

function lineOf(node: {
  readonly loc?: { readonly startToken: { readonly line: number } } | undefined;
}): number {
  return node.loc?.startToken.line ?? 1;
}
