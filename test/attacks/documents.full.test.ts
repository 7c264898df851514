import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askAttacked, post, startAttacked, type AttackedServer } from './attacked-server.ts';
import { bystanderDuring } from './bystander.ts';
import { duplicatedFields, hostileDocuments } from './documents.ts';

describe('hostile documents', () => {
  let server: AttackedServer;
  beforeAll(async () => {
    server = await startAttacked({});
    await bystanderDuring(server.url, () => askAttacked(server.url, post({ query: '{ __typename }' })));
  });
  afterAll(() => server.close());

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

  it('are refused by their validation: the same fields many times', async () => {
    const { failed } = await bystanderDuring(server.url, async () => {
      for (let repeat = 0; repeat < 20; repeat++) {
        // Another name each time, or the verdict would be remembered.
        const { code } = await askAttacked(
          server.url,
          post({ query: `query Q${repeat} ${duplicatedFields}` }),
        );
        expect(code).toBe('GRAPHQL_VALIDATION_FAILED');
      }
    });
    expect(failed).toBe(0);
  });
});
