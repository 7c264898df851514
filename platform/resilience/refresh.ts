import { poll } from './poll.ts';

export interface RefreshOptions {
  /** ms from the end of one load to the next, give or take a tenth. */
  readonly everyMs: number;
  /** Hears what a load threw; what is in memory stays as it was, and is loaded again at the next turn. */
  readonly onFailure: (error: unknown) => void;
}

/** Loads what is kept in memory, at the start and from then on. It keeps no process alive. */
export class Refresh {
  readonly #load: () => Promise<void>;
  readonly #options: RefreshOptions;
  #loading: Promise<void> = Promise.resolve();
  #isWanted = false;
  #end: (() => void) | null = null;

  constructor(load: () => Promise<void>, options: RefreshOptions) {
    this.#load = load;
    this.#options = options;
  }

  /** Returns once the first load has ended, well or not. */
  async start(): Promise<void> {
    this.#isWanted = true;
    await this.#tryToLoad();
    if (this.#isWanted) this.#end ??= poll(this.#options.everyMs, () => this.#tryToLoad());
  }

  /** Returns once nothing is loading any more. */
  async stop(): Promise<void> {
    this.#isWanted = false;
    this.#end?.();
    this.#end = null;
    await this.#loading;
  }

  #tryToLoad(): Promise<void> {
    this.#loading = this.#load().catch(this.#options.onFailure);
    return this.#loading;
  }
}
