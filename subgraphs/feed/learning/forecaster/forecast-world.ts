import type { CatalogueFacts } from '../../pipeline/component.ts';
import type { ServedModels } from '../served-models.ts';

/** What tells of items and tastes at one time: models, and the catalogue as ranking knew it then. */
export interface ForecastWorld extends Pick<ServedModels, 'neighbours' | 'tagWeight'> {
  /** Where an item lies; null where that is not known. */
  vectorOf(id: string): Float32Array | null;
  /** Null for an item that is not there. */
  factsOf(id: string): CatalogueFacts | null;
  /** All items that are there. */
  readonly ids: readonly string[];
  /** The most popular first, as many as a personal feed takes of them. */
  readonly popular: readonly string[];
}

/** What somebody was shown at about one time, and what they had chosen until then. */
export interface ForecastCase {
  readonly userId: string;
  readonly now: Date;
  /** The latest first, as many as count. */
  readonly choices: readonly { readonly id: string; readonly at: Date }[];
  readonly followedVendors: readonly string[];
  readonly shown: readonly { readonly id: string; readonly saved: boolean }[];
}
