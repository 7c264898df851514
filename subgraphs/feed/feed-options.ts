import type { PanelName } from '#platform/config/config.ts';
import type { RemoteEmbedding } from '#platform/embedder/remote-embedding.ts';
import type { VectorIndex } from '#platform/vectors/vector-index.ts';
import type { LanguageModelUse } from './agents/remote/with-language-model.ts';
import type { ScoringAgent } from './agents/scoring-agent.ts';
import type { Uniform } from './exploration/beta.ts';
import type { RewardRules } from './exploration/update-arms.ts';
import type { Deadlines } from './pipeline.ts';
import type { Pipelines } from './snapshot/feed-ranker.ts';
import type { FeedCaches } from './snapshot/feed-snapshot.ts';

/** How the feed subgraph is set up; what is absent is as usual. */
export interface FeedOptions {
  readonly clock?: () => Date;
  readonly caches?: FeedCaches;
  readonly pipelines?: Pipelines;
  /** Whether other processes search the same index; absent: an index of this process's own. */
  readonly vectors?: { readonly index: VectorIndex; readonly shared: boolean };
  /** The service that embeds texts; null or absent: an embedding that is trained on the catalogue. */
  readonly embeddings?: RemoteEmbedding | null;
  /** Absent: `six`. */
  readonly panel?: PanelName;
  /** The path of the custom agent's module; null or absent: the house's own. */
  readonly customAgent?: string | null;
  /** A language model that scores for agents; null or absent: all score locally. */
  readonly languageModel?: LanguageModelUse | null;
  /** Puts another in an agent's place. */
  readonly wrapAgent?: (agent: ScoringAgent) => ScoringAgent;
  readonly deadlines?: Deadlines;
  /** Where what trends is kept on disk too; null or absent: nowhere. */
  readonly copyFolder?: string | null;
  readonly exploration?: Partial<ExplorationSettings>;
  /** How long `eraseUser` waits for the other subgraphs, in ms. */
  readonly erasureWaitMs?: number;
}

/** How feeds explore. */
export interface ExplorationSettings {
  /** Share of the positions after the third that are exploration slots while posteriors are wide; 0: none. */
  readonly share: number;
  readonly rewards: RewardRules;
  /** Where chance comes from. */
  readonly uniform: Uniform;
}
