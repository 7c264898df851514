import { rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { exportJWK, exportSPKI, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  brokenTokens,
  tokensUnderOtherKeys,
  wrongHeaders,
  wrongPayloads,
} from '../../gateway/callers/test/forged-tokens.ts';
import { rawToken } from '../../gateway/callers/test/tokens.ts';
import { startChild, type ChildServer } from '../e2e/child-server.ts';
import { identity, tokenOf } from '../e2e/production.ts';
import { json, send, type Reply } from '../e2e/send.ts';
import { copyPgliteFolder } from '../support/databases.ts';
import { bystanderDuring } from './bystander.ts';

const { issuer, audience } = identity;

/** What the error has, and nothing else. */
const refusal =
  /^\{"errors":\[\{"message":"(The token is refused|Authorization must be)[^"]*","extensions":\{"code":"UNAUTHENTICATED"\}\}\]\}$/;

describe.each([{ keys: 'a shared secret' }, { keys: 'a JSON Web Key Set' }])(
  'forged tokens to a server with $keys',
  ({ keys }) => {
    const folder = copyPgliteFolder();
    let server: ChildServer;
    let keySet: Server | null = null;
    let good: string;
    let forged: (readonly [what: string, token: string])[];
    beforeAll(async () => {
      const now = Math.floor(Date.now() / 1000);
      const claims = { iss: issuer, aud: audience, sub: 'ada', exp: now + 3_600 };
      const secret = Buffer.from(identity.secret);
      let trusted: NodeJS.ProcessEnv = { JWT_SECRET: identity.secret };
      if (keys === 'a shared secret') {
        good = await tokenOf('ada');
        forged = [
          ...wrongPayloads({ claims, now }).map(
            ([what, payload]) => [what, rawToken('{"alg":"HS256"}', payload, secret)] as const,
          ),
          ...wrongHeaders.map(
            ([what, header]) => [what, rawToken(header, JSON.stringify(claims), secret)] as const,
          ),
          ...brokenTokens({ claims, secret }),
        ];
      } else {
        const kid = 'the-key';
        const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true });
        const jwks = JSON.stringify({
          keys: [{ ...(await exportJWK(publicKey)), alg: 'RS256', kid, use: 'sig' }],
        });
        keySet = createServer((_request, response) => void response.end(jwks));
        trusted = { JWT_JWKS_URL: `${await listen(keySet)}/jwks` };
        good = await new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid }).sign(privateKey);
        forged = [
          ...(await tokensUnderOtherKeys(claims, { kid, publicPem: await exportSPKI(publicKey) })),
          ['a shared secret where there is none', await tokenOf('ada')],
        ];
      }
      server = await startChild({
        NODE_ENV: 'production',
        DATA_DIR: folder,
        JWT_ISSUER: issuer,
        JWT_AUDIENCE: audience,
        LOG_LEVEL: 'trace',
        ...trusted,
      });
    });
    afterAll(async () => {
      server.process.kill('SIGTERM');
      await server.ended;
      keySet?.close();
      rmSync(folder, { recursive: true, force: true });
    });

    /** One request to each place that asks who sends it. */
    const everywhere = (token: string): Promise<Reply[]> => {
      const headers = { authorization: `Bearer ${token}` };
      const ask = (path: string, init: RequestInit = { headers }): Promise<Reply> =>
        send(`${server.url}${path}`, init);
      return Promise.all([
        ask('/graphql', json({ query: '{ __typename }' }, headers)),
        ask('/graphql', json({ documentId: 'nothing' }, headers)),
        ask('/graphql?documentId=nothing'),
        ask('/graphql', { headers: { ...headers, accept: 'text/html' } }),
        ask('/v1/trending'),
        ask('/v1/refresh-feed', json({}, headers)),
        ask('/v1/nothing'),
        ask('/openapi.json'),
      ]);
    };

    it('are answered by 401 everywhere, and harm nobody', async () => {
      expect(forged.length).toBeGreaterThan(keys === 'a shared secret' ? 50 : 10);
      const { sent, failed } = await bystanderDuring(
        server.url,
        async () => {
          for (const [what, token] of forged) {
            for (const { status, text, headers } of await everywhere(token)) {
              expect([status, headers.get('www-authenticate'), text], what).toEqual([
                401,
                'Bearer',
                expect.stringMatching(refusal),
              ]);
            }
          }
        },
        async (url) => (await fetch(`${url}/v1/trending?first=1`)).status === 200,
      );
      expect([failed, sent > 0]).toEqual([0, true]);
    });

    it('leave the good token good', async () => {
      const replies = await everywhere(good);
      expect(replies.map(({ status }) => status)).toEqual([200, 200, 404, 406, 200, 200, 404, 200]);
      expect(server.process.exitCode).toBeNull();
    });
  },
);

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return `http://127.0.0.1:${address.port}`;
}
