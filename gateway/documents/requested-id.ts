/** What a request may carry in place of a query, as the client sent it. */
export interface DocumentParams {
  readonly extensions?: unknown;
}

/** Longer names nothing. */
const maxIdLength = 200;

/**
 * The id of the document that a request asks for, or null where it names none. In this order: `documentId` (GraphQL
 * over HTTP, appendix A), `extensions.persistedQuery.sha256Hash` (Apollo), `doc_id` and `id` (Relay), in the body of a
 * POST or the query string of a GET.
 */
export function requestedId(params: DocumentParams, request: { method: string; url: string }): string | null {
  const given =
    request.method === 'GET'
      ? Object.fromEntries(new URL(request.url, 'http://gateway').searchParams)
      : { ...params };
  const ids = [
    property(given, 'documentId'),
    property(property(params.extensions, 'persistedQuery'), 'sha256Hash'),
    property(given, 'doc_id'),
    property(given, 'id'),
  ];
  const id = ids.find((value) => typeof value === 'string' && value !== '');
  return typeof id === 'string' ? id.slice(0, maxIdLength) : null;
}

function property(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return Reflect.get(value, name);
}
