import { performance } from 'node:perf_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';

/** How long synchronous work may hold the event loop, in ms. */
const sliceMs = 5;

/** Lets long synchronous work give way: ask `due` between steps, and await `pause` when it says so. */
export class TimeSlice {
  #start = performance.now();

  due(): boolean {
    return performance.now() - this.#start >= sliceMs;
  }

  /** Lets everything else that waits have a turn. */
  async pause(): Promise<void> {
    await nextTurn();
    this.#start = performance.now();
  }
}
