/** A terminal's Ctrl-C may reach the process twice, from the terminal and from npm. */
const sameKeyPressMs = 1_000;

/**
 * Resolves when the process is told to end (SIGINT, SIGTERM). Told again a second later or more, it ends at once
 * with the signal's usual exit code.
 */
export function untilToldToEnd(): Promise<void> {
  return new Promise((resolve) => {
    let toldAt: number | null = null;
    const onSignal = (signal: 'SIGINT' | 'SIGTERM'): void => {
      if (toldAt !== null && performance.now() - toldAt > sameKeyPressMs) {
        process.exit(signal === 'SIGINT' ? 130 : 143);
      }
      toldAt ??= performance.now();
      resolve();
    };
    process.on('SIGINT', onSignal);
    process.on('SIGTERM', onSignal);
  });
}
