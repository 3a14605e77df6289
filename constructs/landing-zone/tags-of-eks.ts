import { AutoscalingGroupTagA } from "@cdktf/provider-aws/lib/autoscaling-group-tag";
import { Ec2Tag } from "@cdktf/provider-aws/lib/ec2-tag";
import { Construct } from "constructs";

import { hashOf } from "../../domain/common/names";

/** Construction properties for {@link TagsOfEks}. */
export interface TagsOfEksProps {
  /** The tags. */
  readonly tags: Readonly<Record<string, string>>;
  /** Names of the Auto Scaling groups that EKS makes for node groups. */
  readonly autoscalingGroupNames: readonly string[];
  /**
   * Security group that EKS makes for a cluster.
   *
   * @default - the cluster is somebody else's
   */
  readonly clusterSecurityGroupId?: string;
}

/**
 * Tags of what EKS makes in its own name and gives no tags of ours: Auto Scaling groups and a cluster's security group.
 *
 * The interfaces of the control plane belong to AWS, and nobody can tag them.
 */
export class TagsOfEks extends Construct {
  public constructor(scope: Construct, id: string, { tags, ...made }: TagsOfEksProps) {
    super(scope, id);
    for (const [key, value] of Object.entries(tags)) this.defineTag(key, value, made);
  }

  private defineTag(
    key: string,
    value: string,
    { autoscalingGroupNames, clusterSecurityGroupId }: Omit<TagsOfEksProps, "tags">,
  ): void {
    const name = idOf(key);
    for (const [index, autoscalingGroupName] of autoscalingGroupNames.entries())
      new AutoscalingGroupTagA(this, `NodeGroup${index}-${name}`, {
        autoscalingGroupName,
        // The launch template tags the instances.
        tag: { key, value, propagateAtLaunch: false },
      });
    if (clusterSecurityGroupId === undefined) return;
    new Ec2Tag(this, `SecurityGroup-${name}`, { resourceId: clusterSecurityGroupId, key, value });
  }
}

/** The key of a tag may hold what no construct id may: spaces and slashes. */
function idOf(key: string): string {
  const safe = key.replaceAll(/[^\w-]/g, "_");
  return safe === key ? key : `${safe}-${hashOf(key)}`;
}
