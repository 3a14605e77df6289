import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join, relative } from "node:path";

import { type Environments, loadEnvironments, readConfiguration } from "./configuration";
import { Failure } from "./failure";
import { Interrupted } from "./interrupt";

/** Files of a configuration; other files of a project are not needed to read it. */
const NEEDED = /\.(ts|mts|cts|js|mjs|cjs|json)$/;

/**
 * Reads the environments as a commit has them.
 *
 * The sources of that commit are laid down below node_modules/.cache, so that what they import is found, and removed again.
 *
 * @param revision - A revision as git understands it, such as `HEAD` or `main~3`.
 */
export function environmentsAt(revision: string): Environments {
  const { root, file, environments } = readConfiguration(process.cwd());
  const commitOf = (name: string): string | undefined =>
    git(root, ["rev-parse", "--verify", "--quiet", "--end-of-options", `${name}^{commit}`]);
  const commit = commitOf(revision);
  if (commit === undefined) {
    const names = Object.keys(environments).join(", ");
    if (commitOf("HEAD") === undefined)
      throw new Failure(
        `--diff: ${revision} is not an environment, and ${root} is not in a git repository with a commit; use ${names}, or commit first`,
      );
    throw new Failure(
      `--diff: ${revision} is neither an environment nor a commit; use ${names}, or a commit such as HEAD`,
    );
  }
  const cache = join(root, "node_modules", ".cache");
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, "cdktf-retool-"));
  try {
    layDown(root, commit.trim(), folder);
    const path = join(folder, file);
    if (!existsSync(path)) throw new Failure(`--diff: ${revision} has no ${file}; name a later commit`);
    return loadEnvironments(path);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Writes the sources of a commit into a folder, as seen from the project's root. */
function layDown(root: string, commit: string, folder: string): void {
  const top = git(root, ["rev-parse", "--show-toplevel"])?.trim() ?? root;
  const below = relative(top, root);
  // A separate index: the one in which somebody prepares a commit stays as it is.
  const index = { GIT_INDEX_FILE: join(folder, "index") };
  git(top, ["read-tree", below === "" ? commit : `${commit}:${below}`], index);
  const files = git(top, ["ls-files", "-z"], index)?.split("\0") ?? [];
  const needed = files.filter((name) => NEEDED.test(name) && !name.startsWith("test/"));
  git(top, ["checkout-index", "-z", "--stdin", `--prefix=${folder}/`], index, needed.join("\0"));
}

function git(
  folder: string,
  args: readonly string[],
  variables: NodeJS.ProcessEnv = {},
  input = "",
): string | undefined {
  const { status, signal, stdout } = spawnSync("git", args, {
    ...{ cwd: folder, encoding: "utf8", input, maxBuffer: 2 ** 26 },
    env: { ...process.env, ...variables },
  });
  if (signal === "SIGINT") throw new Interrupted();
  return status === 0 ? stdout : undefined;
}
