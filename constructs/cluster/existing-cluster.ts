import { DataAwsEksCluster } from "@cdktf/provider-aws/lib/data-aws-eks-cluster";
import { DataAwsSubnet } from "@cdktf/provider-aws/lib/data-aws-subnet";
import type { ITerraformDependable, Postcondition } from "cdktf";
import { Construct } from "constructs";

import type { ExistingClusterPlan } from "../../domain/cluster/existing";
import type { ICluster, INetwork } from "../common/contracts";
import { renderJson } from "../common/render";

/** Construction properties for {@link ExistingCluster}. */
export interface ExistingClusterProps {
  /** The cluster. */
  readonly plan: Pick<ExistingClusterPlan, "name" | "kubernetesVersion" | "serviceCidr" | "controlPlaneCidrs">;
  /** Network that it must be in. */
  readonly network: Pick<INetwork, "vpcId">;
  /**
   * What messages call the settings that they say to change.
   *
   * @default - those of an environment's configuration
   */
  readonly paths?: {
    /** Settings of the cluster. */
    readonly cluster: string;
    /** Network. */
    readonly network: string;
  };
}

const CONFIGURATION = { cluster: "cluster", network: "network.vpcId" };

/** An EKS cluster that someone else owns: it is read, so that a plan fails where the configuration does not match it. */
export class ExistingCluster extends Construct implements Omit<ICluster, "nodesReady"> {
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
  public readonly apiReady: readonly ITerraformDependable[] = [];

  public constructor(scope: Construct, id: string, props: ExistingClusterProps) {
    super(scope, id);
    const { plan } = props;
    const cluster = new DataAwsEksCluster(this, "Resource", {
      name: plan.name,
      lifecycle: { postcondition: facts(props) },
    });
    // Without ranges no policy can name the control plane, so there is nothing to be wrong.
    if (plan.controlPlaneCidrs.length > 0) this.checkSubnets(cluster, props);
    this.clusterName = plan.name;
    this.endpoint = cluster.endpoint;
    this.certificateAuthority = cluster.certificateAuthority.get(0).data;
    this.oidcIssuer = cluster.identity.get(0).oidc.get(0).issuer;
    this.clusterSecurityGroupId = cluster.vpcConfig.get(0).clusterSecurityGroupId;
  }

  /** Pods may reach the Kubernetes API in the listed ranges only, so a subnet that is missing there would cut them off. */
  private checkSubnets(cluster: DataAwsEksCluster, { plan, paths = CONFIGURATION }: ExistingClusterProps): void {
    const { controlPlaneCidrs } = plan;
    const subnets = new DataAwsSubnet(this, "Subnets", {
      id: reference("each.value"),
      lifecycle: {
        postcondition: [
          {
            condition: `\${contains(${renderJson([...controlPlaneCidrs])}, self.cidr_block)}`,
            errorMessage: `${paths.cluster}.controlPlaneCidrs: the control plane has an interface in ${reference("self.id")} (${reference("self.cidr_block")}), which is not listed; list the ranges of all subnets of the cluster`,
          },
        ],
      },
    });
    subnets.addOverride("for_each", `\${toset(${cluster.fqn}.vpc_config[0].subnet_ids)}`);
  }
}

/** What Terraform puts into a text when it plans. */
function reference(name: string): string {
  return `\${${name}}`;
}

/** What the configuration says of the cluster, as EKS must say it too. */
function facts({
  plan: { kubernetesVersion, serviceCidr },
  network: { vpcId },
  paths = CONFIGURATION,
}: ExistingClusterProps): Postcondition[] {
  return [
    {
      condition: `\${self.version == ${renderJson(kubernetesVersion)}}`,
      errorMessage: `${paths.cluster}.kubernetesVersion: the cluster has another version; correct it, because nodes and limits depend on it`,
    },
    {
      condition: `\${self.vpc_config[0].vpc_id == ${renderJson(vpcId)}}`,
      errorMessage: `${paths.network}: the cluster is in another VPC; use that one`,
    },
    {
      condition: `\${self.kubernetes_network_config[0].service_ipv4_cidr == ${renderJson(serviceCidr)}}`,
      errorMessage: `${paths.cluster}.serviceCidr: the cluster has another Service range; correct it, because policies use it`,
    },
    {
      condition: `\${self.access_config[0].authentication_mode != "CONFIG_MAP"}`,
      errorMessage: `${paths.cluster}.name: the cluster admits nodes and roles only through the aws-auth ConfigMap; set its authentication mode to API_AND_CONFIG_MAP`,
    },
  ];
}
