import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: {
    // Without it vitest loads graphql's ESM and CommonJS copies side by side, and `instanceof` fails across them.
    alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }],
  },
  test: {
    include: ['**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/.bouquet/**'],
    globalSetup: ['test/support/global-setup.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    pool: 'forks',
    maxWorkers: 2,
    server: { deps: { inline: [/@apollo\/subgraph/, /graphql-scalars/] } },
  },
});
