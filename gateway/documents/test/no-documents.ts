import { DocumentRegistry } from '../document-registry.ts';
import type { GatewayDocuments } from '../use-documents.ts';

/** For a gateway that no document is sent to. */
export const noDocuments: GatewayDocuments = {
  registry: new DocumentRegistry(),
  usage: { count: () => undefined },
  lookAgain: () => Promise.resolve(),
};
