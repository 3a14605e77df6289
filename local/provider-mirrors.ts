import { existsSync, readdirSync, statSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { satisfies } from "semver";

import { versions } from "../domain/versions/pins";

/** Host of the registry whose folder a mirror holds: Terraform reads `hashicorp/aws` as `registry.terraform.io/hashicorp/aws`. */
export const REGISTRY_HOST = "registry.terraform.io";

/** A folder that Terraform can install providers from. */
export interface ProviderMirror {
  /** The folder that holds a folder named like the registry's host. */
  readonly folder: string;
  /** What it holds for this machine. */
  readonly providers: readonly MirroredProvider[];
}

/** One version of a provider in a mirror. */
export interface MirroredProvider {
  /** Address, such as `registry.terraform.io/hashicorp/aws`. */
  readonly address: string;
  /** Version, such as `5.100.0`. */
  readonly version: string;
}

const SYSTEMS: Readonly<Partial<Record<NodeJS.Platform, string>>> = { win32: "windows" };
const MACHINES: Readonly<Record<string, string>> = { x64: "amd64", ia32: "386" };

/** This machine as providers name it, such as `linux_amd64`. */
const TARGET = `${SYSTEMS[process.platform] ?? process.platform}_${MACHINES[process.arch] ?? process.arch}`;

/**
 * What a folder holds for this machine, in either of Terraform's layouts, with hosts of registries at the top:
 * `HOST/NAMESPACE/TYPE/VERSION/TARGET/` (unpacked) and `HOST/NAMESPACE/TYPE/terraform-provider-TYPE_VERSION_TARGET.zip` (packed).
 *
 * Source: https://developer.hashicorp.com/terraform/cli/config/config-file#filesystem_mirror.
 */
export function mirrorIn(folder: string): ProviderMirror {
  const types = childrenOf(folder).flatMap((host) =>
    childrenOf(folder, host).flatMap((namespace) =>
      childrenOf(folder, host, namespace).map((type) => [host, namespace, type] as const),
    ),
  );
  const providers = types.flatMap((path) => {
    const zip = new RegExp(`^terraform-provider-${path[2]}_(.+)_${TARGET}\\.zip$`);
    return childrenOf(folder, ...path).flatMap((entry) => {
      const version = zip.exec(entry)?.[1] ?? (existsSync(join(folder, ...path, entry, TARGET)) ? entry : undefined);
      return version === undefined ? [] : [{ address: path.join("/"), version }];
    });
  });
  return { folder, providers };
}

/** Whether mirrors hold a version of the AWS provider that the stacks admit: without it nothing can be planned. */
export function holdAws(mirrors: readonly ProviderMirror[]): boolean {
  const { source, version: range } = versions.providers.aws;
  return mirrors.some(({ providers }) =>
    providers.some(
      ({ address, version }) =>
        address === `${REGISTRY_HOST}/${source}` && satisfies(version, range.replaceAll(",", " ")),
    ),
  );
}

/** The first of some variables that is set and not empty. */
export function variable(env: NodeJS.ProcessEnv, ...names: readonly string[]): string | undefined {
  return names.map((name) => env[name]).find((value) => value !== undefined && value !== "");
}

/** The user's home folder. */
export function homeOf(env: NodeJS.ProcessEnv): string {
  return variable(env, "HOME") ?? homedir();
}

/**
 * Folders that Terraform looks into without being told.
 *
 * Source: https://developer.hashicorp.com/terraform/cli/config/config-file#implied-local-mirror-directories.
 */
export function impliedFolders(env: NodeJS.ProcessEnv, platform: NodeJS.Platform = process.platform): string[] {
  const home = homeOf(env);
  if (platform === "win32") {
    const data = variable(env, "APPDATA") ?? join(home, "AppData", "Roaming");
    return [join(data, "terraform.d", "plugins"), join(data, "HashiCorp", "Terraform", "plugins")];
  }
  const own = join(home, ".terraform.d", "plugins");
  if (platform === "darwin") {
    const support = join("Library", "Application Support", "io.terraform", "plugins");
    return [own, join(home, support), join("/", support)];
  }
  const dataHome = variable(env, "XDG_DATA_HOME") ?? join(home, ".local", "share");
  const shared = (variable(env, "XDG_DATA_DIRS") ?? ["/usr/local/share", "/usr/share"].join(delimiter)).split(
    delimiter,
  );
  return [own, ...[dataHome, ...shared].map((folder) => join(folder, "terraform", "plugins"))];
}

/** Folders that hold no mirror, or one that cannot be installed from. */
const SKIPPED = new Set(["proc", "sys", "dev", "node_modules", ".terraform", "plugin-cache", ".git", "cdktf.out"]);

/** Levels below a root on which the registry's folder is looked for. */
const LEVELS = 4;

/**
 * Looks below folders for mirrors that belong to this user or to the system, the ones nearest to a root first.
 *
 * A folder of another user, or one that everybody may write to, is passed over: what is installed from it is executed.
 *
 * @param milliseconds - After this time what was found so far is all.
 */
export async function searchMirrors(roots: readonly string[], milliseconds: number): Promise<ProviderMirror[]> {
  const found = new Set<string>();
  const deadline = Date.now() + milliseconds;
  const search = async (): Promise<void> => {
    let level: readonly string[] = [...new Set(roots)];
    for (let depth = 0; depth < LEVELS && Date.now() < deadline; depth += 1) {
      const below = await Promise.all(level.map(foldersIn));
      for (const [index, names] of below.entries()) {
        if (names.includes(REGISTRY_HOST)) found.add(level[index] ?? "");
      }
      level = level.flatMap((folder, index) =>
        (below[index] ?? []).filter((name) => name !== REGISTRY_HOST).map((name) => join(folder, name)),
      );
    }
  };
  await Promise.race([search(), sleep(milliseconds, undefined, { ref: false })]);
  return [...found]
    .filter((folder) => isTrusted(join(folder, REGISTRY_HOST)))
    .map(mirrorIn)
    .filter(({ providers }) => providers.length > 0);
}

async function foldersIn(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isDirectory() && !SKIPPED.has(entry.name))
      .map(({ name }) => name)
      .sort();
  } catch {
    // It may not be read, or has gone meanwhile.
    return [];
  }
}

const WRITABLE_BY_ALL = 0o002;

function isTrusted(folder: string): boolean {
  const { uid, mode } = statSync(folder);
  return [0, process.getuid?.() ?? uid].includes(uid) && (mode & WRITABLE_BY_ALL) === 0;
}

function childrenOf(...path: readonly string[]): string[] {
  const folder = join(...path);
  try {
    return readdirSync(folder).sort();
  } catch {
    // A file, or nothing at all.
    return [];
  }
}
