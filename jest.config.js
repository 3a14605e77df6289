"use strict";

const { availableParallelism } = require("node:os");

/** @type {import("jest").Config} */
module.exports = {
  // Only test/: the folder `constructs/` must never be found in place of the npm package of the same name, so no
  // `modulePaths` and no root at the repository's top.
  roots: ["<rootDir>/test"],
  testMatch: ["**/*.test.ts"],
  testEnvironment: "node",
  transform: {
    "\\.ts$": [
      "@swc/jest",
      {
        jsc: { target: "es2022", parser: { syntax: "typescript" } },
        module: { type: "commonjs" },
        sourceMaps: "inline",
      },
    ],
  },
  // Whatever a fork writes into config/ changes no test: what reads it sees the tests' own environments.
  moduleNameMapper: {
    "^(?:\\.\\./)+config(/\\w+)?$": "<rootDir>/test/support/environments$1",
  },
  // Requiring cdktf takes half a second in a cold worker, several times that on a busy machine.
  testTimeout: 30_000,
  maxWorkers: Math.max(2, Math.floor(availableParallelism() / 2)),
  restoreMocks: true,
  globalSetup: "<rootDir>/test/support/prepare-emulator.ts",
  reporters: ["default", "<rootDir>/test/support/reporter.cjs"],
};
