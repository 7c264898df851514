import { controlBytes } from './shared-square.ts';

const arrived = 0;
const round = 1;
const handedOut = 2;

/** Threads that work on one memory, step by step; its first bytes are theirs. */
export class ThreadTeam {
  readonly #control: Int32Array<SharedArrayBuffer>;
  readonly #members: number;

  constructor(buffer: SharedArrayBuffer, members: number) {
    this.#control = new Int32Array(buffer, 0, controlBytes / 4);
    this.#members = members;
  }

  /** Waits until every member is here; what was written before is seen by all after. Parts are handed out anew. */
  meet(): void {
    const current = Atomics.load(this.#control, round);
    if (Atomics.add(this.#control, arrived, 1) === this.#members - 1) {
      Atomics.store(this.#control, arrived, 0);
      Atomics.store(this.#control, handedOut, 0);
      Atomics.add(this.#control, round, 1);
      Atomics.notify(this.#control, round);
    }
    while (Atomics.load(this.#control, round) === current) Atomics.wait(this.#control, round, current);
  }

  /** The next part, 0 and up, that no other member took since all met; so a slower thread takes fewer. */
  takePart(): number {
    return Atomics.add(this.#control, handedOut, 1);
  }
}
