import { errorCodes, type ErrorCode } from '#platform/errors/request-error.ts';
import { restStatusOf } from '../rest-answer.ts';
import type { JsonObject } from './components.ts';

interface Failure {
  readonly name: string;
  readonly status: number;
  readonly description: string;
  readonly example: { readonly code: ErrorCode; readonly message: string };
  /** Whether a mutation alone answers it. */
  readonly writes?: boolean;
}

/** How a request fails; every status of `restStatusOf` is one of them. */
export const failures: readonly Failure[] = [
  {
    name: 'BadRequest',
    status: 400,
    description: 'A parameter, a variable or a header is wrong; the message names it.',
    example: {
      code: 'BAD_USER_INPUT',
      message: 'Parameter "first" must be a whole number of 32 bits, not "many".',
    },
  },
  {
    name: 'Unauthenticated',
    status: 401,
    description: 'The request needs a caller and has none, or its token or key is refused.',
    example: {
      code: 'UNAUTHENTICATED',
      message: 'Sign in, or send an anonymous id (a UUID) as x-anonymous-id.',
    },
  },
  {
    name: 'Forbidden',
    status: 403,
    description: 'The caller lacks a scope, or asks for what belongs to another.',
    example: { code: 'FORBIDDEN', message: 'This needs scope privacy.' },
  },
  {
    name: 'NotFound',
    status: 404,
    description: 'What the request names does not exist, or this operation is not one of the caller’s.',
    example: { code: 'NOT_FOUND', message: 'There is nothing under this id.' },
  },
  {
    name: 'Conflict',
    status: 409,
    description: 'Somebody else was faster. Read again, apply the change anew and repeat.',
    example: { code: 'CONFLICT', message: 'This anonymous id belongs to another user.' },
    writes: true,
  },
  {
    name: 'TooLarge',
    status: 413,
    description: 'The body is too large.',
    example: { code: 'BAD_USER_INPUT', message: 'The request body may have 2097152 bytes at most.' },
    writes: true,
  },
  {
    name: 'RateLimited',
    status: 429,
    description: 'The caller has spent its requests of this hour.',
    example: { code: 'RATE_LIMITED', message: 'Wait until the limit is renewed, then repeat.' },
  },
  {
    name: 'ServerError',
    status: 500,
    description: 'A fault on our side. Report it with the request id.',
    example: {
      code: 'INTERNAL_SERVER_ERROR',
      message: 'Something went wrong on our side. Quote request 8b1f when you report it.',
    },
  },
  {
    name: 'Unavailable',
    status: 503,
    description:
      'Something that Bouquet stands on does not answer. Repeat after a pause that doubles each time.',
    example: { code: 'DEPENDENCY_UNAVAILABLE', message: 'The catalogue does not answer.' },
  },
  {
    name: 'TimedOut',
    status: 504,
    description: 'The answer was not ready in time. Repeat a read after a pause, a write with the same ids.',
    example: { code: 'DEADLINE_EXCEEDED', message: 'The answer was not ready in time.' },
  },
];

/** What all descriptions have in common: errors, headers and the ways to say who asks. */
export const sharedSchemas: Readonly<Record<string, JsonObject>> = {
  ErrorCode: {
    type: 'string',
    enum: errorCodes,
    description: `What went wrong. HTTP status by code, where the request failed as a whole: ${errorCodes
      .map((code) => `\`${code}\` ${restStatusOf(code)}`)
      .join(', ')}.`,
  },
  Error: {
    type: 'object',
    properties: {
      message: { type: 'string', description: 'What to change, for a person to read.' },
      path: {
        type: 'array',
        items: { type: ['string', 'integer'] },
        description: 'Where in `data` the error left a null.',
      },
      extensions: {
        type: 'object',
        properties: { code: { $ref: '#/components/schemas/ErrorCode' } },
        required: ['code'],
      },
    },
    required: ['message', 'extensions'],
  },
  Errors: {
    type: 'object',
    properties: { errors: { type: 'array', items: { $ref: '#/components/schemas/Error' }, minItems: 1 } },
    required: ['errors'],
    description: 'The answer to a request that failed as a whole.',
  },
};

/** The headers that any request may carry. */
export const sharedParameters: Readonly<Record<string, JsonObject>> = {
  AnonymousId: {
    name: 'x-anonymous-id',
    in: 'header',
    description: 'Somebody who is not signed in: a UUID of the client’s own, under which the feed learns.',
    schema: { type: 'string', format: 'uuid', examples: ['7f6c1c0e-64a5-4f0e-9a52-1b2f6c8f2d11'] },
  },
  Region: {
    name: 'x-region',
    in: 'header',
    description: 'Where the caller is, ISO 3166-1 alpha-2; the profile’s region comes before it.',
    schema: { type: 'string', pattern: '^[A-Za-z]{2}$', examples: ['FR'] },
  },
};

export const sharedHeaders: Readonly<Record<string, JsonObject>> = {
  RequestId: {
    description: 'Names this request in the logs; a client’s own x-request-id is kept.',
    schema: { type: 'string' },
    example: '5f2b8a52-4f6a-4b43-9d3b-0c8a1f6f4e55',
  },
  RateLimit: {
    description:
      'What is left of the caller’s requests, and for how many seconds (draft-ietf-httpapi-ratelimit-headers).',
    schema: { type: 'string' },
    example: '"hour";r=987;t=1800',
  },
  RetryAfter: {
    description: 'Seconds until a repeat can succeed (RFC 9110).',
    schema: { type: 'integer' },
    example: 1800,
  },
};

export const securitySchemes: Readonly<Record<string, JsonObject>> = {
  bearer: {
    type: 'http',
    scheme: 'bearer',
    description: 'A user’s token (JWT), or an API key, `bq_live_…`.',
  },
  apiKey: { type: 'apiKey', in: 'header', name: 'x-api-key', description: 'An API key, `bq_live_…`.' },
};

/** The headers of every answer. */
export const answerHeaders: JsonObject = {
  'x-request-id': { $ref: '#/components/headers/RequestId' },
  RateLimit: { $ref: '#/components/headers/RateLimit' },
};

/** Returns the failures as responses of an OpenAPI document, by name. */
export function failureResponses(): Record<string, JsonObject> {
  return Object.fromEntries(
    failures.map(({ name, status, description, example: { code, message } }) => [
      name,
      {
        description,
        headers:
          status === 429
            ? { ...answerHeaders, 'Retry-After': { $ref: '#/components/headers/RetryAfter' } }
            : answerHeaders,
        content: {
          'application/json': {
            schema: { $ref: '#/components/schemas/Errors' },
            example: { errors: [{ message, extensions: { code } }] },
          },
        },
      },
    ]),
  );
}
