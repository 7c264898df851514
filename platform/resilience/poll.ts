/**
 * Calls `look` every `intervalMs`, give or take a tenth, each time after the last call has ended; returns what ends it. It
 * keeps no process alive. `look` never rejects.
 */
export function poll(intervalMs: number, look: () => Promise<void>): () => void {
  let timer: NodeJS.Timeout | undefined;
  let ended = false;
  const schedule = (): void => {
    if (ended) return;
    // Processes that start together shall not ask together for ever.
    timer = setTimeout(() => void look().finally(schedule), intervalMs * (0.9 + Math.random() * 0.2));
    timer.unref();
  };
  schedule();
  return () => {
    ended = true;
    clearTimeout(timer);
  };
}
