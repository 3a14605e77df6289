"use strict";

/**
 * Prints, as the last line of a test run, how many tests passed, failed and were skipped.
 *
 * A test file that could not be run at all counts as one failed test, so the line never says "0 failed" of a broken
 * run. A run in which no test ran is an error: an empty suite proves nothing.
 */
class SummaryLineReporter {
  onRunComplete(_contexts, results) {
    const passed = results.numPassedTests;
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    const skipped = results.numPendingTests + results.numTodoTests;
    this.ran = passed + failed;
    // Jest puts its own summary after every other reporter, so ours waits for the end of the process.
    process.once("exit", () => process.stdout.write(`${passed} passed, ${failed} failed, ${skipped} skipped\n`));
  }

  getLastError() {
    return this.ran === 0 ? new Error("no test ran; an empty test run is not a success") : undefined;
  }
}

module.exports = SummaryLineReporter;
