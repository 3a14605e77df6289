"use strict";

const { createHash } = require("node:crypto");
const {
  accessSync,
  constants,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} = require("node:fs");
const { tmpdir } = require("node:os");
const { dirname, join } = require("node:path");

/** What the command is made of; the lock file stands for the packages. */
const SOURCES = ["cli", "domain", "scripts/cli-bundle.js", "package-lock.json"];

const HOUR_MS = 3_600_000;

/** File in a folder of bundles that names the clone it is for. */
const ROOT = "root";

/** Links are not followed: editors leave some that lead nowhere. A file can also be gone since its folder was read. */
function statOf(path) {
  return lstatSync(path, { throwIfNoEntry: false });
}

/** Differs when a file is changed, added, removed or moved. */
function keyOf(root) {
  const paths = SOURCES.flatMap((source) => [join(root, source), ...below(join(root, source))]);
  const found = paths.map(statOf).filter((stat) => stat !== undefined);
  return [found.length, ...["mtimeMs", "size"].map((field) => found.reduce((sum, stat) => sum + stat[field], 0))].join(
    "-",
  );
}

function below(path) {
  return statOf(path)?.isDirectory() ? readdirSync(path, { recursive: true }).map((name) => join(path, name)) : [];
}

/** Worktrees that share node_modules differ in their roots. */
function folderOf(root) {
  const hash = createHash("sha256").update(root).digest("hex").slice(0, 8);
  return join(root, "node_modules", ".cache", `cdktf-retool-${hash}`);
}

/** The folder, or, where it cannot be written to, a folder for this run that only this user can open. */
function writable(folder) {
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
    return folder;
  } catch {
    const ours = mkdtempSync(join(tmpdir(), "cdktf-retool-"));
    process.on("exit", () => rmSync(ours, { recursive: true, force: true }));
    return ours;
  }
}

/** Another process may be about to read what is not old; on Windows what is open stays. */
function removeOld(folder, key) {
  for (const name of readdirSync(folder).filter((other) => other !== ROOT && !other.startsWith(`${key}.`))) {
    const path = join(folder, name);
    try {
      if (Date.now() - lstatSync(path).mtimeMs > HOUR_MS) rmSync(path);
    } catch {
      // The next bundle tries again.
    }
  }
}

/** Bundles of clones that are gone: nobody will ask for them again. */
function removeAbandoned(cache) {
  for (const name of readdirSync(cache).filter((other) => /^cdktf-retool-\w+$/.test(other))) {
    const folder = join(cache, name);
    try {
      if (!existsSync(readFileSync(join(folder, ROOT), "utf8"))) rmSync(folder, { recursive: true });
    } catch {
      // The next bundle tries again.
    }
  }
}

function bundled(root, wanted, key) {
  const folder = writable(wanted);
  writeFileSync(join(folder, ROOT), root);
  const file = join(folder, `${key}.js`);
  const unfinished = `${file}.${process.pid}`;
  require("./cli-bundle").bundle(root, unfinished);
  renameSync(unfinished, file);
  removeOld(folder, key);
  if (folder === wanted) removeAbandoned(dirname(folder));
  return file;
}

/** One line for what kept the bundle from being made. */
function problemOf({ code, message, path, syscall = "spawn" }, folder) {
  if (!syscall.startsWith("spawn")) {
    return `${path === undefined ? folder : dirname(path)}: cannot be written to (${code}); free space on its disk, or permit it`;
  }
  return `cli/main.ts: cannot be bundled: ${message.split("\n")[0]}; run npm ci`;
}

/**
 * Path of the bundled command of a clone's sources; it is made where they have changed.
 *
 * @param {string} root - Root of the clone.
 */
exports.upToDate = function upToDate(root) {
  const [folder, key] = [folderOf(root), keyOf(root)];
  const file = join(folder, `${key}.js`);
  if (existsSync(file)) return file;
  try {
    return bundled(root, folder, key);
  } catch (error) {
    // With errors, esbuild itself has said where the source is wrong.
    if (error.errors === undefined) process.stderr.write(`${problemOf(error, folder)}\n`);
    process.exit(2);
  }
};
