import type { IncomingMessage, ServerResponse } from 'node:http';
import { performance } from 'node:perf_hooks';
import type { ExecutionResult } from 'graphql';
import type { Caller } from '#platform/caller/caller.ts';
import { badUserInput, RequestError } from '#platform/errors/request-error.ts';
import { readBody } from '#platform/http/body.ts';
import type { Logger } from '#platform/logging/logger.ts';
import type { Telemetry } from '#platform/telemetry/telemetry.ts';
import type { RegisteredDocument } from '../documents/registered-document.ts';
import type { BouquetContext } from '../execution/request-context.ts';
import { largestBodyOf } from '../limits/body-size.ts';
import type { CallerRoutes } from './caller-routes.ts';
import { sendJson } from './send.ts';
import { variablesOfBody, variablesOfQuery, type Variables } from './request-variables.ts';
import { restAnswer, restFailure, type RestAnswer } from './rest-answer.ts';
import type { RestRoute } from './rest-route.ts';
import { restPrefix } from './rest-routes.ts';

/** Runs a document for one request; the errors are those that a client may see, and it never throws. */
export type Execute = (
  document: RegisteredDocument,
  variables: Variables,
  request: { readonly headers: Headers; readonly bouquet: BouquetContext['bouquet'] },
) => Promise<ExecutionResult>;

export interface RestHandlerOptions {
  readonly routes: CallerRoutes;
  /** Looks for what has just been published, where a caller has no such route. */
  readonly lookAgain: () => Promise<void>;
  readonly execute: Execute;
  /** Tells who asks; a RequestError that it throws is the answer. */
  readonly callerOf: (request: IncomingMessage, response: ServerResponse) => Promise<Caller>;
  readonly telemetry: Telemetry;
  readonly logger: Logger;
}

/** Returns the handler of `/v1/…`: finds the caller's route, reads the variables, runs the document, counts and logs it. */
export function restHandler(options: RestHandlerOptions) {
  const { telemetry, logger } = options;
  return async (request: IncomingMessage, response: ServerResponse, requestId: string): Promise<void> => {
    const start = performance.now();
    let failed = true;
    try {
      const answer = await answerOf(options, request, response, requestId);
      sendJson(response, answer.status, answer.body);
      failed = answer.failed || answer.status >= 500;
    } finally {
      const durationMs = performance.now() - start;
      telemetry.recordRequest(durationMs, failed);
      logger.info({ requestId, status: response.statusCode, durationMs, failed }, 'request');
    }
  };
}

async function answerOf(
  { routes, lookAgain, execute, callerOf }: RestHandlerOptions,
  request: IncomingMessage,
  response: ServerResponse,
  requestId: string,
): Promise<RestAnswer & { readonly failed: boolean }> {
  try {
    const caller = await callerOf(request, response);
    const location = locationOf(request.url ?? '');
    let route = routes.find(location.slug, caller);
    if (route === null) {
      await lookAgain();
      route = routes.find(location.slug, caller);
    }
    checkLocation(route, location);
    if (route.method !== (request.method === 'HEAD' ? 'GET' : request.method)) {
      response.setHeader('allow', route.method === 'GET' ? 'GET, HEAD' : 'POST');
      return {
        ...restFailure(badUserInput(`${route.path} takes ${route.method} only.`)),
        status: 405,
        failed: false,
      };
    }
    const body =
      route.method === 'GET'
        ? null
        : await readBody(request, largestBodyOf(route.operation, request, caller));
    const variables =
      body === null
        ? variablesOfQuery(route, decoded(route, location.value), location.query)
        : variablesOfBody(route, jsonOf(request, body));
    const bouquet = {
      caller,
      requestId,
      failed: false,
      document: route.document,
      bodyBytes: body?.length ?? 0,
    };
    const result = await execute(route.document, variables, { headers: headersOf(request), bouquet });
    return { ...restAnswer(route, result), failed: bouquet.failed };
  } catch (error) {
    if (error instanceof RequestError) return { ...restFailure(error), failed: false };
    throw error;
  }
}

interface Location {
  readonly slug: string;
  /** What follows the slug in the path, as it was sent; null for nothing. */
  readonly value: string | null;
  readonly query: URLSearchParams;
}

function locationOf(url: string): Location {
  const mark = url.indexOf('?');
  const path = mark === -1 ? url : url.slice(0, mark);
  const [slug = '', ...values] = path.slice(restPrefix.length).split('/');
  return {
    slug,
    value: values.length === 0 ? null : values.join('/'),
    query: new URLSearchParams(mark === -1 ? '' : url.slice(mark + 1)),
  };
}

/** @throws RequestError `DOCUMENT_NOT_FOUND` where the path is none of the route's. */
function checkLocation(route: RestRoute | null, { slug, value }: Location): asserts route is RestRoute {
  if (route === null) {
    throw new RequestError(
      'DOCUMENT_NOT_FOUND',
      `There is no ${restPrefix}${slug.slice(0, 60)} for this caller.`,
    );
  }
  const fits = route.pathVariable === null ? value === null : value !== null && /^[^/]+$/.test(value);
  if (!fits) throw new RequestError('DOCUMENT_NOT_FOUND', `The path is ${route.path}.`);
}

function decoded(route: RestRoute, value: string | null): string | null {
  try {
    return value === null ? null : decodeURIComponent(value);
  } catch {
    throw badUserInput(`Parameter "${route.pathVariable?.name ?? ''}" is not percent-encoded UTF-8.`);
  }
}

/** @throws RequestError `BAD_USER_INPUT` for a body that is not declared to be JSON. */
function jsonOf(request: IncomingMessage, body: Buffer): string {
  const type = request.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase();
  if (body.length > 0 && type !== 'application/json') {
    throw badUserInput('Send the variables with the header content-type: application/json.');
  }
  return body.toString('utf8');
}

function headersOf(request: IncomingMessage): Headers {
  const headers = new Headers();
  for (const [name, values] of Object.entries(request.headersDistinct)) {
    for (const value of values ?? []) headers.append(name, value);
  }
  return headers;
}
