import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { identity, tokenOf } from '../e2e/production.ts';
import { askAttacked, post, startAttacked, type AttackedServer } from './attacked-server.ts';
import { bystanderDuring } from './bystander.ts';
import { duplicatedFields, hostileDocuments, slowDocument } from './documents.ts';

describe('hostile documents', () => {
  let server: AttackedServer;
  let production: AttackedServer;
  beforeAll(async () => {
    // The bystander is one caller through all of it.
    server = await startAttacked({ RATE_LIMIT_PER_HOUR: '0' });
    production = await startAttacked({
      NODE_ENV: 'production',
      JWT_SECRET: identity.secret,
      JWT_ISSUER: identity.issuer,
      JWT_AUDIENCE: identity.audience,
    });
    await bystanderDuring(server.url, () => askAttacked(server.url, post({ query: '{ __typename }' })));
  });
  afterAll(() => Promise.all([server.close(), production.close()]));

  it.each(hostileDocuments.map((document) => [document.attack, document] as const))(
    'are refused and harm nobody: %s',
    async (attack, { query, variables, code }) => {
      const before = await bystanderDuring(
        server.url,
        () => new Promise((resolve) => setTimeout(resolve, 300)),
      );
      const during = await bystanderDuring(server.url, async () => {
        for (let repeat = 0; repeat < 20; repeat++) {
          const body = { query, variables, operationName: undefined };
          const { code: answered, status } = await askAttacked(server.url, post(body));
          expect(answered).toBe(code);
          expect(status).toBe(code === 'QUERY_TOO_COMPLEX' ? 400 : 200);
        }
      });
      process.stdout.write(`${attack}: bystander p99 ${(during.p99Ms / before.p99Ms).toFixed(1)} times\n`);
      expect([before.failed, during.failed]).toEqual([0, 0]);
      expect(during.sent).toBeGreaterThan(0);
    },
  );

  it('are refused before their validation: the same fields many times', async () => {
    const { code } = await askAttacked(server.url, post({ query: duplicatedFields }));
    expect(code).toBe('QUERY_TOO_COMPLEX');
  });

  it('are validated no more than some at a time: long ones, each another', async () => {
    const codes: (string | null)[] = [];
    const headers = { authorization: `Bearer ${await tokenOf('mallory')}` };
    const { failed } = await bystanderDuring(server.url, async () => {
      for (let index = 0; index < 100; index++) {
        codes.push((await askAttacked(production.url, post({ query: slowDocument(index) }, headers))).code);
      }
    });
    expect(new Set(codes.slice(0, 10))).toEqual(new Set(['GRAPHQL_VALIDATION_FAILED']));
    expect(codes.filter((code) => code === 'RATE_LIMITED').length).toBeGreaterThan(50);
    expect(failed).toBe(0);
  });
});
