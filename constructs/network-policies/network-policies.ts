import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

import type { EgressPlan } from "../../domain/egress/egress";
import { networkPolicies } from "../../domain/network-policies/network-policies";
import type { NetworkPolicyReferences } from "../../domain/network-policies/peers";
import type { IWorkloads } from "../common/contracts";

/** Construction properties for {@link NetworkPolicies}. */
export interface NetworkPoliciesProps {
  /** Who may connect to whom. */
  readonly plan: EgressPlan;

  /** Addresses of the environment. */
  readonly references: NetworkPolicyReferences;

  /** Where the policies go. */
  readonly workloads: IWorkloads;

  /** What must exist before: the namespace. */
  readonly after: readonly ITerraformDependable[];
}

/**
 * The NetworkPolicies of Retool's namespace: closed both ways, except for what each container needs.
 *
 * They are enforced only where the VPC CNI add-on has network policies switched on.
 */
export class NetworkPolicies extends Construct {
  /** What must exist before a pod of Retool starts. */
  public readonly ready: readonly ITerraformDependable[];

  public constructor(scope: Construct, id: string, { plan, references, workloads, after }: NetworkPoliciesProps) {
    super(scope, id);

    this.ready = networkPolicies(plan, references).flatMap((manifest) =>
      workloads.networkPolicy(this, pascalCase(manifest.metadata.name), { manifest, after }),
    );
  }
}

/** `retool-api` becomes `RetoolApi`. */
function pascalCase(name: string): string {
  return name.replaceAll(/(?:^|-)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
