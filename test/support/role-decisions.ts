import type { IamRequest } from "./iam-evaluator";
import { SERVICE_ROWS } from "./service-decisions";

/** A request to a policy of ours, and what must come of it. */
export interface RoleDecision {
  /** Who asks, as the guide calls it. */
  readonly who: string;
  /** What it asks for. */
  readonly what: string;
  /** Beginning of the addresses of the policies that are asked; several policies of one role are asked together. */
  readonly policies: string;
  readonly request: IamRequest;
  readonly expected: "allowed" | "refused";
}

/** ARNs that stand for what Terraform fills in, by the type of the resource. */
export const SAMPLE = {
  bucket: "arn:aws:s3:::retool-prod-bucket",
  key: "arn:aws:kms:us-east-1:111122223333:key/00000000-0000-4000-8000-000000000000",
  queue: "arn:aws:sqs:us-east-1:111122223333:retool-prod-karpenter",
  topic: "arn:aws:sns:us-east-1:111122223333:retool-prod-alarms",
  targetGroup: "arn:aws:elasticloadbalancing:us-east-1:111122223333:targetgroup/retool/0123456789abcdef",
  role: "arn:aws:iam::111122223333:role/retool-prod-karpenter-node",
  rule: "arn:aws:events:us-east-1:111122223333:rule/retool-prod-karpenter-spot",
  logGroup: "arn:aws:logs:us-east-1:111122223333:log-group:/aws/retool",
} as const;

const ACCOUNT = "111122223333";
const OTHER = "999999999999";
const INSTANCE = `arn:aws:ec2:us-east-1:${ACCOUNT}:instance/i-0123456789abcdef0`;

const pod = (namespace: string, serviceAccount: string, name: string): IamRequest => ({
  action: "sts:AssumeRole",
  service: "pods.eks.amazonaws.com",
  context: {
    "aws:RequestTag/kubernetes-namespace": namespace,
    "aws:RequestTag/kubernetes-service-account": serviceAccount,
    "aws:RequestTag/kubernetes-pod-name": name,
  },
});

const object = (name: string, account = ACCOUNT): IamRequest => ({
  action: "s3:GetObject",
  resource: `${SAMPLE.bucket}/apps/1`,
  context: {
    "aws:PrincipalTag/kubernetes-pod-name": name,
    "aws:PrincipalAccount": account,
    "aws:SecureTransport": "true",
    "aws:PrincipalIsAWSService": "false",
  },
});

const OWN = {
  "aws:ResourceTag/kubernetes.io/cluster/retool-prod": "owned",
  "aws:ResourceTag/karpenter.sh/nodepool": "retool",
};
const via = (service: string): IamRequest["context"] => ({ "kms:ViaService": `${service}.us-east-1.amazonaws.com` });

const service = (name: string, action: string, resource: string, context: IamRequest["context"]): IamRequest => ({
  action,
  resource,
  service: name,
  context,
});

type Row = readonly [
  who: string,
  what: string,
  policies: string,
  request: IamRequest,
  expected: RoleDecision["expected"],
];

const BLOB_TRUST = "aws_iam_role.Retool_BlobAccess_Role";
const BLOB_BUCKET = "aws_s3_bucket_policy.Retool_BlobStorage_Policy";
const BLOB_ROLE = "aws_iam_role_policy.Retool_BlobAccess_Policy";
const KARPENTER = "aws_iam_policy.Retool_Nodes_Karpenter_";
const BALANCER = "aws_iam_role_policy.Retool_Nodes_LoadBalancerController";
const QUEUE = "aws_sqs_queue_policy.Retool_Nodes_InterruptionQueue";
const TOPIC = "aws_sns_topic_policy.Retool_Watch_Alarms";

const API_POD = "retool-6c9f8d-x2x5v";
const CODE_POD = "retool-code-executor-6c9f8d-x2x5v";
const from = (account: string): IamRequest["context"] => ({ "aws:SourceAccount": account });

/** What the policies that roles and services get must decide, for production with its firewall. */
const ROWS: readonly Row[] = [
  ["pod of api", "take the role of the bucket", BLOB_TRUST, pod("retool", "retool", API_POD), "allowed"],
  ["pod of code-executor", "take the role of the bucket", BLOB_TRUST, pod("retool", "retool", CODE_POD), "refused"],
  [
    "pod of js-executor",
    "take the role of the bucket",
    BLOB_TRUST,
    pod("retool", "retool", "retool-js-executor-1-2"),
    "refused",
  ],
  [
    "sandbox (service account default)",
    "take the role of the bucket",
    BLOB_TRUST,
    pod("retool", "default", "sandbox-1"),
    "refused",
  ],
  ["pod of another namespace", "take the role of the bucket", BLOB_TRUST, pod("shop", "retool", API_POD), "refused"],
  ["role of the bucket", "read an object", BLOB_ROLE, object(API_POD), "allowed"],
  [
    "role of the bucket",
    "change the bucket's policy",
    BLOB_ROLE,
    { action: "s3:PutBucketPolicy", resource: SAMPLE.bucket, context: {} },
    "refused",
  ],
  [
    "role of the bucket",
    "use the key outside S3",
    BLOB_ROLE,
    { action: "kms:Decrypt", resource: SAMPLE.key, context: via("rds") },
    "refused",
  ],
  ["pod of api with the role of the bucket", "read an object", BLOB_BUCKET, object(API_POD), "allowed"],
  ["pod of code-executor with any role", "read an object", BLOB_BUCKET, object(CODE_POD), "refused"],
  ["another account", "read an object", BLOB_BUCKET, object(API_POD, OTHER), "refused"],
  [
    "service account karpenter",
    "take Karpenter's role",
    "aws_iam_role.Retool_Nodes_Karpenter_",
    pod("kube-system", "karpenter", "karpenter-1"),
    "allowed",
  ],
  [
    "service account of Retool",
    "take Karpenter's role",
    "aws_iam_role.Retool_Nodes_Karpenter_",
    pod("retool", "retool", API_POD),
    "refused",
  ],
  [
    "Karpenter",
    "terminate one of its nodes",
    KARPENTER,
    { action: "ec2:TerminateInstances", resource: INSTANCE, context: OWN },
    "allowed",
  ],
  [
    "Karpenter",
    "terminate another instance",
    KARPENTER,
    { action: "ec2:TerminateInstances", resource: INSTANCE, context: {} },
    "refused",
  ],
  [
    "Karpenter",
    "give nodes their role",
    KARPENTER,
    { action: "iam:PassRole", resource: SAMPLE.role, context: { "iam:PassedToService": "ec2.amazonaws.com" } },
    "allowed",
  ],
  [
    "Karpenter",
    "pass that role to Lambda",
    KARPENTER,
    { action: "iam:PassRole", resource: SAMPLE.role, context: { "iam:PassedToService": "lambda.amazonaws.com" } },
    "refused",
  ],
  [
    "Karpenter",
    "lend the key to a disk",
    KARPENTER,
    {
      action: "kms:CreateGrant",
      resource: SAMPLE.key,
      context: { ...via("ec2"), "kms:GrantIsForAWSResource": "true" },
    },
    "allowed",
  ],
  [
    "Karpenter",
    "lend the key to anybody",
    KARPENTER,
    { action: "kms:CreateGrant", resource: SAMPLE.key, context: via("ec2") },
    "refused",
  ],
  [
    "load balancer controller",
    "register pods with a target group of ours",
    BALANCER,
    { action: "elasticloadbalancing:RegisterTargets", resource: SAMPLE.targetGroup, context: {} },
    "allowed",
  ],
  [
    "load balancer controller",
    "register pods elsewhere",
    BALANCER,
    {
      action: "elasticloadbalancing:RegisterTargets",
      resource: SAMPLE.targetGroup.replace("/retool/", "/shop/"),
      context: {},
    },
    "refused",
  ],
  [
    "load balancer controller",
    "open a security group",
    BALANCER,
    {
      action: "ec2:AuthorizeSecurityGroupIngress",
      resource: `arn:aws:ec2:us-east-1:${ACCOUNT}:security-group/sg-1`,
      context: {},
    },
    "refused",
  ],
  [
    "AWS Backup",
    "take the role of backups",
    "aws_iam_role.Retool_Backup_Vault_Role",
    service("backup.amazonaws.com", "sts:AssumeRole", "", {}),
    "allowed",
  ],
  [
    "EC2",
    "take the role of backups",
    "aws_iam_role.Retool_Backup_Vault_Role",
    service("ec2.amazonaws.com", "sts:AssumeRole", "", {}),
    "refused",
  ],
  [
    "rule of ours",
    "write into Karpenter's queue",
    QUEUE,
    service("events.amazonaws.com", "sqs:SendMessage", SAMPLE.queue, {
      "aws:SourceArn": SAMPLE.rule,
      "aws:SecureTransport": "true",
    }),
    "allowed",
  ],
  [
    "another rule",
    "write into Karpenter's queue",
    QUEUE,
    service("events.amazonaws.com", "sqs:SendMessage", SAMPLE.queue, {
      "aws:SourceArn": SAMPLE.rule.replace("retool-prod", "shop"),
      "aws:SecureTransport": "true",
    }),
    "refused",
  ],
  [
    "alarms of this account",
    "publish to the topic",
    TOPIC,
    service("cloudwatch.amazonaws.com", "sns:Publish", SAMPLE.topic, from(ACCOUNT)),
    "allowed",
  ],
  [
    "alarms of another account",
    "publish to the topic",
    TOPIC,
    service("cloudwatch.amazonaws.com", "sns:Publish", SAMPLE.topic, from(OTHER)),
    "refused",
  ],
];

/** The decisions, in the order of the guide. */
export const ROLE_DECISIONS: readonly RoleDecision[] = [...ROWS, ...SERVICE_ROWS].map(
  ([who, what, policies, request, expected]) => ({
    who,
    what,
    policies,
    request,
    expected,
  }),
);
