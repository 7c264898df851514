import { resolve } from 'node:path';
import type { Config } from '../../platform/config/config.ts';

const query = '{ feed(first: 3) { edges { node { content { title region { code } vendor { name } } } } } }';

/** What `bouquet start` prints once it answers: the URL, a query to try, and where the data lies. */
export function greeting(
  url: string,
  config: Pick<Config, 'NODE_ENV' | 'DATABASE_URL' | 'DATA_DIR'>,
): string {
  const data =
    config.DATABASE_URL === undefined
      ? `${resolve(config.DATA_DIR)} (embedded PostgreSQL; DATA_DIR moves it)`
      : 'PostgreSQL by DATABASE_URL';
  const lines = ['', `  Bouquet answers at ${url}/graphql`, `  Data: ${data}`, '', '  Try a feed:'];
  if (config.NODE_ENV === 'production') {
    // Without a token or a key, of which this process knows none.
    lines.push(`    curl -s '${url}/v1/feed-page?first=3'`);
  } else {
    lines.push(
      `    curl -s ${url}/graphql -H 'content-type: application/json' -H 'x-user-id: user-1' \\`,
      `      -d '${JSON.stringify({ query })}'`,
      '',
      `  Or open ${url}/graphql in a browser for GraphiQL.`,
      '  Development: whoever x-user-id names is believed. Do not put this port on the internet.',
    );
  }
  return [...lines, '  Ctrl-C ends it.', ''].join('\n');
}
