import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

import type { NetworkPolicy } from "../../domain/common/kubernetes";
import type { IWorkloads } from "../common/contracts";

/** Construction properties for {@link SystemNetworkPolicies}. */
export interface SystemNetworkPoliciesProps {
  /** The policies. */
  readonly policies: readonly NetworkPolicy[];
  /** Where they go. */
  readonly workloads: IWorkloads;
  /** What must exist before. */
  readonly after: readonly ITerraformDependable[];
}

/** Network policies that let the pods of `kube-system` do their work; those pods come after {@link ready}. */
export class SystemNetworkPolicies extends Construct {
  /** The policies; empty where manifests are written to files. */
  public readonly ready: readonly ITerraformDependable[];

  public constructor(scope: Construct, id: string, { policies, workloads, after }: SystemNetworkPoliciesProps) {
    super(scope, id);

    this.ready = policies.flatMap((manifest) =>
      workloads.networkPolicy(this, manifest.metadata.name, { manifest, after }),
    );
  }
}
