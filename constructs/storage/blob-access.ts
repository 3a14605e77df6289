import { EksPodIdentityAssociation } from "@cdktf/provider-aws/lib/eks-pod-identity-association";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

import type { BlobAccessPlan } from "../../domain/storage/s3";
import type { IBlobStorage, ICluster, IEncryptionKey } from "../common/contracts";
import { podIdentityTrust, policyDocument, type PolicyStatement } from "../common/policy-document";

/** What a {@link BlobAccess} is made from. */
export interface BlobAccessProps {
  /** Which pods get access. */
  readonly plan: BlobAccessPlan;
  /** Cluster that runs them. */
  readonly cluster: ICluster;
  /** Bucket they get access to. */
  readonly storage: IBlobStorage;
  /** Key that encrypts the bucket. */
  readonly encryptionKey: IEncryptionKey;
}

/**
 * Keyless access to the bucket for the pods that use it, through EKS Pod Identity.
 *
 * The chart gives one service account to these pods, to pods that never use the bucket and to those that run users' code;
 * the role's trust policy tells them apart by the name of the pod.
 */
export class BlobAccess extends Construct {
  /** What must exist before a pod starts: the agent hands a pod its credentials only if it knew of them at that time. */
  public readonly ready: readonly ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: BlobAccessProps) {
    super(scope, id);
    const { plan, cluster } = props;
    const role = new IamRole(this, "Role", {
      name: plan.roleName,
      description: "Lets the pods of Retool that use its bucket read and write it",
      assumeRolePolicy: podIdentityTrust(plan),
    });
    const policy = new IamRolePolicy(this, "Policy", {
      name: "bucket",
      role: role.name,
      policy: policyDocument(bucketAccess(props)),
    });
    const association = new EksPodIdentityAssociation(this, "Resource", {
      clusterName: cluster.clusterName,
      namespace: plan.namespace,
      serviceAccount: plan.serviceAccount,
      roleArn: role.arn,
    });
    this.ready = [association, policy];
  }
}

/** Source of the actions on S3: the policy that Retool's own blueprint gives the pods. */
function bucketAccess({ plan, storage, encryptionKey }: BlobAccessProps): PolicyStatement[] {
  return [
    { Sid: "Bucket", Action: ["s3:GetBucketLocation", "s3:ListBucket"], Resource: storage.bucketArn },
    {
      Sid: "Objects",
      Action: [
        "s3:AbortMultipartUpload",
        "s3:DeleteObject",
        "s3:GetObject",
        "s3:ListMultipartUploadParts",
        "s3:PutObject",
      ],
      Resource: `${storage.bucketArn}/*`,
    },
    {
      Sid: "Key",
      Action: ["kms:Decrypt", "kms:GenerateDataKey"],
      Resource: encryptionKey.keyArn,
      Condition: { StringEquals: { "kms:ViaService": `s3.${plan.region}.amazonaws.com` } },
    },
  ];
}
