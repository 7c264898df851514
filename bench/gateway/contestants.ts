import type { PostedAnswer, PostedRequest } from './keep-alive-client.ts';
import { myself, type Marketplace } from './marketplace.ts';
import { tokenFor } from './production.ts';

/** The two servers: see `bare-gateway.ts`, and `bouquet start`. */
export type Contender = 'bare' | 'whole';

/** One kind of request to one of the servers. */
export interface Contestant {
  /** What the table calls it. */
  readonly row: string;
  readonly server: Contender;
  /** Its next requests. */
  readonly next: (count: number) => Promise<PostedRequest[]>;
  /** @throws Error for an answer that is not the right one. */
  readonly check: (answer: PostedAnswer) => void;
}

export const rows = {
  bare: 'bare gateway, the query',
  bareReadBefore: 'bare gateway, the query, its body read before',
  user: 'document, user with a token',
  newToken: 'document, user with a token not seen before',
  free: 'the query, user with a token',
  key: 'document, API key',
} as const;

const byText = JSON.stringify({ query: myself.text });
const byId = JSON.stringify({ documentId: `sha256:${myself.id}` });

/** The contestants in the order in which they take turns; `users` tokens go round, which are made here. */
export async function contestantsOf({ apiKey }: Marketplace, users: number): Promise<Contestant[]> {
  const userAt = (index: number): string => `user-${(index % users) + 1}`;
  const tokens: string[] = [];
  for (let index = 0; index < users; index++) tokens.push(await tokenFor(userAt(index)));
  const tokenAt = (index: number): string => tokens[index % users] ?? '';
  return [
    contestant(rows.bare, 'bare', (index) => ({ headers: { 'x-user-id': userAt(index) }, body: byText })),
    contestant(rows.bareReadBefore, 'bare', (index) => ({
      path: '/read-before/graphql',
      headers: { 'x-user-id': userAt(index) },
      body: byText,
    })),
    contestant(rows.user, 'whole', (index) => ({ headers: bearer(tokenAt(index)), body: byId })),
    contestant(rows.newToken, 'whole', async (index) => ({
      headers: bearer(await tokenFor(`new-${index}`)),
      body: byId,
    })),
    contestant(rows.free, 'whole', (index) => ({ headers: bearer(tokenAt(index)), body: byText })),
    contestant(rows.key, 'whole', () => ({ headers: bearer(apiKey), body: byId }), '{"data":{"me":null}}'),
  ];
}

function contestant(
  row: string,
  server: Contender,
  requestAt: (index: number) => PostedRequest | Promise<PostedRequest>,
  expected?: string,
): Contestant {
  let sent = 0;
  return {
    row,
    server,
    next: (count) => Promise.all(Array.from({ length: count }, async () => requestAt(sent++))),
    check: ({ status, text }) => {
      const isExpected =
        expected === undefined ? /^\{"data":\{"me":\{"id":"[\w-]+"\}\}\}$/.test(text) : text === expected;
      if (status !== 200 || !isExpected) throw new Error(`${row}: ${status} ${text.slice(0, 300)}`);
    },
  };
}

function bearer(credential: string): Record<string, string> {
  return { authorization: `Bearer ${credential}` };
}
