import { EksNodeGroup } from "@cdktf/provider-aws/lib/eks-node-group";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import { LaunchTemplate } from "@cdktf/provider-aws/lib/launch-template";
import { type ITerraformDependable, Token } from "cdktf";
import { Construct } from "constructs";

import { METADATA_OPTIONS } from "../../domain/common/metadata-options";
import type { SystemNodesPlan } from "../../domain/cluster/system-nodes";
import type { ICluster, INetwork } from "../common/contracts";
import { serviceTrust } from "../common/policy-document";

/** Construction properties for {@link SystemNodes}. */
export interface SystemNodesProps {
  /** The nodes. */
  readonly plan: SystemNodesPlan;
  /** Cluster the nodes join. */
  readonly cluster: Pick<ICluster, "clusterName">;
  /** Network whose private subnets hold the nodes. */
  readonly network: INetwork;
  /**
   * Security groups of the nodes.
   *
   * @default - the one that EKS gives to every node of the cluster
   */
  readonly securityGroupIds?: readonly string[];
  /** What a node needs from its first second: network plugin, proxy and credentials agent. */
  readonly after: readonly ITerraformDependable[];
}

/**
 * The managed node group that carries DNS and the controllers.
 *
 * Its instance role cannot manage network interfaces: the network plugin has its own role.
 */
export class SystemNodes extends Construct {
  /** What must exist before a pod can run on these nodes. */
  public readonly ready: readonly ITerraformDependable[];
  /** Name of the Auto Scaling group that EKS makes for them. */
  public readonly autoscalingGroupName: string;

  public constructor(scope: Construct, id: string, props: SystemNodesProps) {
    super(scope, id);

    const role = this.defineRole(props);
    const template = this.defineLaunchTemplate(props);
    const group = this.defineNodeGroup(props, role, template);

    this.ready = [group];
    this.autoscalingGroupName = group.resources.get(0).autoscalingGroups.get(0).name;
  }

  private defineRole({ plan }: SystemNodesProps): { arn: string; ready: readonly ITerraformDependable[] } {
    const role = new IamRole(this, "Role", {
      name: plan.roleName,
      assumeRolePolicy: serviceTrust("ec2.amazonaws.com"),
    });
    const attachments = Object.entries(plan.managedPolicyArns).map(
      ([name, policyArn]) => new IamRolePolicyAttachment(this, `Policy-${name}`, { role: role.name, policyArn }),
    );
    return { arn: role.arn, ready: attachments };
  }

  private defineLaunchTemplate({ plan, securityGroupIds }: SystemNodesProps): LaunchTemplate {
    return new LaunchTemplate(this, "Template", {
      namePrefix: `${plan.name}-`,
      updateDefaultVersion: true,
      vpcSecurityGroupIds: securityGroupIds && [...securityGroupIds],
      blockDeviceMappings: [
        {
          deviceName: "/dev/xvda",
          ebs: { volumeSize: plan.diskGiB, volumeType: "gp3", encrypted: "true", deleteOnTermination: "true" },
        },
      ],
      metadataOptions: METADATA_OPTIONS,
      tagSpecifications: ["instance", "volume"].map((resourceType) => ({ resourceType, tags: { Name: plan.name } })),
    });
  }

  private defineNodeGroup(
    { plan, cluster, network, after }: SystemNodesProps,
    role: { arn: string; ready: readonly ITerraformDependable[] },
    template: LaunchTemplate,
  ): EksNodeGroup {
    return new EksNodeGroup(this, "Resource", {
      clusterName: cluster.clusterName,
      nodeGroupNamePrefix: plan.groupNamePrefix,
      nodeRoleArn: role.arn,
      subnetIds: [...network.privateSubnetIds],
      amiType: plan.amiType,
      instanceTypes: [...plan.instanceTypes],
      version: plan.kubernetesVersion,
      releaseVersion: plan.releaseVersion,
      launchTemplate: { id: template.id, version: Token.asString(template.latestVersion) },
      // Nothing else scales this group, so the desired size is not ignored: a larger `count` must reach it.
      scalingConfig: { minSize: plan.count, desiredSize: plan.count, maxSize: plan.maximum },
      updateConfig: { maxUnavailable: 1 },
      nodeRepairConfig: { enabled: true },
      labels: { ...plan.labels },
      taint: [{ ...plan.taint, effect: "NO_SCHEDULE" }],
      // Other subnets (a zone that is added), types, architecture or role replace the group: without DNS, Karpenter and the load
      // balancer controller for ten minutes if the old one went first.
      lifecycle: { createBeforeDestroy: true },
      dependsOn: [...role.ready, ...network.egressReady, ...after],
    });
  }
}
