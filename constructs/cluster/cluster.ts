import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { EksAccessEntry } from "@cdktf/provider-aws/lib/eks-access-entry";
import { EksAccessPolicyAssociation } from "@cdktf/provider-aws/lib/eks-access-policy-association";
import { EksCluster } from "@cdktf/provider-aws/lib/eks-cluster";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

import type { ClusterPlan } from "../../domain/cluster/cluster";
import { clientRanges, rangeId } from "../common/client-ranges";
import type { ICluster, IEncryptionKey, INetwork } from "../common/contracts";
import { CONTROL_PLANE_ZONES } from "../../domain/network/spec";
import { policyDocument, serviceTrust } from "../common/policy-document";

/** Construction properties for {@link Cluster}. */
export interface ClusterProps {
  /** The cluster. */
  readonly plan: ClusterPlan;
  /** Network whose first two private subnets hold the control plane's interfaces. */
  readonly network: INetwork;
  /** Key that encrypts Kubernetes Secrets. */
  readonly secretsKey: IEncryptionKey;
  /** Key that encrypts the logs; CloudWatch Logs must be among its services. */
  readonly logsKey: IEncryptionKey;
}

/** A role, and the policies without which it can do nothing. */
interface Role {
  readonly arn: string;
  readonly ready: readonly ITerraformDependable[];
}

/** A security group of the control plane, and the rule that opens it; on destroy the rule goes last, too. */
interface ApiClients {
  readonly securityGroupId: string;
  readonly ready: readonly ITerraformDependable[];
}

/** An EKS control plane; nothing runs in it before it has add-ons and nodes. */
export class Cluster extends Construct implements Omit<ICluster, "nodesReady"> {
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

  public constructor(scope: Construct, id: string, props: ClusterProps) {
    super(scope, id);

    const role = this.defineRole(props);
    const logs = this.defineLogGroup(props);
    const apiClients = this.defineApiClients(props);
    const cluster = this.defineCluster(props, role, apiClients, logs);
    const access = this.defineAccess(props, cluster);

    this.clusterName = cluster.name;
    this.endpoint = cluster.endpoint;
    this.certificateAuthority = cluster.certificateAuthority.get(0).data;
    this.oidcIssuer = cluster.identity.get(0).oidc.get(0).issuer;
    this.clusterSecurityGroupId = cluster.vpcConfig.clusterSecurityGroupId;
    this.apiReady = [cluster, ...apiClients.ready, ...access];
  }

  private defineRole({ plan, secretsKey }: ClusterProps): Role {
    const role = new IamRole(this, "Role", {
      name: plan.roleName,
      assumeRolePolicy: serviceTrust("eks.amazonaws.com"),
    });
    const managed = new IamRolePolicyAttachment(this, "RolePolicy", {
      role: role.name,
      policyArn: plan.managedPolicyArn,
    });
    const encryption = new IamRolePolicy(this, "RoleEncryption", {
      name: "secrets-encryption",
      role: role.name,
      policy: policyDocument([
        {
          Sid: "EnvelopeEncryptionOfSecrets",
          Action: ["kms:DescribeKey", "kms:Encrypt", "kms:Decrypt", "kms:ListGrants"],
          Resource: secretsKey.keyArn,
        },
      ]),
    });
    return { arn: role.arn, ready: [managed, encryption] };
  }

  /** EKS would make the group itself, without encryption or an end. */
  private defineLogGroup({ plan, logsKey }: ClusterProps): CloudwatchLogGroup {
    return new CloudwatchLogGroup(this, "Logs", {
      name: plan.logs.groupName,
      retentionInDays: plan.logs.retentionDays,
      kmsKeyId: logsKey.keyArn,
    });
  }

  /** Lets machines of the VPC that are no nodes, such as a runner or a bastion host, reach the Kubernetes API. */
  private defineApiClients({ plan, network }: ClusterProps): ApiClients {
    const group = new SecurityGroup(this, "ApiClients", {
      namePrefix: `${plan.name}-api-`,
      description: `Kubernetes API of ${plan.name} from inside the VPC`,
      vpcId: network.vpcId,
      lifecycle: { createBeforeDestroy: true },
    });
    const ready = clientRanges(network).map(
      (cidrIpv4) =>
        new VpcSecurityGroupIngressRule(this, rangeId("ApiClientsFromVpc", network, cidrIpv4), {
          securityGroupId: group.id,
          description: "Kubernetes API",
          cidrIpv4,
          ipProtocol: "tcp",
          fromPort: 443,
          toPort: 443,
        }),
    );
    return { securityGroupId: group.id, ready };
  }

  private defineCluster(
    { plan, network, secretsKey }: ClusterProps,
    role: Role,
    apiClients: ApiClients,
    logs: CloudwatchLogGroup,
  ): EksCluster {
    return new EksCluster(this, "Resource", {
      name: plan.name,
      version: plan.kubernetesVersion,
      roleArn: role.arn,
      // The add-ons are ours from the start; with EKS's own CoreDNS a new cluster would hold pods that no policy admits.
      bootstrapSelfManagedAddons: false,
      accessConfig: {
        authenticationMode: "API",
        // A constant: changing it replaces the cluster.
        bootstrapClusterCreatorAdminPermissions: true,
      },
      upgradePolicy: { supportType: plan.supportType },
      encryptionConfig: { provider: { keyArn: secretsKey.keyArn }, resources: ["secrets"] },
      enabledClusterLogTypes: [...plan.logs.types],
      kubernetesNetworkConfig: { ipFamily: "ipv4", serviceIpv4Cidr: plan.serviceCidr },
      vpcConfig: {
        // EKS takes no subnet of a zone that it was not made with, so a zone that is added later must not change the list.
        subnetIds: network.privateSubnetIds.slice(0, CONTROL_PLANE_ZONES),
        securityGroupIds: [apiClients.securityGroupId],
        endpointPrivateAccess: true,
        endpointPublicAccess: plan.publicAccessCidrs.length > 0,
        publicAccessCidrs: plan.publicAccessCidrs.length > 0 ? [...plan.publicAccessCidrs] : undefined,
      },
      lifecycle: { preventDestroy: plan.preventDestroy },
      dependsOn: [...role.ready, logs, ...(network.rangesReady ?? [])],
    });
  }

  private defineAccess({ plan }: ClusterProps, cluster: EksCluster): ITerraformDependable[] {
    return plan.accessGrants.map(({ id, roleArn, policyArn }) => {
      const entry = new EksAccessEntry(this, id, {
        clusterName: cluster.name,
        principalArn: roleArn,
        type: "STANDARD",
      });
      return new EksAccessPolicyAssociation(this, `${id}-policy`, {
        clusterName: cluster.name,
        principalArn: entry.principalArn,
        policyArn,
        accessScope: { type: "cluster" },
      });
    });
  }
}
