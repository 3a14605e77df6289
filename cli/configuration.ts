import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

import { createJiti } from "jiti";

import type { EnvironmentSpec } from "../domain/environment/spec";
import { Failure } from "./failure";

/** Where a project keeps its environments, from the project's root; the first that is there counts. */
export const CONFIGURATION_FILES = ["cdktf-retool.config.ts", join("config", "index.ts")] as const;

/** Environments by name. */
export type Environments = Readonly<Record<string, EnvironmentSpec>>;

/** The environments of a project. */
export interface Configuration {
  /** Root of the project. */
  readonly root: string;
  /** File that holds the environments, from the root. */
  readonly file: string;
  /** Environments by name, which is also the name of the stack. */
  readonly environments: Environments;
}

/**
 * Reads the environments of the project that a folder belongs to.
 *
 * The file exports them as `environments` or by default; TypeScript is loaded by jiti.
 *
 * @param folder - A folder of the project.
 * @throws {@link Failure} where there is no such file, or where it cannot be loaded.
 */
export function readConfiguration(folder: string): Configuration {
  const found = findConfiguration(folder);
  if (found === undefined) {
    throw new Failure(
      `${folder}: neither this folder nor a parent contains ${CONFIGURATION_FILES.join(" or ")}; run the command inside a project, or export the environments from cdktf-retool.config.ts`,
    );
  }
  return { ...found, environments: loadEnvironments(join(found.root, found.file)) };
}

/** Root of the project that the folder of the command belongs to; that folder itself where it belongs to none. */
export function projectRoot(): string {
  return findConfiguration(process.cwd())?.root ?? process.cwd();
}

function findConfiguration(folder: string): Pick<Configuration, "root" | "file"> | undefined {
  const file = CONFIGURATION_FILES.find((candidate) => existsSync(join(folder, candidate)));
  if (file !== undefined) return { root: folder, file };
  const above = dirname(folder);
  return above === folder ? undefined : findConfiguration(above);
}

/**
 * Loads a file of environments.
 *
 * @param path - The file.
 * @param compiled - Folder that keeps what was compiled; the project's, where it is left out.
 */
export function loadEnvironments(path: string, compiled?: string): Environments {
  const loaded = load(path, compiled ?? cacheOf(dirname(path)));
  const environments = loaded["environments"] ?? loaded["default"];
  if (isEnvironments(environments)) return environments;
  throw new Failure(
    `${path}: exports no environments; add \`export const environments = { prod }\`, with the stack's name as the key`,
  );
}

function load(path: string, fsCache: string | false): Readonly<Record<string, unknown>> {
  try {
    // Without interop `default` stays what the file exports by that name.
    return createJiti(path, { interopDefault: false, fsCache })(path) as Readonly<Record<string, unknown>>;
  } catch (error) {
    const [reason = "unknown"] = String(error instanceof Error ? error.message : error).split("\n");
    throw new Failure(`${placeOf(error) ?? path}: cannot be loaded: ${reason.trim()}; correct the file`);
  }
}

/** Where jiti keeps compiled files: among the project's own, since its default folder for all users would let others write them. */
function cacheOf(folder: string): string | false {
  const packages = join(folder, "node_modules");
  if (existsSync(packages)) return join(packages, ".cache", "jiti");
  return dirname(folder) === folder ? false : cacheOf(dirname(folder));
}

/** Where an error is, as `file:line:column`: a parse error has it in its message, others in the first line of their stack. */
function placeOf(error: unknown): string | undefined {
  const lines = error instanceof Error ? (error.stack ?? "").split("\n") : [];
  const places = lines.flatMap(
    (line) => /^\s+(?:at (?:.* \()?)?(\/.+\.[cm]?[jt]sx?:\d+:\d+)\)?$/.exec(line)?.[1] ?? [],
  );
  const first = places.find((place) => !place.includes("/node_modules/"));
  return first?.startsWith(__filename) === true ? undefined : first;
}

function isEnvironments(value: unknown): value is Environments {
  if (typeof value !== "object" || value === null) return false;
  const specs: unknown[] = Object.values(value);
  return specs.length > 0 && specs.every((spec) => typeof spec === "object" && spec !== null);
}
