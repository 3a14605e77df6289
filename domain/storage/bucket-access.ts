// Who may reach the bucket:
// - which pods need it: `needs: "bucket"` in domain/catalog/catalog.ts; which pods never get it: the two lists of pod names;
// - what the one role may do: roleStatements; whom the bucket refuses with any role: bucketStatements;
// - who writes the bucket of access logs: logBucketStatements;
// - what passes the VPC's endpoint of S3: s3EndpointStatements in s3-endpoint.ts.
// The constructs only render these; stacks/ gives them the ARNs.

import { podNamePatterns } from "../catalog/lookup";
import type { EnvironmentContext } from "../common/context";
import { denyOtherAccounts, denyPlainHttp, type PolicyStatement } from "../common/policy-statement";

/** The one service account whose pods use the bucket. */
export interface BlobAccessPlan {
  /** How pods get its credentials. */
  readonly identity: "pod-identity" | "irsa";
  /** Account of the role. */
  readonly account: string;
  /** Name of the IAM role. */
  readonly roleName: string;
  /** Namespace of the service account. */
  readonly namespace: string;
  /** Service account that the chart gives all of Retool's own pods. */
  readonly serviceAccount: string;
  /** Patterns of the names of pods that do not get the role although they run as that service account. */
  readonly refusedPodNames: readonly string[];
  /** Region of the bucket. */
  readonly region: string;
}

/**
 * Patterns of the names of the pods that run users' code under Retool's own service account.
 *
 * The sandboxes need no pattern: they run as the namespace's default service account, which has no role.
 * Source: the Deployments of the Retool chart 6.11.21, whose service account all of them share.
 */
export const USER_CODE_POD_NAMES: readonly string[] = podNamePatterns(({ runsUserCode }) => runsUserCode === true);

/** Patterns of the names of Retool's own pods to which the chart gives no setting of the bucket. */
const PODS_WITHOUT_STORAGE: readonly string[] = podNamePatterns(
  ({ runsUserCode, needs }) => runsUserCode !== true && !needs.includes("bucket"),
);

/** Decides which service account gets the role, and which of its pods do not. */
export function planBlobAccess(identity: BlobAccessPlan["identity"], context: EnvironmentContext): BlobAccessPlan {
  return {
    identity,
    account: context.account,
    roleName: `${context.prefix}-blob-access`,
    namespace: context.namespace,
    serviceAccount: "retool",
    refusedPodNames: [...USER_CODE_POD_NAMES, ...PODS_WITHOUT_STORAGE],
    region: context.region,
  };
}

/** ARNs of a bucket and of the key that encrypts it. */
export interface BucketArns {
  /** The bucket. */
  readonly bucketArn: string;
  /** The key. */
  readonly keyArn: string;
}

/**
 * What the role may do.
 *
 * Source of the actions on S3: the policy that Retool's own blueprint gives the pods.
 */
export function roleStatements(
  { region }: Pick<BlobAccessPlan, "region">,
  { bucketArn, keyArn }: BucketArns,
): PolicyStatement[] {
  return [
    { Sid: "Bucket", Action: ["s3:GetBucketLocation", "s3:ListBucket"], Resource: bucketArn },
    {
      Sid: "Objects",
      Action: [
        "s3:AbortMultipartUpload",
        "s3:DeleteObject",
        "s3:GetObject",
        "s3:ListMultipartUploadParts",
        "s3:PutObject",
      ],
      Resource: `${bucketArn}/*`,
    },
    {
      Sid: "Key",
      Action: ["kms:Decrypt", "kms:GenerateDataKey"],
      Resource: keyArn,
      Condition: { StringEquals: { "kms:ViaService": `s3.${region}.amazonaws.com` } },
    },
  ];
}

/** What the bucket refuses, even where a principal's role allows it. */
export function bucketStatements(
  plan: { readonly account: string; readonly userCodePodNames: readonly string[] },
  { bucketArn, keyArn }: BucketArns,
): PolicyStatement[] {
  const deny = { Effect: "Deny", Principal: "*", Action: "s3:*", Resource: [bucketArn, `${bucketArn}/*`] } as const;
  const denyPut = { Effect: "Deny", Principal: "*", Action: "s3:PutObject", Resource: `${bucketArn}/*` } as const;
  return [
    denyPlainHttp(bucketArn),
    denyOtherAccounts(bucketArn, plan.account),
    // An upload that names no encryption gets the bucket's own; `Null` keeps these two from refusing it.
    {
      Sid: "NoOtherEncryption",
      ...denyPut,
      Condition: {
        Null: { "s3:x-amz-server-side-encryption": "false" },
        StringNotEquals: { "s3:x-amz-server-side-encryption": "aws:kms" },
      },
    },
    {
      Sid: "NoOtherKey",
      ...denyPut,
      Condition: {
        Null: { "s3:x-amz-server-side-encryption-aws-kms-key-id": "false" },
        StringNotEquals: { "s3:x-amz-server-side-encryption-aws-kms-key-id": keyArn },
      },
    },
    // EKS Pod Identity puts the pod's name into the session, so this holds for any role such a pod may ever get.
    {
      Sid: "NoPodThatRunsUsersCode",
      ...deny,
      Condition: { StringLike: { "aws:PrincipalTag/kubernetes-pod-name": plan.userCodePodNames } },
    },
  ];
}

/** Only S3 itself writes the access logs, and only those of the bucket. */
export function logBucketStatements(
  { account }: { readonly account: string },
  { logsArn, bucketArn }: { readonly logsArn: string; readonly bucketArn: string },
): PolicyStatement[] {
  return [
    denyPlainHttp(logsArn),
    {
      Sid: "AccessLogs",
      Principal: { Service: "logging.s3.amazonaws.com" },
      Action: "s3:PutObject",
      Resource: `${logsArn}/*`,
      Condition: {
        StringEquals: { "aws:SourceAccount": account },
        ArnLike: { "aws:SourceArn": bucketArn },
      },
    },
  ];
}
