#!/usr/bin/env node
"use strict";

// The command in both places: the compiled files in the installed package, the sources in a clone, so that what is edited there
// counts at once.

const { existsSync } = require("node:fs");
const { join } = require("node:path");

const source = join(__dirname, "..", "cli", "main.ts");
if (existsSync(source)) {
  require("tsx/cjs");
  require(source);
} else {
  require("../dist/cli/main.js");
}
