import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Starts with the suites that run whole processes, so that none of them is left over for one worker at the end. */
class LongestFirst extends BaseSequencer {
  override sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLong = ({ moduleId }: TestSpecification): boolean => /\/(test\/e2e|cli)\//.test(moduleId);
    return Promise.resolve(files.toSorted((a, b) => Number(isLong(b)) - Number(isLong(a))));
  }
}

/** With `--mode full`: the suites that take servers, many processes or minutes, one after the other. */
export default defineConfig(({ mode }) => {
  const full = mode === 'full';
  return {
    resolve: {
      // Without it vitest loads graphql's ESM and CommonJS copies side by side, and `instanceof` fails across them.
      alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }],
    },
    test: {
      include: full ? ['**/*.full.test.ts'] : ['**/*.test.ts'],
      exclude: ['**/node_modules/**', '**/.bouquet/**', ...(full ? [] : ['**/*.full.test.ts'])],
      globalSetup: ['test/support/global-setup.ts'],
      testTimeout: full ? 180_000 : 30_000,
      hookTimeout: full ? 120_000 : 60_000,
      pool: 'forks',
      maxWorkers: full ? 1 : 2,
      // A worker loads the sources once and not for each file; no suite changes what the process shares.
      isolate: false,
      sequence: { sequencer: LongestFirst },
      server: { deps: { inline: [/@apollo\/subgraph/, /graphql-scalars/] } },
    },
  };
});
