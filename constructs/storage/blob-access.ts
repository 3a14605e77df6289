import { EksPodIdentityAssociation } from "@cdktf/provider-aws/lib/eks-pod-identity-association";
import { IamOpenidConnectProvider } from "@cdktf/provider-aws/lib/iam-openid-connect-provider";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { Fn, type ITerraformDependable, Token } from "cdktf";
import { Construct } from "constructs";

import { awsPartition } from "../../domain/common/aws-partition";
import { type BlobAccessPlan, roleStatements } from "../../domain/storage/bucket-access";
import type { IBlobStorage, ICluster, IEncryptionKey } from "../common/contracts";
import { podIdentityTrust, policyDocument, webIdentityTrust } from "../common/policy-document";

/** What a {@link BlobAccess} is made from. */
export interface BlobAccessProps {
  /** Which pods get access. */
  readonly plan: BlobAccessPlan;
  /** Cluster that runs them. */
  readonly cluster: ICluster;
  /**
   * Whether IAM knows the cluster's tokens already, for pods that get the role by them.
   *
   * @default false
   */
  readonly hasOidcProvider?: boolean;
  /** Bucket they get access to. */
  readonly storage: IBlobStorage;
  /** Key that encrypts the bucket. */
  readonly encryptionKey: IEncryptionKey;
}

/**
 * Keyless access to the bucket for the pods that use it, through EKS Pod Identity or IAM roles for service accounts.
 *
 * The chart gives one service account to these pods, to pods that never use the bucket and to those that run users' code. With Pod
 * Identity the role's trust policy tells them apart by the name of the pod; the other way the post-renderer gives those pods another
 * service account.
 */
export class BlobAccess extends Construct {
  /** What must exist before a pod starts: the agent hands a pod its credentials only if it knew of them at that time. */
  public readonly ready: readonly ITerraformDependable[];
  /** ARN of the role for the service account's annotation; undefined with Pod Identity, which needs none. */
  public readonly annotatedRoleArn: string | undefined;

  public constructor(scope: Construct, id: string, props: BlobAccessProps) {
    super(scope, id);
    const { plan } = props;
    const role = new IamRole(this, "Role", {
      name: plan.roleName,
      description: "Lets the pods of Retool that use its bucket read and write it",
      assumeRolePolicy: plan.identity === "irsa" ? this.trustInTokens(props) : podIdentityTrust(plan),
    });
    const policy = new IamRolePolicy(this, "Policy", {
      name: "bucket",
      role: role.name,
      policy: policyDocument(
        roleStatements(plan, { bucketArn: props.storage.bucketArn, keyArn: props.encryptionKey.keyArn }),
      ),
    });
    this.annotatedRoleArn = plan.identity === "irsa" ? role.arn : undefined;
    this.ready = plan.identity === "irsa" ? [role, policy] : [this.defineAssociation(role, props), policy];
  }

  private defineAssociation(role: IamRole, { plan, cluster }: BlobAccessProps): EksPodIdentityAssociation {
    return new EksPodIdentityAssociation(this, "Resource", {
      clusterName: cluster.clusterName,
      namespace: plan.namespace,
      serviceAccount: plan.serviceAccount,
      roleArn: role.arn,
    });
  }

  private trustInTokens({ plan, cluster, hasOidcProvider = false }: BlobAccessProps): string {
    const issuer = Token.asString(Fn.replace(cluster.oidcIssuer, "https://", ""));
    const providerArn = hasOidcProvider
      ? `arn:${awsPartition(plan.region)}:iam::${plan.account}:oidc-provider/${issuer}`
      : new IamOpenidConnectProvider(this, "OidcProvider", {
          url: cluster.oidcIssuer,
          clientIdList: ["sts.amazonaws.com"],
        }).arn;
    return webIdentityTrust({ ...plan, issuer, providerArn });
  }
}
