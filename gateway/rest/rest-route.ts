import type { FragmentDefinitionNode, GraphQLInputType, OperationDefinitionNode } from 'graphql';
import type { RegisteredDocument } from '../documents/registered-document.ts';
import type { QueryParameter } from './query-parameters.ts';

/** A variable of a document's operation. */
export interface RestVariable {
  readonly name: string;
  readonly type: GraphQLInputType;
  /** Whether it must be given: non-null and without a default. */
  readonly required: boolean;
  /** The default as JSON; absent where the operation has none. */
  readonly defaultValue?: unknown;
  readonly description: string;
}

/** One document as REST serves it. */
export interface RestRoute {
  readonly document: RegisteredDocument;
  readonly operation: OperationDefinitionNode;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /** The operation's name in GraphQL, such as `FeedPage`. */
  readonly name: string;
  /** The same in a path, such as `feed-page`; unique among the routes of one caller. */
  readonly slug: string;
  readonly method: 'GET' | 'POST';
  /** As OpenAPI writes it, such as `/v1/content-detail/{id}`. */
  readonly path: string;
  /** The variable that stands in the path. */
  readonly pathVariable: RestVariable | null;
  readonly variables: readonly RestVariable[];
  /** What a GET takes in its query string, by the parameter's name; empty for a POST. */
  readonly parameters: ReadonlyMap<string, QueryParameter>;
  /** The key of the only root field, whose value is the answer's data; null where there are several. */
  readonly onlyKey: string | null;
  /** What the operation does, in Markdown. */
  readonly description: string;
}
