#!/usr/bin/env node
"use strict";

// The command in both places: the one of the build in the installed package; in a clone one of the sources, made again when one
// of them has changed, so that what is edited there counts at once.

const { existsSync } = require("node:fs");
const { join } = require("node:path");

const { runCached } = require("./run-cached");

const root = join(__dirname, "..");
const sources = join(root, "cli");
if (existsSync(join(sources, "main.ts"))) {
  const { upToDate } = require("../scripts/cli-of-clone");
  runCached(upToDate(root), sources, require);
} else {
  const folder = join(root, "dist", "cli");
  runCached(join(folder, "main.js"), folder, require);
}
