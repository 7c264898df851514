// Prints `N passed, N failed` from vitest's JSON reports; exits with 1 when a test failed, or when one report has none.
import { readFileSync } from 'node:fs';

let passed = 0;
let failed = 0;
let skipped = 0;
for (const file of process.argv.slice(2)) {
  try {
    const report = JSON.parse(readFileSync(file, 'utf8'));
    // A file that cannot be loaded has failed without a test to its name.
    const broken = report.testResults.filter(
      (suite) =>
        suite.status === 'failed' && suite.assertionResults.every((test) => test.status !== 'failed'),
    );
    passed += report.numPassedTests;
    skipped += report.numPendingTests + report.numTodoTests;
    failed += report.numFailedTests + broken.length + (report.numPassedTests === 0 ? 1 : 0);
  } catch {
    failed++;
  }
}
process.stdout.write(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
