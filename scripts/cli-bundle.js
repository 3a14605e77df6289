"use strict";

// The command as one file: reading hundreds of files is half of what a short command costs.

const { buildSync } = require("esbuild");
const { createHash } = require("node:crypto");
const { writeFileSync } = require("node:fs");

/**
 * Bundles the command into a file, whose first line names its content.
 *
 * @returns Folders of the packages that are in it, from the root.
 */
exports.bundle = function bundle(root, outfile) {
  const { metafile, outputFiles } = buildSync({
    absWorkingDir: root,
    entryPoints: ["cli/main.ts"],
    bundle: true,
    platform: "node",
    target: "node20.9",
    // It finds its own files by their paths.
    external: ["jiti"],
    logLevel: "error",
    metafile: true,
    write: false,
  });
  const [{ contents, text }] = outputFiles;
  writeFileSync(outfile, `// ${createHash("sha256").update(contents).digest("hex")}\n${text}`);
  const folders = Object.keys(metafile.inputs).map((input) => /^(.*node_modules\/(@[^/]+\/)?[^/]+)\//.exec(input)?.[1]);
  return [...new Set(folders)].filter((folder) => folder !== undefined).sort();
};
