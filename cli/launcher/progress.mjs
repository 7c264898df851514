/**
 * Runs `work` and shows every second on a terminal, every ten seconds elsewhere, how long it has taken and how far it
 * is. Returns what `work` returns.
 * @template T
 * @param {() => string} howFar
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withHeartbeat(howFar, work) {
  const terminal = process.stderr.isTTY;
  const started = Date.now();
  const beat = () => {
    const line = `bouquet: ${Math.round((Date.now() - started) / 1000)} s, ${howFar()}`;
    process.stderr.write(terminal ? `\r${line}\u001B[K` : `${line}\n`);
  };
  const timer = setInterval(beat, terminal ? 1_000 : 10_000);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    if (terminal) process.stderr.write('\r\u001B[K');
  }
}
