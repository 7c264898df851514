import { pathToFileURL } from 'node:url';
import { resolve } from 'node:path';
import { z } from 'zod';
import { ConfigError } from '#platform/config/config.ts';
import { at } from '../learning/typed-array.ts';
import type { FeatureName, FeatureSource } from './ranking-features.ts';
import type { ScoringAgent } from './scoring-agent.ts';

/** What a module of the operator's exports by default. docs/how-to/write-an-agent.md shows one. */
export interface AgentModule {
  /** One sentence for an operator. */
  readonly description: string;
  /** To be changed whenever the same item could get another score. */
  readonly version: string;
  /** Its share in the weighted mean; the other agents of the panel have 2.85 together. */
  readonly weight: number;
  readonly deadlineMs: number;
  /** A number from 0 to 1 for each item in their order, at once or by a promise; null where there is nothing to say. */
  score(items: readonly AgentItem[], context: AgentContext): unknown;
}

/** An item as a module sees it: what the catalogue knows, and the features of this ranking, 0..1. */
export interface AgentItem extends Readonly<Record<FeatureName, number>> {
  readonly id: string;
  readonly vendorId: string;
  readonly category: string;
  readonly region: string;
  readonly tagNames: readonly string[];
  readonly publishedAt: Date;
}

/** For whom is ranked; nothing of it names the user. */
export interface AgentContext {
  readonly now: Date;
  /** Null for every region. */
  readonly regions: readonly string[] | null;
  /** The user segment, `region:cluster`. */
  readonly segment: string;
}

const moduleSchema = z.object({
  description: z.string().min(1).max(200),
  version: z.string().min(1).max(50),
  weight: z.number().positive().max(10).default(0.1),
  deadlineMs: z.int().min(1).max(400).default(50),
  score: z.custom<AgentModule['score']>((value) => typeof value === 'function', 'must be a function'),
});

/** Reads the operator's module at `path`, and names in a ConfigError what it lacks. */
export async function loadAgentModule(path: string): Promise<AgentModule> {
  const file = resolve(path);
  let loaded: unknown;
  try {
    loaded = await import(pathToFileURL(file).href);
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'unknown';
    throw new ConfigError([`CUSTOM_AGENT: the module cannot be loaded: ${reason}`]);
  }
  const parsed = z.object({ default: moduleSchema }).safeParse(loaded);
  if (parsed.success) return parsed.data.default;
  throw new ConfigError(
    parsed.error.issues.map(({ path: place, message }) => `CUSTOM_AGENT: ${place.join('.')}: ${message}`),
  );
}

const answerSchema = z.array(z.number().min(0).max(1).nullable());

/** The agent of `module`, which is another once the operator's has been loaded. */
export function customAgent(featuresOf: FeatureSource, moduleOf: () => AgentModule): ScoringAgent {
  return {
    name: 'custom',
    get description() {
      return moduleOf().description;
    },
    get version() {
      return moduleOf().version;
    },
    get weight() {
      return moduleOf().weight;
    },
    get deadlineMs() {
      return moduleOf().deadlineMs;
    },
    kind: 'CUSTOM',
    subject: 'USER',
    score: async ({ query, candidates }) => {
      const features = featuresOf(query, candidates);
      const items: AgentItem[] = [];
      const places: number[] = [];
      for (const [index, { id, facts }] of candidates.entries()) {
        if (facts === null) continue;
        places.push(index);
        items.push({
          id,
          vendorId: facts.vendorId,
          category: facts.category,
          region: facts.region,
          tagNames: facts.tags,
          publishedAt: facts.publishedAt,
          neighbours: at(features.neighbours, index),
          vendorNeighbours: at(features.vendorNeighbours, index),
          vectors: at(features.vectors, index),
          tags: at(features.tags, index),
          vendor: at(features.vendor, index),
          popularity: at(features.popularity, index),
          followed: at(features.followed, index),
          editorial: at(features.editorial, index),
          freshness: at(features.freshness, index),
          quality: at(features.quality, index),
        });
      }
      const context = { now: query.now, regions: query.regions, segment: query.segment };
      const given = answerSchema.parse(await moduleOf().score(items, context));
      if (given.length !== items.length) throw new RangeError('The module gave no score for each item.');
      const scores = new Float64Array(candidates.length).fill(Number.NaN);
      for (const [place, score] of given.entries()) scores[places[place] ?? 0] = score ?? Number.NaN;
      return { scores, fallback: null, degraded: null };
    },
  };
}
