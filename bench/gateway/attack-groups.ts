import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { formatApiKey, newKeyId, newSecret } from '../../gateway/callers/api-key.ts';
import { openSocket, readAll, sendRaw } from '../../platform/http/test/raw-request.ts';
import { duplicatedFields, hostileDocuments, slowDocument } from '../../test/attacks/documents.ts';
import { hiddenRequests, requestHead } from '../../test/attacks/hidden-requests.ts';
import type { KeepAliveClient } from './keep-alive-client.ts';
import { tokenSignedBy } from './production.ts';

/** Whom an attack is sent to, and what the attacker has. */
export interface Target {
  readonly url: string;
  readonly client: KeepAliveClient;
  /** Of a user of its own. */
  readonly token: string;
  /** An API key with a small limit of its own. */
  readonly limitedKey: string;
  /** Aborted when the attack is over, for what holds on until then. */
  readonly ended: AbortSignal;
}

export interface AttackGroup {
  readonly name: string;
  /** Hostile requests in a second, on average: they come at random times. */
  readonly perSecond: number;
  /** Sends one, and returns null where it was refused as it should be, else what came instead. */
  readonly attack: (target: Target, index: number) => Promise<string | null>;
}

const harmless = '{"query":"{ __typename }"}';

/** The attacks of `test/attacks/`, as a stranger, a user or a key makes them in production. */
export const attackGroups: readonly AttackGroup[] = [
  {
    name: 'documents that ask for too much',
    perSecond: 50,
    attack: (target, index) => {
      const document = hostileDocuments[index % hostileDocuments.length];
      if (document === undefined) return Promise.resolve('There are no such documents.');
      const { query, variables, code } = document;
      return refusal(target, { query, variables }, code);
    },
  },
  {
    name: 'documents of one field many times',
    perSecond: 50,
    attack: (target, index) =>
      refusal(target, { query: `query Q${index} ${duplicatedFields}` }, 'QUERY_TOO_COMPLEX'),
  },
  {
    name: 'documents that are slow to validate',
    perSecond: 50,
    // The first ones, and then one in a second, are validated.
    attack: (target, index) =>
      refusal(target, { query: slowDocument(index) }, 'GRAPHQL_VALIDATION_FAILED', 'RATE_LIMITED'),
  },
  {
    name: 'batches of ten',
    perSecond: 50,
    attack: (target) =>
      refusal(
        target,
        Array.from({ length: 10 }, () => JSON.parse(harmless)),
        'QUERY_TOO_COMPLEX',
      ),
  },
  {
    name: 'documents that nobody published',
    perSecond: 50,
    attack: (target) =>
      refusal(target, { documentId: randomBytes(32).toString('hex') }, 'DOCUMENT_NOT_FOUND'),
  },
  {
    name: 'forged tokens',
    perSecond: 50,
    attack: async (target, index) => {
      const token = await tokenSignedBy('a secret that the server does not know', `user-${index}`);
      return refusal({ ...target, token }, JSON.parse(harmless), 'UNAUTHENTICATED');
    },
  },
  {
    name: 'guessed API keys',
    perSecond: 50,
    attack: (target) => {
      const token = formatApiKey({ id: newKeyId(), secret: newSecret() });
      return refusal({ ...target, token }, JSON.parse(harmless), 'UNAUTHENTICATED');
    },
  },
  {
    name: 'requests over the limit of a key',
    perSecond: 50,
    attack: async (target, index) => {
      const answer = await refusal(
        { ...target, token: target.limitedKey },
        JSON.parse(harmless),
        'RATE_LIMITED',
      );
      return index < limitedKeyRequests ? null : answer;
    },
  },
  {
    name: 'bodies over 100 KB of a user',
    perSecond: 50,
    attack: (target) =>
      refusal(target, { query: '{ content(id: "a") { id } }', variables: { filler } }, 'BAD_USER_INPUT'),
  },
  { name: 'bodies over 2 MB, announced', perSecond: 50, attack: ({ url }) => raw(url, announced, 413) },
  { name: 'bodies over 2 MB, in chunks', perSecond: 5, attack: ({ url }) => chunked(url) },
  {
    name: 'requests that hide in others',
    perSecond: 50,
    attack: ({ url }, index) => raw(url, hiddenRequests[index % hiddenRequests.length] ?? '', 400),
  },
  {
    name: 'connections dropped half-way',
    perSecond: 50,
    attack: async ({ url }) => {
      const socket = openSocket(url);
      socket.write(`${requestHead}Content-Length: ${harmless.length}\r\n\r\n{"que`);
      await sleep(20);
      socket.resetAndDestroy();
      return null;
    },
  },
  { name: 'slow headers and bodies', perSecond: 50, attack: drip },
];

/** Requests an hour of `Target.limitedKey`. */
export const limitedKeyRequests = 10;

const filler = 'x'.repeat(110_000);
const announced = `${requestHead}Content-Length: 2147483648\r\n\r\n`;

async function refusal(
  { client, token }: Target,
  body: unknown,
  ...codes: readonly string[]
): Promise<string | null> {
  const headers = { authorization: `Bearer ${token}` };
  const { status, text } = await client.post({ headers, body: JSON.stringify(body) });
  return codes.some((code) => text.includes(`"code":"${code}"`)) ? null : `${status} ${text.slice(0, 200)}`;
}

async function raw(url: string, bytes: string, status: number): Promise<string | null> {
  const { statuses, text } = await sendRaw(url, bytes);
  return statuses.length === 1 && statuses[0] === status ? null : text.slice(0, 200);
}

async function chunked(url: string): Promise<string | null> {
  const socket = openSocket(url);
  const answer = readAll(socket);
  socket.write(`${requestHead}Transfer-Encoding: chunked\r\n\r\n`);
  const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`;
  for (let count = 0; count < 32; count++) socket.write(chunk);
  const { statuses, text } = await answer;
  return statuses[0] === 413 ? null : text.slice(0, 200);
}

/** Sends a header or a byte in a second, until the server has enough or the attack is over. */
async function drip({ url, ended }: Target, index: number): Promise<string | null> {
  const socket = openSocket(url);
  const closed = once(socket, 'close');
  const isBody = index % 2 === 0;
  socket.write(isBody ? `${requestHead}Content-Length: 1000\r\n\r\n` : requestHead);
  const timer = setInterval(() => socket.write(isBody ? '{' : 'X-A: 1\r\n'), 1_000);
  const end = (): void => void socket.destroy();
  ended.addEventListener('abort', end);
  await closed;
  clearInterval(timer);
  ended.removeEventListener('abort', end);
  return null;
}
