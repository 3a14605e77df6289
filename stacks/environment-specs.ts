import type { Node } from "constructs";

import type { EnvironmentSpec } from "../domain/environment-spec";

/** Context variable that changes settings for one run: `{ "local": { "workloads": "deploy" } }`. */
const CONTEXT = "cdktf-retool";

/**
 * The environments to synthesize, with what the app's context changes for this run.
 *
 * The local driver says by the context variable `cdktf-retool` whether there is a cluster and where charts are.
 */
export function environmentSpecs(
  { node }: { readonly node: Node },
  environments: Readonly<Record<string, EnvironmentSpec>>,
): EnvironmentSpec[] {
  const overrides = (node.tryGetContext(CONTEXT) ?? {}) as Readonly<Record<string, Partial<EnvironmentSpec>>>;
  return Object.entries(environments).map(([name, spec]) => ({ ...spec, ...overrides[name] }));
}
