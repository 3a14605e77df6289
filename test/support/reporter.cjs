"use strict";

const { relative } = require("node:path");

/**
 * Prints, as the last line of a test run, how many tests passed, failed and were skipped; before it, the slowest test files
 * where `RETOOL_TESTS_SLOWEST` says how many.
 *
 * A test file that could not be run at all counts as one failed test, so the line never says "0 failed" of a broken
 * run. A run in which no test ran is an error: an empty suite proves nothing.
 */
class SummaryLineReporter {
  constructor({ rootDir }) {
    this.rootDir = rootDir;
  }

  onRunComplete(_contexts, results) {
    const passed = results.numPassedTests;
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    const skipped = results.numPendingTests + results.numTodoTests;
    const slowest = this.slowest(results.testResults, Number(process.env.RETOOL_TESTS_SLOWEST ?? 0));
    this.ran = passed + failed;
    // Jest puts its own summary after every other reporter, so ours waits for the end of the process.
    process.once("exit", () =>
      process.stdout.write([...slowest, `${passed} passed, ${failed} failed, ${skipped} skipped`, ""].join("\n")),
    );
  }

  slowest(files, count) {
    return files
      .map(({ testFilePath, perfStats: { runtime } }) => ({ path: relative(this.rootDir, testFilePath), runtime }))
      .sort((left, right) => right.runtime - left.runtime)
      .slice(0, count)
      .map(({ path, runtime }) => `${(runtime / 1000).toFixed(1).padStart(7)} s  ${path}`);
  }

  getLastError() {
    return this.ran === 0 ? new Error("no test ran; an empty test run is not a success") : undefined;
  }
}

module.exports = SummaryLineReporter;
