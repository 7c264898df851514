import { serverAudits } from 'graphql-http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createKey, startAllInOne, startDistributed, tokenOf, type Production } from './production.ts';

/** In production a GET runs persisted documents alone, which the specification leaves to the server. */
const queriesByGet = ['5A70', 'D6D5', '6A70'];

describe.each([
  { form: 'all in one', start: startAllInOne },
  { form: 'distributed', start: startDistributed },
])('GraphQL over HTTP in production, $form, as graphql-http audits it', ({ start }) => {
  let production: Production;
  let credentials: Readonly<Record<string, string>>;
  beforeAll(async () => {
    production = await start({}, { seeded: false });
    credentials = {
      'a user': `Bearer ${await tokenOf('ada', { scope: 'dashboard' })}`,
      'an API key': `Bearer ${(await createKey(production.environment, '--scope', 'dashboard')).text}`,
    };
  });
  afterAll(() => production.close());

  it.each(['a user', 'an API key'])('passes for %s with scope dashboard', async (caller) => {
    const fetchFn = (url: string, init: RequestInit = {}): Promise<Response> =>
      fetch(url, {
        ...init,
        headers: {
          ...Object.fromEntries(new Headers(init.headers)),
          authorization: credentials[caller] ?? '',
        },
      });
    const audits = serverAudits({ url: `${production.url}/graphql`, fetchFn });
    const results = await Promise.all(
      audits.map(async (audit) => ({ id: audit.id, name: audit.name, status: (await audit.fn()).status })),
    );
    expect(results).toHaveLength(61);
    expect(results.filter(({ status }) => status !== 'ok')).toEqual(
      queriesByGet.map((id) => ({ id, name: expect.stringMatching(/^MAY .* GET/), status: 'notice' })),
    );
  });
});
