import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { print } from 'graphql';
import { neverPrinted } from './printed-secrets.ts';

export interface Answer<T> {
  readonly status: number;
  readonly data: T | null;
  readonly errors: readonly {
    message: string;
    path?: readonly (string | number)[];
    extensions: { code: string };
  }[];
}

export interface AskOptions {
  /** Sent as `x-user-id`; absent: an anonymous caller. */
  readonly user?: string;
  readonly headers?: Record<string, string>;
}

/** A GraphQL client over HTTP, as a frontend would write it. */
export class GraphqlClient {
  /** The server's address, without a path. */
  url: string;

  constructor(url: string) {
    this.url = url;
  }

  /** Sends a typed document; the answer may hold errors. */
  ask<TData, TVariables>(
    document: TypedDocumentNode<TData, TVariables>,
    variables: TVariables,
    options: AskOptions = {},
  ): Promise<Answer<TData>> {
    return this.#post<TData>({ query: print(document), variables }, options);
  }

  /** As `ask`, and throws on any error in the answer. */
  async must<TData, TVariables>(
    document: TypedDocumentNode<TData, TVariables>,
    variables: TVariables,
    options: AskOptions = {},
  ): Promise<TData> {
    const { data, errors } = await this.ask(document, variables, options);
    if (errors.length > 0 || data === null) throw new Error(JSON.stringify(errors));
    return data;
  }

  /** Sends a query as text. */
  raw(
    query: string,
    variables: unknown = {},
    options: AskOptions = {},
  ): Promise<Answer<Record<string, unknown>>> {
    return this.#post({ query, variables }, options);
  }

  async #post<T>(body: object, { user, headers }: AskOptions): Promise<Answer<T>> {
    if (user !== undefined) neverPrinted(user);
    const response = await fetch(`${this.url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(user === undefined ? {} : { 'x-user-id': user }),
        ...headers,
      },
      body: JSON.stringify(body),
    });
    const { data = null, errors = [] }: { data?: T | null; errors?: Answer<T>['errors'] } =
      await response.json();
    return { status: response.status, data, errors };
  }
}
