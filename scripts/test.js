"use strict";

// Runs the tests of chosen projects of jest.config.js: `node scripts/test.js fast,slow [--slow] [jest's own arguments]`.
// `--slow` prints the ten slowest test files; jest refuses flags that it does not know, so it is taken out here.

const { spawnSync } = require("node:child_process");

const [projects = "", ...given] = process.argv.slice(2);
const { status } = spawnSync(
  process.execPath,
  [
    require.resolve("jest/bin/jest"),
    ...given.filter((argument) => argument !== "--slow"),
    // Last, because it takes every word after it.
    "--selectProjects",
    ...projects.split(","),
  ],
  { stdio: "inherit", env: { ...process.env, RETOOL_TESTS_SLOWEST: given.includes("--slow") ? "10" : "0" } },
);
process.exitCode = status ?? 1;
