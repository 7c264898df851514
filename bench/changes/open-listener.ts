import { readConfig } from '#platform/config/config.ts';
import { EventDelivery } from '#platform/events/event-delivery.ts';
import { openPlatform } from '#platform/open-platform.ts';
import { createUsearchIndex } from '#platform/vectors/usearch-index.ts';
import type { VectorIndex } from '#platform/vectors/vector-index.ts';
import { createFeedSubgraph } from '../../subgraphs/feed/index.ts';

/** A feed subgraph with its events as another process runs it, whose vector index can be looked into. */
export interface Listener {
  readonly index: VectorIndex;
  close(): Promise<void>;
}

/** Starts it in this process and waits until its index is filled. */
export async function openListener(environment: NodeJS.ProcessEnv): Promise<Listener> {
  const platform = await openPlatform({ config: readConfig({ LOG_LEVEL: 'error', ...environment }) });
  const index = createUsearchIndex();
  const feed = createFeedSubgraph(platform, { vectors: { index, shared: false } });
  const delivery = new EventDelivery(platform, { once: feed.consumers, every: feed.everyConsumers ?? [] });
  await delivery.open();
  await feed.start();
  delivery.start();
  while ((await index.version()) === null) await new Promise((resolve) => setTimeout(resolve, 20));
  return {
    index,
    close: async () => {
      await delivery.stop();
      await feed.stop();
      await platform.close();
    },
  };
}
