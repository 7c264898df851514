/**
 * Runs `main`, whose result is the exit code of the process. An option that parseArgs refuses ends it with 2 and with what
 * parseArgs says; whatever else is thrown goes on.
 */
export async function runScript(main: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await main();
  } catch (error) {
    const isUsage =
      error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
    if (!isUsage) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 2;
  }
}
