import { SingleBar } from 'cli-progress';

/** Shows how far an import is. One step runs at a time. */
export interface Display {
  /** Begins a step of `total` units, such as the bytes of a file. */
  begin(step: string, total: number): void;
  /** `done` of the step's units; `rows` so far, where the step has rows. */
  update(done: number, rows?: number): void;
  end(): void;
  /** A sentence between the steps or during one. */
  note(text: string): void;
}

type Output = Pick<NodeJS.WriteStream, 'write'> & { readonly isTTY?: boolean };

/** A bar on a terminal; elsewhere a plain line every few seconds, for logs. */
export function createDisplay(output: NodeJS.WriteStream): Display {
  return output.isTTY ? new BarDisplay(output) : new LineDisplay(output);
}

/** Shows nothing. */
export const silentDisplay: Display = {
  begin: () => undefined,
  update: () => undefined,
  end: () => undefined,
  note: () => undefined,
};

class BarDisplay implements Display {
  readonly #bar: SingleBar;
  readonly #output: Output;
  #start = 0;
  #notes: string[] = [];

  constructor(output: NodeJS.WriteStream) {
    this.#output = output;
    this.#bar = new SingleBar({
      stream: output,
      format: '{step} {bar} {percentage} %{counts} · {eta_formatted} left',
      hideCursor: true,
      fps: 8,
      etaBuffer: 100,
      barsize: 30,
      autopadding: false,
    });
  }

  begin(step: string, total: number): void {
    this.#start = performance.now();
    this.#bar.start(Math.max(total, 1), 0, { step: step.padEnd(12), counts: '' });
  }

  update(done: number, rows?: number): void {
    this.#bar.update(done, rows === undefined ? {} : { counts: ` · ${rateOf(rows, this.#start)}` });
  }

  end(): void {
    this.#bar.update(this.#bar.getTotal());
    this.#bar.stop();
    for (const text of this.#notes.splice(0)) this.#output.write(`${text}\n`);
  }

  note(text: string): void {
    if (this.#bar.isActive) this.#notes.push(text);
    else this.#output.write(`${text}\n`);
  }
}

const lineEveryMs = 5_000;

class LineDisplay implements Display {
  readonly #output: Output;
  #step = '';
  #total = 1;
  #start = 0;
  #lastLine = 0;
  #rows: number | undefined;

  constructor(output: Output) {
    this.#output = output;
  }

  begin(step: string, total: number): void {
    this.#step = step;
    this.#total = Math.max(total, 1);
    this.#rows = undefined;
    this.#start = performance.now();
    this.#lastLine = this.#start;
  }

  update(done: number, rows?: number): void {
    this.#rows = rows;
    const now = performance.now();
    if (now - this.#lastLine < lineEveryMs) return;
    this.#lastLine = now;
    const share = Math.min(100, Math.floor((done / this.#total) * 100));
    const counts = rows === undefined ? '' : `, ${rateOf(rows, this.#start)}`;
    this.note(`${this.#step}: ${share} %${counts}`);
  }

  end(): void {
    const seconds = ((performance.now() - this.#start) / 1000).toFixed(1);
    const counts = this.#rows === undefined ? '' : `, ${rateOf(this.#rows, this.#start)}`;
    this.note(`${this.#step}: done in ${seconds} s${counts}`);
  }

  note(text: string): void {
    this.#output.write(`${text}\n`);
  }
}

function rateOf(rows: number, start: number): string {
  const seconds = Math.max((performance.now() - start) / 1000, 0.001);
  return `${rows.toLocaleString('en')} rows, ${Math.round(rows / seconds).toLocaleString('en')} rows/s`;
}
