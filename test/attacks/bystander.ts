import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';

export interface BystanderReport {
  readonly sent: number;
  /** Requests without a complete answer of data. */
  readonly failed: number;
  /** Milliseconds that 99 of 100 answers took at most, from the time at which each should have been sent. */
  readonly p99Ms: number;
}

/** Milliseconds between two requests of the bystander. */
const intervalMs = 20;

/**
 * Sends a harmless query, or what `isServed` asks, at a fixed rate while `attack` runs, and tells how it fared. What the server makes others wait
 * for counts, because latency is measured from the schedule and not from when a request could be sent.
 */
export async function bystanderDuring(
  url: string,
  attack: () => Promise<unknown>,
  isServed: (url: string) => Promise<boolean> = isAnswered,
): Promise<BystanderReport> {
  const ended = new AbortController();
  const latencies: number[] = [];
  let failed = 0;
  const pending: Promise<void>[] = [];
  const ask = async (due: number): Promise<void> => {
    const answered = await isServed(url);
    if (!answered) failed++;
    latencies.push(performance.now() - due);
  };
  const send = async (): Promise<void> => {
    let due = performance.now();
    while (!ended.signal.aborted) {
      pending.push(ask(due));
      due += intervalMs;
      await sleep(Math.max(0, due - performance.now()));
    }
  };
  const sending = send();
  try {
    await attack();
  } finally {
    ended.abort();
    await sending;
    await Promise.all(pending);
  }
  const sorted = latencies.toSorted((a, b) => a - b);
  const p99Ms = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * 0.99))] ?? 0;
  return { sent: sorted.length, failed, p99Ms };
}

async function isAnswered(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-user-id': 'bystander' },
      body: JSON.stringify({ query: 'query Bystander { content(id: "nothing") { id title } }' }),
    });
    return response.status === 200 && (await response.text()) === '{"data":{"content":null}}';
  } catch {
    return false;
  }
}
