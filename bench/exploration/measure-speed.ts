import { fillSlots } from '../../subgraphs/feed/exploration/fill-slots.ts';
import { drawPosterior } from '../../subgraphs/feed/exploration/posterior-draws.ts';
import { placed, rules } from './slot-feed.ts';

const repeats = 400;

/** Milliseconds of processor time that the slots of a feed of 240 with 60 arms take. */
export interface Speed {
  readonly fill: readonly number[];
  /** Drawing all 60 posteriors, which a feed does only for arms that none has had since the posteriors were read. */
  readonly draw: readonly number[];
}

export function measureSpeed(): Speed {
  const candidates = (name: string, count: number) =>
    Array.from({ length: count }, (_, index) =>
      placed(`${name}-${index}`, `vendor-${(index * 7) % 60}`, `category-${index % 8}`),
    );
  const ranked = candidates('ranked', 240);
  const outside = candidates('outside', 60);
  const posteriorOf = (index: number) => ({ alpha: 1 + (index % 5), beta: 30 });
  const arms = outside.map((candidate, index) => ({
    candidate,
    draws: drawPosterior(posteriorOf(index), `speed ${index}`),
  }));
  const fill = timesOf(() => fillSlots(ranked, arms, rules, Math.random));
  const draw = timesOf((repeat) => {
    for (const index of outside.keys()) drawPosterior(posteriorOf(index), `${repeat} ${index}`);
  });
  return { fill, draw };
}

/** After as many repeats to warm up; processor time, so that what else the machine does is left out. */
function timesOf(work: (repeat: number) => unknown): number[] {
  for (let repeat = 0; repeat < repeats; repeat++) work(repeat);
  return Array.from({ length: repeats }, (_, repeat) => {
    const start = process.cpuUsage();
    work(repeats + repeat);
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1_000;
  });
}
