import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync, utimesSync } from "node:fs";
import { join } from "node:path";

import { type Environments, loadEnvironments, readConfiguration } from "./configuration";
import { Failure } from "./failure";
import { Interrupted } from "./interrupt";

/** Files of a configuration; other files of a project are not needed to read it. */
const NEEDED = /\.(ts|mts|cts|js|mjs|cjs|json)$/;

/** How long after its last use the copy of a commit stays, for those who compare with it again and again. */
const KEPT_MS = 3_600_000;

/**
 * Reads the environments as a commit has them.
 *
 * The sources of that commit are laid down below node_modules/.cache, so that what they import is found, and stay there for the
 * next time with what was compiled of them.
 *
 * @param revision - A revision as git understands it, such as `HEAD` or `main~3`.
 */
export function environmentsAt(revision: string): Environments {
  const { root, file, environments } = readConfiguration(process.cwd());
  const revisionOf = (name: string): string | undefined =>
    tryGit(root, ["rev-parse", "--verify", "--quiet", "--end-of-options", name]).stdout?.trim();
  const tree = revisionOf(`${revision}^{commit}:./`);
  if (tree === undefined) {
    if (revisionOf(`${revision}^{commit}`) !== undefined) throw withoutFile(revision, file);
    const names = Object.keys(environments).join(", ");
    if (revisionOf("HEAD") === undefined)
      throw new Failure(
        `--diff: ${revision} is not an environment, and ${root} is not in a git repository with a commit; use ${names}, or commit first`,
      );
    throw new Failure(
      `--diff: ${revision} is neither an environment nor a commit; use ${names}, or a commit such as HEAD`,
    );
  }
  const folder = laidDown(root, tree);
  const path = join(folder, file);
  if (!existsSync(path)) throw withoutFile(revision, file);
  try {
    return loadEnvironments(path, join(folder, "compiled"));
  } catch (error) {
    // Only a part of the repository was laid down, and it may import from the rest.
    const below = git(root, ["rev-parse", "--show-prefix"]).trim();
    if (below === "") throw error;
    const whole = laidDown(root, git(root, ["rev-parse", `${revision}^{tree}`]).trim());
    return loadEnvironments(join(whole, below, file), join(whole, "compiled"));
  }
}

function withoutFile(revision: string, file: string): Failure {
  return new Failure(`--diff: ${revision} has no ${file}; name a later commit`);
}

/** The folder with the sources of a tree; another process sees it complete or not at all. */
function laidDown(root: string, tree: string): string {
  const copies = join(root, "node_modules", ".cache", "cdktf-retool-commits");
  const folder = join(copies, tree);
  const now = new Date();
  if (existsSync(folder)) {
    utimesSync(folder, now, now);
    return folder;
  }
  mkdirSync(copies, { recursive: true });
  for (const old of readdirSync(copies).map((name) => join(copies, name))) {
    // Another process may remove it at the same time.
    const lastUse = statSync(old, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    if (now.getTime() - lastUse > KEPT_MS) rmSync(old, { recursive: true, force: true });
  }
  const unfinished = mkdtempSync(join(copies, "unfinished-"));
  try {
    layDown(root, tree, unfinished);
    renameSync(unfinished, folder);
  } catch (error) {
    // Another process may have been faster.
    if (!existsSync(folder)) throw error;
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
  return folder;
}

/** Writes the sources of a tree into a folder. */
function layDown(root: string, tree: string, folder: string): void {
  // A separate index: the one in which somebody prepares a commit stays as it is.
  const index = { GIT_INDEX_FILE: join(folder, "index") };
  const top = git(root, ["rev-parse", "--show-toplevel"]).trim();
  git(top, ["read-tree", tree], index);
  const files = git(top, ["ls-files", "-z"], index).split("\0");
  const needed = files.filter((name) => NEEDED.test(name) && !name.startsWith("test/"));
  git(top, ["checkout-index", "-z", "--stdin", `--prefix=${folder}/`], index, needed.join("\0"));
}

function git(...call: Parameters<typeof tryGit>): string {
  const { stdout, stderr } = tryGit(...call);
  if (stdout !== undefined) return stdout;
  const [reason = ""] = stderr.trim().split("\n");
  throw new Failure(`--diff: git ${call[1][0]}: ${reason}; correct it, or compare with another commit`);
}

function tryGit(
  folder: string,
  args: readonly string[],
  variables: NodeJS.ProcessEnv = {},
  input = "",
): { readonly stdout: string | undefined; readonly stderr: string } {
  const { status, signal, stdout, stderr } = spawnSync("git", args, {
    ...{ cwd: folder, encoding: "utf8", input, maxBuffer: 2 ** 26 },
    env: { ...process.env, ...variables },
  });
  if (signal === "SIGINT") throw new Interrupted();
  return { stdout: status === 0 ? stdout : undefined, stderr };
}
