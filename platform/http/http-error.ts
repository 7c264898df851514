import type { ErrorCode } from '../errors/request-error.ts';

export interface HttpErrorOptions {
  /** Headers that the answer carries. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Whether the connection ends with the answer, as it does where a body is left unread. */
  readonly close?: boolean;
}

/** A request that ends before GraphQL sees it: a status and what the client reads. */
export class HttpError extends Error {
  readonly status: number;
  readonly code: ErrorCode;
  readonly headers: Readonly<Record<string, string>>;
  readonly close: boolean;

  constructor(
    status: number,
    code: ErrorCode,
    message: string,
    { headers = {}, close = false }: HttpErrorOptions = {},
  ) {
    super(message);
    this.name = 'HttpError';
    this.status = status;
    this.code = code;
    this.headers = headers;
    this.close = close;
  }
}
