import type { Node } from "constructs";

import { checkEnvironment } from "../domain/environment/environment";
import type { EnvironmentSpec } from "../domain/environment/spec";
import { withGuests } from "../domain/environment/guests";
import { neighbourViolations } from "../domain/environment/neighbours";
import type { Violation } from "../domain/common/violation";

/** Context variable that changes settings for one run: `{ "local": { "workloads": "deploy" } }`. */
const CONTEXT = "cdktf-retool";

/** Environments to synthesize, and what is wrong with those that are left out. */
export interface CheckedEnvironments {
  /** The environments in which nothing is wrong. */
  readonly specs: readonly EnvironmentSpec[];
  /** What is wrong with the others, each path starting with the environment's key. */
  readonly violations: readonly Violation[];
}

/**
 * The environments to synthesize, with what the app's context changes for this run, and with what the owner of a shared
 * network carries for the instances that use it.
 *
 * One that is wrong is left out, so that the others can still be deployed; so is the later of two that would take something
 * from each other. The local driver says by the context variable `cdktf-retool` whether there is a cluster and where charts are.
 */
export function environmentSpecs(
  { node }: { readonly node: Node },
  environments: Readonly<Record<string, EnvironmentSpec>>,
): CheckedEnvironments {
  const overrides = (node.tryGetContext(CONTEXT) ?? {}) as Readonly<Record<string, Partial<EnvironmentSpec>>>;
  const specs = Object.entries(environments).map(([key, spec]) => ({ key, spec: { ...spec, ...overrides[key] } }));
  const planned = specs.map(({ key, spec }) => ({ key, spec, ...checkEnvironment(spec) }));
  const right = planned.filter(({ violations }) => violations.length === 0);
  const violations = [
    ...planned.flatMap(({ key, violations: own }) =>
      own.map(({ path, ...violation }) => ({ path: `${key}.${path}`, ...violation })),
    ),
    ...neighbourViolations(Object.fromEntries(right.map(({ key, plan }) => [key, plan]))),
  ];
  const wrong = new Set(violations.map(({ path }) => path.slice(0, path.indexOf("."))));
  const made = right.filter(({ key }) => !wrong.has(key));
  return { specs: withGuests(made), violations };
}
