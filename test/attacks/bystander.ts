import { performance } from 'node:perf_hooks';
import { atFixedRate } from './arrivals.ts';

export interface BystanderReport {
  readonly sent: number;
  /** Requests without a complete answer of data. */
  readonly failed: number;
  /** Milliseconds that each answer took, from the time at which its request should have been sent. */
  readonly latencies: readonly number[];
  /** What 99 of 100 of them took at most. */
  readonly p99Ms: number;
}

/** Milliseconds between two requests of the bystander. */
const intervalMs = 20;

/**
 * Sends a harmless query at a fixed rate while `attack` runs, and tells how it fared. What the server makes others wait
 * for counts, because latency is measured from the schedule and not from when a request could be sent. `isServed` sends one
 * and tells whether it was answered; absent: a query that finds nothing.
 */
export async function bystanderDuring(
  url: string,
  attack: () => Promise<unknown>,
  isServed: (url: string) => Promise<boolean> = isAnswered,
): Promise<BystanderReport> {
  const ended = new AbortController();
  const latencies: number[] = [];
  let failed = 0;
  const asking = atFixedRate(intervalMs, ended.signal, async (due) => {
    if (!(await isServed(url))) failed++;
    latencies.push(performance.now() - due);
  });
  try {
    await attack();
  } finally {
    ended.abort();
    await asking;
  }
  const sorted = latencies.toSorted((a, b) => a - b);
  const p99Ms = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * 0.99))] ?? 0;
  return { sent: sorted.length, failed, latencies, p99Ms };
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
