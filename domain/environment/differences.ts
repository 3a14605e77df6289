import type { EnvironmentSpec } from "./spec";
import type { SettingChange } from "./settings";

/** Settings by which environments are told apart, and of which names of resources are made. */
export const IDENTITY = ["domain", "account", "region", "name"] as const satisfies readonly (keyof EnvironmentSpec)[];

/** What {@link IDENTITY} is in an environment. */
export type Identity = Pick<EnvironmentSpec, (typeof IDENTITY)[number]>;

/**
 * Whether a change says nothing but that its two sides belong to environments of another name, account, region or domain: both are
 * the same once these are taken out.
 *
 * @param change - A value of the one environment, and of the other.
 * @param from - The one environment.
 * @param to - The other one.
 */
export function followsFromIdentity(change: Pick<SettingChange, "from" | "to">, from: Identity, to: Identity): boolean {
  return withoutIdentity(change.from, from) === withoutIdentity(change.to, to);
}

/** The domain goes first, since it may contain the name; a name counts as a whole word, so that `prod` is not in `product`. */
function withoutIdentity(value: unknown, identity: Identity): string {
  return IDENTITY.reduce(
    (text, key) => {
      const word = identity[key].replaceAll(/[.\\^$*+?()[\]{}|]/g, "\\$&");
      return text.replaceAll(
        new RegExp(key === "name" ? `(?<![A-Za-z0-9])${word}(?![A-Za-z0-9])` : word, "g"),
        `<${key}>`,
      );
    },
    JSON.stringify([value]),
  );
}
