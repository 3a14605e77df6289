import { DataAwsEksCluster } from "@cdktf/provider-aws/lib/data-aws-eks-cluster";
import { DataKubernetesNamespaceV1 } from "@cdktf/provider-kubernetes/lib/data-kubernetes-namespace-v1";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

import type { ICluster } from "../common/contracts";

/** Construction properties for {@link PlannedCluster}. */
export interface PlannedClusterProps {
  /** Name of the cluster. */
  readonly name: string;
  /** Whether the stack talks to the Kubernetes API. A release waits for an answer then: without one, the plan stops. */
  readonly reached: boolean;
}

/** An answer of the Kubernetes API, for which releases wait: without one the plan stops, where Helm would take its releases for gone. */
export function apiAnswer(scope: Construct): ITerraformDependable {
  return new DataKubernetesNamespaceV1(scope, "Answer", { metadata: { name: "kube-system" } });
}

/** A cluster that another stack has made or completed from the same plan, found by its name when Terraform plans. */
export class PlannedCluster extends Construct implements ICluster {
  /** {@inheritDoc ICluster.clusterName} */
  public readonly clusterName: string;
  /** {@inheritDoc ICluster.endpoint} */
  public readonly endpoint: string;
  /** {@inheritDoc ICluster.certificateAuthority} */
  public readonly certificateAuthority: string;
  /** {@inheritDoc ICluster.oidcIssuer} */
  public readonly oidcIssuer: string;
  /** {@inheritDoc ICluster.clusterSecurityGroupId} */
  public readonly clusterSecurityGroupId: string;
  /** {@inheritDoc ICluster.apiReady} */
  public readonly apiReady: readonly ITerraformDependable[];
  /** {@inheritDoc ICluster.nodesReady} */
  public readonly nodesReady: readonly ITerraformDependable[];

  public constructor(scope: Construct, id: string, { name, reached }: PlannedClusterProps) {
    super(scope, id);
    const cluster = new DataAwsEksCluster(this, "Resource", { name });
    this.clusterName = cluster.name;
    this.endpoint = cluster.endpoint;
    this.certificateAuthority = cluster.certificateAuthority.get(0).data;
    this.oidcIssuer = cluster.identity.get(0).oidc.get(0).issuer;
    this.clusterSecurityGroupId = cluster.vpcConfig.get(0).clusterSecurityGroupId;
    this.apiReady = reached ? [apiAnswer(this)] : [];
    this.nodesReady = this.apiReady;
  }
}
