"use strict";

// Compiles the package into dist/ and copies the assets (local Helm charts) next to the constructs that read them,
// because `tsc` only emits what it compiles. dist/ is emptied first: nothing of a former build is ever published.

const { spawnSync } = require("node:child_process");
const { cpSync, existsSync, rmSync } = require("node:fs");
const { join } = require("node:path");

const root = join(__dirname, "..");
const assets = join("constructs", "assets");

rmSync(join(root, "dist"), { recursive: true, force: true });
const { status } = spawnSync(process.execPath, [require.resolve("typescript/bin/tsc"), "-p", "tsconfig.build.json"], {
  cwd: root,
  stdio: "inherit",
});
if (status !== 0) {
  process.exit(1);
}
if (existsSync(join(root, assets))) {
  cpSync(join(root, assets), join(root, "dist", assets), { recursive: true });
}
