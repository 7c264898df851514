import type { IncomingMessage } from 'node:http';
import { badUserInput } from '#platform/errors/request-error.ts';

/** Parameters of a GET that hold JSON (GraphQL over HTTP, 6.2). */
const jsonParameters = ['variables', 'extensions'];

/**
 * Refuses a GET whose query string has other than JSON where JSON belongs, which the engine takes for a fault of its own.
 * @throws RequestError `BAD_USER_INPUT`
 */
export function checkQueryString({ method, url = '' }: IncomingMessage): void {
  const mark = url.indexOf('?');
  if (method !== 'GET' || mark === -1) return;
  const parameters = new URLSearchParams(url.slice(mark + 1));
  for (const name of jsonParameters) {
    const value = parameters.get(name);
    // An empty one counts as absent.
    if (value !== null && value !== '' && !isJson(value)) {
      throw badUserInput(`The parameter ${name} of the query string is not JSON.`);
    }
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
