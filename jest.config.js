"use strict";

const { availableParallelism } = require("node:os");

/** What needs the AWS emulator, a Kubernetes API server or programs that are installed on demand. */
const EMULATOR = [
  "test/emulator/**",
  "test/kubernetes/**",
  "test/terraform/**",
  "test/local/emulator.test.ts",
  "test/local/suricata-parser.test.ts",
];

/** What compiles, packs or runs the project as its users do, and so takes longer than all the rest. */
const SLOW = [
  "test/architecture.test.ts",
  "test/cli/commands.test.ts",
  "test/cli/egress.test.ts",
  "test/cli/interrupt.test.ts",
  "test/cli/plan.test.ts",
  "test/cli/program.test.ts",
  "test/cli/upgrade.test.ts",
  "test/config-edits.test.ts",
  "test/domain/permissions/permissions.test.ts",
  "test/examples.test.ts",
  "test/guide-permissions.test.ts",
  "test/main.test.ts",
  "test/package.test.ts",
  "test/readme.test.ts",
  "test/recipes-synthesized.test.ts",
];
const END_TO_END = ["test/end-to-end/**"];

/** @type {import("jest").Config} */
const common = {
  rootDir: __dirname,
  // Only test/: the folder `constructs/` must never be found in place of the npm package of the same name, so no
  // `modulePaths` and no root at the repository's top.
  roots: ["<rootDir>/test"],
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
  // What a fork writes into config/ changes no test: what reads it sees the tests' own environments.
  moduleNameMapper: {
    "^(?:\\.\\./)+config(/\\w+)?$": "<rootDir>/test/support/environments$1",
    // An import at run time names the compiled file.
    "^(\\./[\\w/-]+)\\.js$": "$1",
  },
  // As in main.ts: half of a synthesis is stack traces that nobody reads.
  setupFiles: ["<rootDir>/stacks/cheap-stack-traces.ts"],
  restoreMocks: true,
};

const filesOf = (paths) => paths.map((path) => `**/${path.endsWith("/**") ? `${path}/*.test.ts` : path}`);

/** @type {import("jest").Config} */
module.exports = {
  projects: [
    {
      ...common,
      displayName: "fast",
      testMatch: ["**/*.test.ts", ...filesOf([...EMULATOR, ...SLOW, ...END_TO_END]).map((path) => `!${path}`)],
    },
    { ...common, displayName: "slow", testMatch: filesOf(SLOW) },
    ...Object.entries({ "end-to-end": END_TO_END, emulator: EMULATOR }).map(([displayName, paths]) => ({
      ...common,
      displayName,
      testMatch: filesOf(paths),
      globalSetup: "<rootDir>/test/support/prepare-emulator.ts",
    })),
  ],
  // Requiring cdktf takes half a second in a cold worker, several times that on a busy machine.
  testTimeout: 60_000,
  // Tests on the emulator mostly wait, as Terraform does for AWS: package.json runs four of those files at once.
  maxWorkers: Math.max(2, Math.floor(availableParallelism() / 2)),
  reporters: ["default", "<rootDir>/test/support/reporter.cjs"],
};
