import type { Platform } from '#platform/graphql/subgraph.ts';
import { DocumentUsage } from './document-usage.ts';
import { DocumentsOfDatabase } from './documents-of-database.ts';
import { readPublicSchema } from './read-public-schema.ts';
import { repositoryDocuments } from './repository-documents.ts';
import type { GatewayDocuments } from './use-documents.ts';

export interface RunningDocuments extends GatewayDocuments {
  /** Writes out the usage and ends. */
  stop(): Promise<void>;
}

/**
 * Publishes the repository's documents for everybody, and loads all that is published. Where the database does not answer
 * the repository's are served, and the rest once it does.
 */
export async function startDocuments({
  database,
  logger,
}: Pick<Platform, 'database' | 'logger'>): Promise<RunningDocuments> {
  const schema = readPublicSchema();
  const documents = new DocumentsOfDatabase({
    database,
    schema,
    logger,
    own: repositoryDocuments(schema),
  });
  const usage = new DocumentUsage({ database, logger });
  await documents.start();
  usage.start();
  return {
    registry: documents.registry,
    usage,
    lookAgain: () => documents.lookAgain(),
    stop: async () => {
      await documents.stop();
      await usage.stop();
    },
  };
}
