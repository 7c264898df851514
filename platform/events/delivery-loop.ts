import type { Logger } from '../logging/logger.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import type { EventType } from './contracts.ts';
import type { WakeSignal } from './wake-signal.ts';

/** How long a loop rests, give or take a quarter, so that processes do not move in step. */
export interface Rest {
  readonly ms: number;
  /** Whether a wake-up cuts it short. */
  readonly wakeable: boolean;
}

/** The first rest while an event is held back, since the end of the transaction that does it may wake nobody. */
const heldBackRestMs = 10;

/** The rest after `passes` in a row that saw an event held back: twice as long each time, up to the poll. */
export function restWhileHeldBack(passes: number, pollMs: number): Rest {
  return { ms: Math.min(pollMs, heldBackRestMs * 2 ** passes), wakeable: true };
}

/** What runs consumers is built from. */
export interface RunnerOptions {
  readonly logger: Logger;
  readonly telemetry?: Telemetry | undefined;
  /** Milliseconds between two looks at the outbox where nothing wakes the process. */
  readonly pollMs?: number | undefined;
  readonly wake: WakeSignal;
}

/** Runs `pass` again and again until stopped, at once where it returns null, else after the rest that it returns. */
export class DeliveryLoop {
  readonly #pass: () => Promise<Rest | null>;
  readonly #wake: WakeSignal;
  readonly #types: readonly EventType[];
  #running: Promise<void> = Promise.resolve();
  #stopping = false;
  /** A wake-up came after the pass in hand had begun, which may have looked too early. */
  #woken = false;
  #endRest: ((reason: 'woken' | 'stopped') => void) | null = null;

  /** Woken by events of `types`. `pass` must not throw. */
  constructor(wake: WakeSignal, types: readonly EventType[], pass: () => Promise<Rest | null>) {
    this.#wake = wake;
    this.#types = types;
    this.#pass = pass;
  }

  start(): void {
    this.#running = this.#run();
  }

  /** Ends after the pass in hand. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#endRest?.('stopped');
    await this.#running;
  }

  async #run(): Promise<void> {
    const unsubscribe = this.#wake.subscribe(this.#types, () => {
      this.#woken = true;
      this.#endRest?.('woken');
    });
    while (!this.#stopping) {
      this.#woken = false;
      const rest = await this.#pass();
      if (rest !== null) await this.#rest(rest);
    }
    unsubscribe();
  }

  async #rest({ ms, wakeable }: Rest): Promise<void> {
    if (this.#stopping || (wakeable && this.#woken)) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, ms * (0.75 + Math.random() / 2));
    this.#endRest = (reason) => {
      if (wakeable || reason === 'stopped') resolve();
    };
    await promise;
    clearTimeout(timer);
    this.#endRest = null;
  }
}
