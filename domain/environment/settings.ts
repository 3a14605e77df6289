import type { EnvironmentPlan } from "./environment";
import type { EnvironmentSpec } from "./spec";

/** Where the value of a setting comes from. */
export type Origin = "config" | "default" | "computed";

/** One setting of an environment with its value and where it comes from. */
export interface Setting {
  /** Path, such as `network.zones`. */
  readonly path: string;
  /** Value as the configuration would have it: a text, a number, a list. */
  readonly value: unknown;
  /** Where it comes from. */
  readonly origin: Origin;
}

type Tree = Readonly<Record<string, unknown>>;

/**
 * Lists every setting of an environment.
 *
 * What the configuration gives is `config`; what it could give but leaves out is `default`; what only follows from others
 * is `computed`.
 *
 * @param spec - What the team wrote.
 * @param plan - What was made of it.
 * @param isSettable - Whether a path may be given in a configuration.
 */
export function listSettings(
  spec: EnvironmentSpec,
  plan: EnvironmentPlan,
  isSettable: (path: string) => boolean,
): Setting[] {
  const given = new Map(leaves(spec as unknown as Tree, ""));
  const planned = leaves(topLevel(plan), "");
  const own = [...given].map(([path, value]): Setting => ({ path, value, origin: "config" }));
  const others = planned
    .filter(([path]) => !given.has(path) && !isBelow(path, given))
    .map(([path, value]): Setting => ({ path, value, origin: isSettable(path) ? "default" : "computed" }));
  return [...own, ...others].sort((left, right) => left.path.localeCompare(right.path));
}

/** The plan as the configuration names it: what identifies the environment stands at the top. */
function topLevel({ context, capacity: planned, ...plan }: EnvironmentPlan): Tree {
  const { name, account, region, domain, dataProtection } = context;
  const { builders, sandbox, businessHours, ...capacity } = planned;
  const identity = { name, account, region, domain, dataProtection };
  return { ...identity, builders, sandbox, nodePools: { businessHours }, capacity, ...plan };
}

function leaves(tree: Tree, prefix: string): [string, unknown][] {
  return Object.entries(tree).flatMap(([key, value]): [string, unknown][] => {
    const path = prefix === "" ? key : `${prefix}.${key}`;
    if (value === undefined) return [];
    return isTree(value) ? leaves(value, path) : [[path, value]];
  });
}

function isTree(value: unknown): value is Tree {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isBelow(path: string, given: ReadonlyMap<string, unknown>): boolean {
  return [...given.keys()].some((other) => path.startsWith(`${other}.`));
}

/** A setting whose value is another than the default, or than in another environment. */
export interface SettingChange {
  /** Path, such as `network.zones`. */
  readonly path: string;
  /** Value before; absent where the setting is not there. */
  readonly from?: unknown;
  /** Value now; absent where the setting is not there. */
  readonly to?: unknown;
}

/** Compares settings by their path. */
export function compareSettings(before: readonly Setting[], after: readonly Setting[]): SettingChange[] {
  const [old, now] = [valuesOf(before), valuesOf(after)];
  return [...new Set([...old.keys(), ...now.keys()])]
    .sort((left, right) => left.localeCompare(right))
    .filter((path) => JSON.stringify(old.get(path)) !== JSON.stringify(now.get(path)))
    .map((path) => ({ path, from: old.get(path), to: now.get(path) }));
}

function valuesOf(settings: readonly Setting[]): Map<string, unknown> {
  return new Map(settings.map(({ path, value }) => [path, value]));
}
