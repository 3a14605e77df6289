"use strict";

// Compiles the package into dist/ and copies the assets (local Helm charts) next to the constructs that read them,
// because `tsc` only emits what it compiles; bundles the command, with the licenses of the packages in it.
// dist/ is emptied first: nothing of a former build is ever published.

const { spawnSync } = require("node:child_process");
const { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");

const { bundle } = require("./cli-bundle");

const root = join(__dirname, "..");
const assets = join("constructs", "assets");

// npm makes the README's links absolute by the repository's address. Nobody but the publisher knows it.
if (process.env.npm_command === "publish") {
  const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const missing = ["repository", "homepage", "bugs"].filter((field) => manifest[field] === undefined);
  if (missing.length > 0) {
    console.error(
      `package.json: ${missing.join(", ")}: is missing, and the links of the README lead nowhere without it; set it with \`npm pkg set\``,
    );
    process.exit(1);
  }
}

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

const command = join(root, "dist", "cli");
mkdirSync(command);
writeFileSync(join(command, "LICENSES.txt"), bundle(root, join(command, "main.js")).map(license).join("\n"));

function license(folder) {
  const { name, version } = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));
  const file = readdirSync(join(root, folder)).find((candidate) => /^licen[cs]e/i.test(candidate));
  if (file === undefined)
    throw new Error(`${name}: has no license file, and the command cannot be published without it`);
  return `${name} ${version}\n\n${readFileSync(join(root, folder, file), "utf8").trim()}\n`;
}
