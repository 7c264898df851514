import type { LayerRange } from './allocate-layer.ts';

export type ExperimentStatus = 'DRAFT' | 'RUNNING' | 'STOPPED' | 'SHIPPED';

export interface Variant {
  readonly key: string;
  /** The weights of an experiment add up to 1. */
  readonly weight: number;
  readonly valueJson: string;
  readonly isControl: boolean;
}

export interface ExperimentMetric {
  readonly key: string;
  readonly role: 'PRIMARY' | 'SECONDARY' | 'GUARDRAIL';
  readonly kind: 'PROPORTION' | 'MEAN' | 'RATIO' | 'RETENTION';
  readonly numerator: string;
  readonly denominator: string | null;
  readonly windowHours: number | null;
  readonly lowerIsBetter: boolean;
  readonly nonInferiorityMargin: number | null;
}

/** What the creator of an experiment decides, once and for all. */
export interface ExperimentDefinition {
  readonly key: string;
  readonly name: string;
  readonly hypothesis: string;
  readonly layer: string | null;
  /** Share of all users, above 0 and at most 1. */
  readonly coverage: number;
  readonly variants: readonly Variant[];
  readonly metrics: readonly ExperimentMetric[];
}

/** An experiment as it is stored, with its current phase. */
export interface Experiment extends ExperimentDefinition {
  readonly owner: string;
  readonly status: ExperimentStatus;
  /** Starts so far; 0 for a draft. */
  readonly phase: number;
  readonly startedAt: Date | null;
  readonly stoppedAt: Date | null;
  readonly shippedVariant: string | null;
  /** The current phase's part of the layer; empty without a layer. */
  readonly layerRanges: readonly LayerRange[];
}
