/**
 * Composes the supergraph from the four subgraphs and writes `schema/supergraph.graphql`, or with `--check` fails
 * when the file is not what composition gives.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { composeServices } from '@theguild/federation-composition';
import { parse } from 'graphql';
import { subgraphNames } from '../platform/config/config.ts';
import { readSubgraphSdl } from '../platform/graphql/load-schema.ts';

export const supergraphFile = join(import.meta.dirname, 'supergraph.graphql');

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
  if (!process.argv.includes('--check')) {
    writeFileSync(supergraphFile, composed);
    return;
  }
  if (readFileSync(supergraphFile, 'utf8') !== composed) {
    process.stderr.write('schema/supergraph.graphql is not what composition gives: run `npm run compose`.\n');
    process.exitCode = 1;
  }
}

if (import.meta.main) main();
