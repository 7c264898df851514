// Prints each failed test with its reason, and last `N passed, N failed`, from vitest's JSON reports; exits with 1 when
// a test failed, or when one report has none.
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';

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
    for (const suite of report.testResults) {
      for (const test of suite.assertionResults) {
        if (test.status === 'failed')
          print(`${relative('.', suite.name)}: ${test.fullName}`, test.failureMessages.join('\n'));
      }
    }
    for (const suite of broken) print(relative('.', suite.name), suite.message ?? '');
    failed += report.numFailedTests + broken.length + (report.numPassedTests === 0 ? 1 : 0);
  } catch {
    failed++;
  }
}

/** The reason's first lines, so that the summary stays short where much has failed. */
function print(test, reason) {
  process.stdout.write(`FAILED ${test}\n${reason.split('\n').slice(0, 12).join('\n')}\n\n`);
}

process.stdout.write(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
