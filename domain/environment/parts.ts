import type { Planned, Violation } from "../common/violation";

/** Parts of an environment, each with its plan and what is wrong with it. */
type Parts = Readonly<Record<string, Planned<unknown>>>;

type Plans<Of extends Parts> = { readonly [Name in keyof Of]: Of[Name]["plan"] };

/** The plans of all parts, by their names. */
export function plansOf<Of extends Parts>(parts: Of): Plans<Of> {
  return Object.fromEntries(Object.entries(parts).map(([name, { plan }]) => [name, plan])) as Plans<Of>;
}

/** What is wrong with all parts. */
export function violationsOf(parts: Parts): Violation[] {
  return Object.values(parts).flatMap(({ violations }) => violations);
}
