import type { BouquetEvent, EventType } from './contracts.ts';

/** What each process does with every event of `types` that is committed after its start. */
export interface EveryConsumer {
  /** For logs and counters. */
  readonly name: string;
  readonly types: readonly EventType[];
  /**
   * Applies a batch in order. It must be idempotent: a batch comes again after a failure, and events that were committed
   * shortly before the start may come too. After several failures the events that fail alone are skipped.
   */
  handle(events: readonly BouquetEvent[]): Promise<void> | void;
  /**
   * Events passed this process by: retention deleted them before they were read, or they were skipped. What is built
   * from events has to be built anew from its source. Comes again where it fails.
   */
  onGap(): Promise<void> | void;
}
