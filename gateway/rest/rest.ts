import type { GraphQLSchema } from 'graphql';
import { RequestError } from '#platform/errors/request-error.ts';
import type { RequestHandler } from '#platform/http/http-server.ts';
import { CallerRoutes } from './caller-routes.ts';
import { DescriptionBytes } from './description-bytes.ts';
import type { DocumentSource } from './document-source.ts';
import { docsPage } from './page/docs-page.ts';
import { restFailure } from './rest-answer.ts';
import { restHandler, type RestHandlerOptions } from './rest-handler.ts';
import { restPrefix } from './rest-routes.ts';
import { sendBytes, sendJson } from './send.ts';

export interface RestOptions extends Omit<RestHandlerOptions, 'routes'> {
  readonly documents: DocumentSource;
  /** The schema that clients see. */
  readonly schema: GraphQLSchema;
}

/** Returns what answers a path of REST: `/v1/…`, the description at `/openapi.json` and the page at `/docs/`; else null. */
export function restRoute({ documents, schema, ...options }: RestOptions) {
  const routes = new CallerRoutes(documents, schema);
  const handle = restHandler({ routes, ...options });
  const describe = descriptionHandler(new DescriptionBytes(routes, schema), options);
  return (path: string): RequestHandler | null => {
    if (path.startsWith(restPrefix)) return handle;
    return path === '/openapi.json' ? describe : docsPage(path);
  };
}

function descriptionHandler(
  description: DescriptionBytes,
  { callerOf }: Pick<RestHandlerOptions, 'callerOf'>,
): RequestHandler {
  return async (request, response) => {
    try {
      const bytes = description.of(await callerOf(request, response));
      sendBytes(response, 200, bytes, {
        'content-type': 'application/json; charset=utf-8',
        // Another key, another list: only the client itself may keep it, and asks each time.
        'cache-control': 'private, no-cache',
        vary: 'authorization, x-api-key',
      });
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      const { status, body } = restFailure(error);
      sendJson(response, status, body);
    }
  };
}
