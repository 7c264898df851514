import { Gauge, type Registry } from 'prom-client';

/** How far exploration has come with some arms, of which there is one for each item in each user segment. */
export interface ArmFigures {
  readonly arms: number;
  /** The mean standard deviation of their posteriors. */
  readonly meanDeviation: number;
  /** How probable it is of the arm that is best most often that it is the best. */
  readonly topArmProbability: number;
}

/** How far exploration had come when this process last read the posteriors. Nothing before it has. */
export class ExplorationMetrics {
  readonly #arms;
  readonly #deviation;
  readonly #topArm;

  constructor(registry: Registry) {
    const common = { labelNames: ['segment'] as const, registers: [registry] };
    this.#arms = new Gauge({
      ...common,
      name: 'bouquet_exploration_arms',
      help: 'Items that somebody of a user segment has seen.',
    });
    this.#deviation = new Gauge({
      ...common,
      name: 'bouquet_exploration_posterior_deviation',
      help: 'Mean standard deviation of the posteriors of these; falls towards 0 as exploration converges.',
    });
    this.#topArm = new Gauge({
      ...common,
      name: 'bouquet_exploration_top_arm_probability',
      help: 'How probable it is that the arm that seems best is; rises towards 1 where one is.',
    });
  }

  /** Shows `overall` as segment `all`, and `segments`, few and not of users' making, in place of what was shown before. */
  show(overall: ArmFigures, segments: ReadonlyMap<string, ArmFigures>): void {
    for (const gauge of [this.#arms, this.#deviation, this.#topArm]) gauge.reset();
    this.#arms.set({ segment: 'all' }, overall.arms);
    // Without arms there is nothing that could have converged.
    if (overall.arms === 0) return;
    for (const [segment, { arms, meanDeviation, topArmProbability }] of [
      ['all', overall] as const,
      ...segments,
    ]) {
      this.#arms.set({ segment }, arms);
      this.#deviation.set({ segment }, meanDeviation);
      this.#topArm.set({ segment }, topArmProbability);
    }
  }
}
