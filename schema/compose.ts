/**
 * Composes the supergraph from the four subgraphs and writes `schema/supergraph.graphql` and the page of its access rules,
 * or with `--check` fails when a file is not what composition gives.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { composeServices } from '@theguild/federation-composition';
import { parse } from 'graphql';
import { subgraphNames } from '../platform/config/config.ts';
import { readSubgraphSdl } from '../platform/graphql/load-schema.ts';
import { accessPage } from './access-page.ts';
import { publicSchemaOf } from './public-schema.ts';

export const supergraphFile = join(import.meta.dirname, 'supergraph.graphql');

const accessFile = join(import.meta.dirname, '../docs/reference/access.md');

/**
 * Returns the supergraph SDL. The subgraphs' URLs are names only: the gateway looks the real ones up in its
 * configuration.
 * @throws Error with one line per problem when the subgraphs do not compose.
 */
export function composeSupergraph(): string {
  const result = composeServices(
    subgraphNames.map((name) => ({
      name,
      typeDefs: parse(readSubgraphSdl(name)),
      url: `http://${name}.subgraph.invalid/graphql`,
    })),
  );
  if (result.errors !== undefined && result.errors.length > 0) {
    throw new Error(result.errors.map((error) => error.message).join('\n'));
  }
  if (result.supergraphSdl === undefined) throw new Error('Composition gave no supergraph.');
  return `# Composed by schema/compose.ts; do not edit.\n${result.supergraphSdl.trimEnd()}\n`;
}

function main(): void {
  const composed = composeSupergraph();
  const files = [
    [supergraphFile, composed],
    [accessFile, accessPage(publicSchemaOf(composed))],
  ] as const;
  for (const [file, text] of files) {
    if (!process.argv.includes('--check')) {
      writeFileSync(file, text);
    } else if (readFileSync(file, 'utf8') !== text) {
      process.stderr.write(`${relative('', file)} is not what composition gives: run \`npm run compose\`.\n`);
      process.exitCode = 1;
    }
  }
}

if (import.meta.main) main();
