import { DataAwsEksCluster } from "@cdktf/provider-aws/lib/data-aws-eks-cluster";
import { DataAwsSsmParameter } from "@cdktf/provider-aws/lib/data-aws-ssm-parameter";
import { IamInstanceProfile } from "@cdktf/provider-aws/lib/iam-instance-profile";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import { Instance } from "@cdktf/provider-aws/lib/instance";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { Construct } from "constructs";

import { METADATA_OPTIONS } from "../../domain/common/metadata-options";
import type { BastionPlan } from "../../domain/network/bastion";
import type { IEncryptionKey, INetwork } from "../common/contracts";
import { serviceTrust } from "../common/policy-document";

/** Construction properties for {@link Bastion}. */
export interface BastionProps {
  /** Names, type and image. */
  readonly plan: BastionPlan;
  /** Network that it stands in. */
  readonly network: INetwork;

  /**
   * Key that encrypts its disk.
   *
   * @default - the account's key for EBS
   */
  readonly encryptionKey?: IEncryptionKey;

  /**
   * Name of a cluster that someone else owns whose API it is let in to; the API of a cluster that is made here lets in the whole VPC.
   *
   * @default - none
   */
  readonly existingCluster?: string;
}

/**
 * A way into a private network for operators: an instance without a public address, a key or an open port, reached by Session
 * Manager, through which they forward ports to the Kubernetes API and to Retool.
 */
export class Bastion extends Construct {
  /** Id of the instance, the target of a session. */
  public readonly instanceId: string;

  public constructor(scope: Construct, id: string, props: BastionProps) {
    super(scope, id);
    const { plan, network, encryptionKey, existingCluster } = props;
    const securityGroup = this.defineSecurityGroup(props);
    if (existingCluster !== undefined) this.openApi(existingCluster, securityGroup);
    const image = new DataAwsSsmParameter(this, "Image", { name: plan.imageParameter });
    this.instanceId = new Instance(this, "Resource", {
      ami: image.insecureValue,
      instanceType: plan.instanceType,
      subnetId: network.privateSubnetIds[0],
      associatePublicIpAddress: false,
      vpcSecurityGroupIds: [securityGroup.id],
      iamInstanceProfile: this.defineProfile(plan).name,
      metadataOptions: METADATA_OPTIONS,
      rootBlockDevice: {
        encrypted: true,
        kmsKeyId: encryptionKey?.keyArn,
        volumeSize: plan.diskGiB,
        volumeType: "gp3",
      },
      tags: { Name: plan.name },
      dependsOn: [...network.egressReady],
      // A newer image does not end somebody's session.
      lifecycle: { ignoreChanges: ["ami"] },
    }).id;
  }

  private defineSecurityGroup({ plan, network }: BastionProps): SecurityGroup {
    const group = new SecurityGroup(this, "SecurityGroup", {
      name: plan.name,
      description: "Operators, by Session Manager",
      vpcId: network.vpcId,
      tags: { Name: plan.name },
    });
    new VpcSecurityGroupEgressRule(this, "Https", {
      securityGroupId: group.id,
      description: plan.staysInVpc ? "Kubernetes API, Retool, Session Manager" : "Kubernetes API, Retool, AWS",
      cidrIpv4: plan.staysInVpc ? network.vpcCidr : "0.0.0.0/0",
      ipProtocol: "tcp",
      fromPort: 443,
      toPort: 443,
    });
    return group;
  }

  private openApi(clusterName: string, { id: referencedSecurityGroupId }: SecurityGroup): void {
    const cluster = new DataAwsEksCluster(this, "Cluster", { name: clusterName });
    new VpcSecurityGroupIngressRule(this, "Api", {
      securityGroupId: cluster.vpcConfig.get(0).clusterSecurityGroupId,
      description: "Kubernetes API for operators, by Session Manager",
      referencedSecurityGroupId,
      ipProtocol: "tcp",
      fromPort: 443,
      toPort: 443,
    });
  }

  private defineProfile({ roleName, policyArn }: BastionPlan): IamInstanceProfile {
    const role = new IamRole(this, "Role", {
      name: roleName,
      description: "Lets Session Manager reach the bastion",
      assumeRolePolicy: serviceTrust("ec2.amazonaws.com"),
    });
    new IamRolePolicyAttachment(this, "Sessions", { role: role.name, policyArn });
    return new IamInstanceProfile(this, "Profile", { name: roleName, role: role.name });
  }
}
