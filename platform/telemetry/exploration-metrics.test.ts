import { expect, it } from 'vitest';
import { Telemetry } from './telemetry.ts';

it('shows the figures of the last reading alone, and of no arms only that there are none', async () => {
  const { exploration, metrics } = new Telemetry();
  const figures = { arms: 3, meanDeviation: 0.25, topArmProbability: 0.5 };
  const series = async (): Promise<string[]> =>
    (await metrics.registry.metrics()).split('\n').filter((line) => line.startsWith('bouquet_exploration_'));
  expect(await series()).toEqual([]);
  exploration.show(figures, new Map([['AT:1', figures]]));
  exploration.show(
    { ...figures, arms: 4 },
    new Map([['DE:new', { arms: 2, meanDeviation: 0.125, topArmProbability: 0.75 }]]),
  );
  expect(await series()).toEqual([
    'bouquet_exploration_arms{segment="all"} 4',
    'bouquet_exploration_arms{segment="DE:new"} 2',
    'bouquet_exploration_posterior_deviation{segment="all"} 0.25',
    'bouquet_exploration_posterior_deviation{segment="DE:new"} 0.125',
    'bouquet_exploration_top_arm_probability{segment="all"} 0.5',
    'bouquet_exploration_top_arm_probability{segment="DE:new"} 0.75',
  ]);
  exploration.show({ arms: 0, meanDeviation: 0, topArmProbability: 0 }, new Map());
  expect(await series()).toEqual(['bouquet_exploration_arms{segment="all"} 0']);
});
