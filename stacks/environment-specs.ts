import type { Node } from "constructs";

import { checkEnvironment } from "../domain/environment/environment";
import type { EnvironmentSpec } from "../domain/environment/spec";
import { neighbourViolations } from "../domain/environment/neighbours";
import { ConfigurationError } from "../domain/common/violation";

/** Context variable that changes settings for one run: `{ "local": { "workloads": "deploy" } }`. */
const CONTEXT = "cdktf-retool";

/**
 * The environments to synthesize, with what the app's context changes for this run.
 *
 * The local driver says by the context variable `cdktf-retool` whether there is a cluster and where charts are.
 *
 * @throws `ConfigurationError` with what is wrong in any of them, each path starting with the environment's key.
 */
export function environmentSpecs(
  { node }: { readonly node: Node },
  environments: Readonly<Record<string, EnvironmentSpec>>,
): EnvironmentSpec[] {
  const overrides = (node.tryGetContext(CONTEXT) ?? {}) as Readonly<Record<string, Partial<EnvironmentSpec>>>;
  const specs = Object.entries(environments).map(([key, spec]) => ({ key, spec: { ...spec, ...overrides[key] } }));
  const planned = specs.map(({ key, spec }) => ({ key, ...checkEnvironment(spec) }));
  const violations = [
    ...planned.flatMap(({ key, violations: own }) =>
      own.map(({ path, ...violation }) => ({ path: `${key}.${path}`, ...violation })),
    ),
    ...neighbourViolations(Object.fromEntries(planned.map(({ key, plan }) => [key, plan]))),
  ];
  if (violations.length > 0) throw new ConfigurationError(violations);
  return specs.map(({ spec }) => spec);
}
