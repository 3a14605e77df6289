"use strict";

// Compiling is half of what a short command costs, so V8's code is kept in a file next to the program. Node.js has
// `module.enableCompileCache` for this only since 22.1.

const { createHash } = require("node:crypto");
const { readFileSync, renameSync, writeFileSync } = require("node:fs");
const { wrap } = require("node:module");
const { cachedDataVersionTag } = require("node:v8");
const { Script } = require("node:vm");

const DIGEST_BYTES = 32;

function digest(data) {
  return createHash("sha256").update(data).digest();
}

/** V8 compares only a header, and crashes on code that was damaged on the disk; so a digest comes first. */
function read(file) {
  try {
    const kept = readFileSync(file);
    const data = kept.subarray(DIGEST_BYTES);
    return digest(data).equals(kept.subarray(0, DIGEST_BYTES)) ? data : undefined;
  } catch {
    return undefined;
  }
}

/** Where the code is kept is the package's own folder: a cache that others can write would be a way to run their code. */
function keep(file, script) {
  const unfinished = `${file}.${process.pid}`;
  try {
    const data = script.createCachedData();
    writeFileSync(unfinished, Buffer.concat([digest(data), data]));
    renameSync(unfinished, file);
  } catch {
    // The folder cannot be written to, or the disk is full: the next start compiles again.
  }
}

/**
 * Runs a CommonJS file.
 *
 * Its first line is a comment that differs when the content does: V8 itself compares only the length. Each command has its own
 * cache, since V8 keeps the functions that ran, and so has each version of V8 with its flags.
 *
 * @param {string} file - Path of the file, which exports `hasEnded`: what ends early has not run most of its functions.
 * @param {string} folder - What the file finds as its `__dirname`.
 * @param {NodeJS.Require} require - Finds what the file requires.
 */
exports.runCached = function runCached(file, folder, require) {
  const source = readFileSync(file, "latin1");
  const [, content] = /^\/\/ (\w+)\n/.exec(source);
  const command = /^[a-z-]+$/.exec(process.argv[2] ?? "") ?? "none";
  const cache = `${file}.${content}.${command}.${cachedDataVersionTag()}.cache`;
  const cachedData = read(cache);
  const script = new Script(wrap(source), { filename: file, cachedData });
  const module = { exports: {} };
  if (cachedData === undefined || script.cachedDataRejected) {
    process.on("exit", () => {
      if (module.exports.hasEnded?.()) keep(cache, script);
    });
  }
  script.runInThisContext().call(module.exports, module.exports, require, module, file, folder);
};
