"use strict";

const { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } = require("node:fs");
const { join } = require("node:path");

/** What the command is made of; the lock file stands for the packages. */
const SOURCES = ["cli", "domain", "scripts/cli-bundle.js", "package-lock.json"];

/** Differs when a file is changed, added, removed or moved. */
function keyOf(root) {
  const paths = SOURCES.flatMap((source) => [join(root, source), ...below(join(root, source))]);
  const found = paths.map((path) => statSync(path));
  return [paths.length, ...["mtimeMs", "size"].map((field) => found.reduce((sum, stat) => sum + stat[field], 0))].join(
    "-",
  );
}

function below(path) {
  return statSync(path).isDirectory() ? readdirSync(path, { recursive: true }).map((name) => join(path, name)) : [];
}

/**
 * Path of the bundled command of a clone's sources; it is made where they have changed.
 *
 * @param {string} root - Root of the clone.
 */
exports.upToDate = function upToDate(root) {
  const folder = join(root, "node_modules", ".cache", "cdktf-retool");
  const key = keyOf(root);
  const file = join(folder, `${key}.js`);
  if (existsSync(file)) return file;
  mkdirSync(folder, { recursive: true });
  const unfinished = `${file}.${process.pid}`;
  try {
    require("./cli-bundle").bundle(root, unfinished);
  } catch {
    // esbuild has said where the source is wrong.
    process.exit(2);
  }
  renameSync(unfinished, file);
  for (const name of readdirSync(folder)) if (!name.startsWith(key)) rmSync(join(folder, name), { force: true });
  return file;
};
