import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";

import { ROOT } from "./workspace";

/** What `npm pack` reads; a copy of it is packed, so that the project's own dist/ is not changed. */
const SOURCES = [
  "package.json",
  "README.md",
  "LICENSE",
  "tsconfig.json",
  "tsconfig.build.json",
  "bin",
  "scripts",
  "domain",
  "constructs",
  "library",
  "stacks",
  "cli",
  "docs",
];

/** What a command left behind. */
export interface Run {
  /** Exit code. */
  readonly status: number | null;
  /** Standard output. */
  readonly stdout: string;
  /** Standard error. */
  readonly stderr: string;
}

/** Runs a command to its end. */
export function run(command: string, args: readonly string[], cwd: string): Run {
  return spawnSync(command, args, { cwd, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
}

/** Runs a command that must succeed, and returns what it printed. */
export function assertRun(command: string, args: readonly string[], cwd: string): string {
  const { status, stdout, stderr } = run(command, args, cwd);
  if (status !== 0) throw new Error(`${command} ${args.join(" ")}: ${stderr}${stdout}`);
  return stdout;
}

/** Packs the project into a folder and returns the path of the tarball. */
export function packInto(folder: string): string {
  const project = join(folder, "project");
  for (const source of SOURCES) cpSync(join(ROOT, source), join(project, source), { recursive: true });
  symlinkSync(join(ROOT, "node_modules"), join(project, "node_modules"), "junction");
  assertRun("npm", ["pack", "--pack-destination", folder], project);
  const tarball = readdirSync(folder).find((file) => file.endsWith(".tgz"));
  if (tarball === undefined) throw new Error("npm pack made no tarball");
  return join(folder, tarball);
}

/** Unpacks the tarball into a consumer's `node_modules`, next to links to its dependencies and peers. */
export function unpackInto(consumer: string, tarball: string): void {
  const installed = join(consumer, "node_modules", "cdktf-retool");
  mkdirSync(installed, { recursive: true });
  assertRun("tar", ["-xzf", tarball, "--strip-components=1", "-C", installed], consumer);
  const { dependencies, peerDependencies } = JSON.parse(
    readFileSync(join(installed, "package.json"), "utf8"),
  ) as Record<"dependencies" | "peerDependencies", object>;
  for (const name of [...Object.keys(dependencies), ...Object.keys(peerDependencies), "@types/node"]) {
    const link = join(consumer, "node_modules", name);
    mkdirSync(dirname(link), { recursive: true });
    if (!existsSync(link)) symlinkSync(join(ROOT, "node_modules", name), link, "junction");
  }
}
