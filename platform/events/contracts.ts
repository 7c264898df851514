import { z } from 'zod';

/** InteractionType of the contract, whole. */
export const interactionTypes = [
  'IMPRESSION',
  'VIEW',
  'CLICK',
  'LIKE',
  'SAVE',
  'SHARE',
  'INQUIRY',
  'HIDE',
] as const;

export type InteractionType = (typeof interactionTypes)[number];

const contentChangedV1 = z.object({
  contents: z.array(
    z.object({
      id: z.string(),
      vendorId: z.string(),
      title: z.string(),
      /** Its first 1,000 characters; absent in the events of earlier releases. */
      description: z.string().optional(),
      category: z.string(),
      region: z.string(),
      tags: z.array(z.string()),
      /** 0..1, the craft of the entry; see docs/reference/ranking.md. */
      quality: z.number(),
      publishedAt: z.iso.datetime(),
      version: z.number().int(),
    }),
  ),
  vendors: z.array(z.object({ id: z.string(), region: z.string() })),
});

const contentRemovedV1 = z.object({ contentIds: z.array(z.string()) });

const importCompletedV1 = z.object({
  importId: z.string(),
  vendors: z.number().int(),
  contents: z.number().int(),
  interactions: z.number().int(),
});

/** One per call of `recordInteractions`; only what was new. */
const interactionsRecordedV1 = z.object({
  userId: z.string(),
  interactions: z.array(
    z.object({
      id: z.string(),
      contentId: z.string(),
      vendorId: z.string(),
      type: z.enum(interactionTypes),
      occurredAt: z.iso.datetime(),
    }),
  ),
});

/** One per flush of the slate log. `userId` is null for a caller without any id. */
const feedServedV1 = z.object({
  pages: z.array(
    z.object({
      feedId: z.string(),
      userId: z.string().nullable(),
      mode: z.enum(['MULTI_AGENT', 'SIMPLE', 'TRENDING']),
      contentIds: z.array(z.string()),
      servedAt: z.iso.datetime(),
    }),
  ),
});

const experimentChangedV1 = z.object({
  key: z.string(),
  status: z.enum(['DRAFT', 'RUNNING', 'STOPPED', 'SHIPPED']),
  phase: z.number().int(),
});

/** What is kept of a user has to go. `userId` is null once it has gone everywhere. */
const userErasedV1 = z.object({ requestId: z.uuid(), userId: z.string().nullable() });

/** Subgraphs beside the feed that keep something of users; an erasure is complete when each of them says so. */
export const erasingSubgraphs = ['experiments', 'metrics'] as const;

/** A subgraph keeps nothing any more of the user whose erasure `requestId` is. */
const userErasureConfirmedV1 = z.object({ requestId: z.uuid(), subgraph: z.enum(erasingSubgraphs) });

/** What is kept of `anonymousSubject` belongs to `userId` from now on. */
const userLinkedV1 = z.object({ anonymousSubject: z.string(), userId: z.string() });

/** Another version of a model is served. */
const modelTrainedV1 = z.object({
  name: z.enum(['item-neighbours', 'item-vectors', 'taste-clusters', 'forecaster']),
  version: z.number().int(),
});

/** Vectors of these items were written, or their items changed. */
const vectorsChangedV1 = z.object({ version: z.number().int(), contentIds: z.array(z.string()) });

/** What one process measured since its last report. Histograms are HdrHistogram's compressed base64. */
const processReportedV1 = z.object({
  processId: z.string(),
  /** `gateway`, `all-in-one` or a subgraph's name. */
  role: z.string(),
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  requests: z.number().int(),
  errors: z.number().int(),
  /** GraphQL requests, in microseconds; null where none was answered. */
  latency: z.string().nullable(),
  caches: z.array(z.object({ tier: z.string(), hits: z.number().int(), misses: z.number().int() })),
  database: z.object({
    kind: z.string(),
    connectionsInUse: z.number().int(),
    connectionsMax: z.number().int(),
    /** Statements, in microseconds; null where none was sent. */
    latency: z.string().nullable(),
  }),
  /** Absent in the reports of earlier releases. */
  events: z
    .object({
      /** Events that a consumer of this process set aside as dead letters, or skipped. */
      failures: z.array(
        z.object({ consumer: z.string(), setAside: z.number().int(), skipped: z.number().int() }),
      ),
      /** Of all processes together, as this one last measured it. */
      lag: z.array(z.object({ consumer: z.string(), waiting: z.number().int(), oldestMs: z.number() })),
    })
    .optional(),
  worker: z.object({
    id: z.number().int(),
    /** 0..1 */
    eventLoopUtilisation: z.number(),
    heapUsedBytes: z.number(),
    uptimeSeconds: z.number(),
  }),
});

/** One schema and version per event. A change is additive, or a new version beside the old. */
export const eventContracts = {
  'content.changed': { version: 1, schema: contentChangedV1 },
  'content.removed': { version: 1, schema: contentRemovedV1 },
  'import.completed': { version: 1, schema: importCompletedV1 },
  'interactions.recorded': { version: 1, schema: interactionsRecordedV1 },
  'feed.served': { version: 1, schema: feedServedV1 },
  'experiment.changed': { version: 1, schema: experimentChangedV1 },
  'process.reported': { version: 1, schema: processReportedV1 },
  'model.trained': { version: 1, schema: modelTrainedV1 },
  'vectors.changed': { version: 1, schema: vectorsChangedV1 },
  'user.erased': { version: 1, schema: userErasedV1 },
  'user.erasure-confirmed': { version: 1, schema: userErasureConfirmedV1 },
  'user.linked': { version: 1, schema: userLinkedV1 },
} as const;

export type EventType = keyof typeof eventContracts;

export type EventPayload<T extends EventType> = z.infer<(typeof eventContracts)[T]['schema']>;

/** An event as a consumer sees it; `type` tells the payload's shape. */
export type BouquetEvent = {
  [T in EventType]: {
    readonly id: bigint;
    readonly type: T;
    readonly createdAt: Date;
    readonly payload: EventPayload<T>;
  };
}[EventType];
