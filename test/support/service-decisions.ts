import type { IamRequest } from "./iam-evaluator";

const ACCOUNT = "111122223333";
const OTHER = "999999999999";

type Expected = "allowed" | "refused";
type Row = readonly [who: string, what: string, policies: string, request: IamRequest, expected: Expected];

const assume = (service: string, context: IamRequest["context"] = {}): IamRequest => ({
  action: "sts:AssumeRole",
  service,
  context,
});

const podOf = (namespace: string, serviceAccount: string): IamRequest =>
  assume("pods.eks.amazonaws.com", {
    "aws:RequestTag/kubernetes-namespace": namespace,
    "aws:RequestTag/kubernetes-service-account": serviceAccount,
  });

/** Roles that one service takes: what they are called, beginning of their address, the service, and how it is called. */
const OF_SERVICES: readonly (readonly [role: string, address: string, service: string, who: string])[] = [
  ["the control plane", "aws_iam_role.Retool_Cluster_ControlPlane_Role_", "eks.amazonaws.com", "EKS"],
  ["system nodes", "aws_iam_role.Retool_Cluster_SystemNodes_Role_", "ec2.amazonaws.com", "EC2"],
  ["Retool's nodes", "aws_iam_role.Retool_Nodes_KarpenterNodes_", "ec2.amazonaws.com", "EC2"],
  ["sandbox nodes", "aws_iam_role.Retool_Nodes_SandboxNodes_", "ec2.amazonaws.com", "EC2"],
  ["database metrics", "aws_iam_role.Retool_Database_MonitoringRole_", "monitoring.rds.amazonaws.com", "RDS"],
  ["flow logs", "aws_iam_role.Retool_Foundation_FlowLogs_Role_", "vpc-flow-logs.amazonaws.com", "VPC"],
];

/** Roles that the pods of one service account take. */
const OF_PODS: readonly (readonly [role: string, address: string, namespace: string, account: string])[] = [
  ["the network add-on", "aws_iam_role.Retool_Cluster_AddonsBeforeNodes_vpc-cni-identity_", "kube-system", "aws-node"],
  [
    "the load balancer controller",
    "aws_iam_role.Retool_Nodes_LoadBalancerController_Identity_",
    "kube-system",
    "aws-load-balancer-controller",
  ],
  ["log agents", "aws_iam_role.Retool_Watch_Logs_Agents_", "amazon-cloudwatch", "cloudwatch-agent"],
];

const TRUST: readonly Row[] = [
  ...OF_SERVICES.flatMap(([role, address, service, who]): Row[] => [
    [who, `take the role of ${role}`, address, assume(service), "allowed"],
    ["Lambda", `take the role of ${role}`, address, assume("lambda.amazonaws.com"), "refused"],
  ]),
  ...OF_PODS.flatMap(([role, address, namespace, account]): Row[] => [
    [`service account ${account}`, `take the role of ${role}`, address, podOf(namespace, account), "allowed"],
    ["service account of Retool", `take the role of ${role}`, address, podOf("retool", "retool"), "refused"],
    [`${account} of another namespace`, `take the role of ${role}`, address, podOf("retool", account), "refused"],
  ]),
];

/** Keys, by what they encrypt, with the beginnings of their addresses. */
const KEYS = {
  data: "aws_kms_key.Retool_Foundation_DataKey",
  "the cluster": "aws_kms_key.Retool_Foundation_ClusterKey",
  backups: "aws_kms_key.Retool_Foundation_BackupKey",
  logs: "aws_kms_key.Retool_Foundation_LogsKey",
} as const;

const LOG = "kms:EncryptionContext:aws:logs:arn";
const groupOf = (account: string): IamRequest["context"] => ({
  [LOG]: `arn:aws:logs:us-east-1:${account}:log-group:/aws/x`,
});
/** EventBridge names no account: SNS names the topic. */
const topicOf = (account: string): IamRequest["context"] => ({
  "kms:EncryptionContext:aws:sns:topicArn": `arn:aws:sns:us-east-1:${account}:retool-prod-alarms`,
});
const from = (account: string): IamRequest["context"] => ({ "aws:SourceAccount": account });

/** Services that ask a key in their own name, with what they say of the account. The others use the rights of who calls them. */
const KEY_SERVICES: readonly (readonly [
  who: string,
  service: string,
  of: (account: string) => IamRequest["context"],
])[] = [
  ["CloudWatch Logs", "logs.us-east-1.amazonaws.com", groupOf],
  ["CloudWatch alarms", "cloudwatch.amazonaws.com", from],
  ["EventBridge", "events.amazonaws.com", topicOf],
  ["RDS", "rds.amazonaws.com", from],
  ["AWS Backup", "backup.amazonaws.com", from],
];

const ALLOWED: readonly string[] = ["CloudWatch Logs", "CloudWatch alarms", "EventBridge"];

const useOfKey = (service: string, context: IamRequest["context"]): IamRequest => ({
  action: "kms:Decrypt",
  resource: "*",
  service,
  context,
});

const KEY_USE: readonly Row[] = KEY_SERVICES.flatMap(([who, service, of]) => [
  ...Object.entries(KEYS).map(([key, address]): Row => [
    who,
    `use the key of ${key} for this account`,
    address,
    useOfKey(service, of(ACCOUNT)),
    key === "logs" && ALLOWED.includes(who) ? "allowed" : "refused",
  ]),
  [who, "use the key of logs for another account", KEYS.logs, useOfKey(service, of(OTHER)), "refused"] satisfies Row,
]);

const GROUP = `arn:aws:logs:us-east-1:${ACCOUNT}:log-group:/aws/retool`;
const put = (resource: string): IamRequest => ({ action: "logs:PutLogEvents", resource, context: {} });

const LOG_WRITERS: readonly Row[] = (
  [
    ["role of log agents", "aws_iam_role_policy.Retool_Watch_Logs_Agents_Policy_"],
    ["role of flow logs", "aws_iam_role_policy.Retool_Foundation_FlowLogs_WriteLogs_"],
  ] as const
).flatMap(([who, address]): Row[] => [
  [who, "write into its log groups", address, put(`${GROUP}:log-stream:one`), "allowed"],
  [who, "write into another log group", address, put(`${GROUP.replace("retool", "shop")}:log-stream:one`), "refused"],
]);

const KEY = `arn:aws:kms:us-east-1:${ACCOUNT}:key/00000000-0000-4000-8000-000000000000`;
const CLUSTER_KEY = "aws_iam_role_policy.Retool_Cluster_ControlPlane_RoleEncryption_";
const LOG_BUCKET = "aws_s3_bucket_policy.Retool_BlobStorage_LogsPolicy_";
const TOPIC = "aws_sns_topic_policy.Retool_Watch_Alarms_TopicPolicy_";

const accessLog = (account: string, bucket: string): IamRequest => ({
  action: "s3:PutObject",
  resource: "arn:aws:s3:::retool-prod-bucket/log",
  service: "logging.s3.amazonaws.com",
  context: { "aws:SourceAccount": account, "aws:SourceArn": `arn:aws:s3:::${bucket}`, "aws:SecureTransport": "true" },
});

const publish = (service: string, context: IamRequest["context"] = {}): IamRequest => ({
  action: "sns:Publish",
  resource: `arn:aws:sns:us-east-1:${ACCOUNT}:retool-prod-alarms`,
  service,
  context,
});

const REST: readonly Row[] = [
  [
    "role of the control plane",
    "decrypt with the key of the cluster",
    CLUSTER_KEY,
    { action: "kms:Decrypt", resource: KEY, context: {} },
    "allowed",
  ],
  [
    "role of the control plane",
    "decrypt with another key",
    CLUSTER_KEY,
    { action: "kms:Decrypt", resource: KEY.replace("key/0", "key/1"), context: {} },
    "refused",
  ],
  ["S3", "log the access to our bucket", LOG_BUCKET, accessLog(ACCOUNT, "retool-prod-bucket"), "allowed"],
  ["S3", "log the access to another bucket there", LOG_BUCKET, accessLog(ACCOUNT, "shop"), "refused"],
  ["S3", "log the access to another account's bucket", LOG_BUCKET, accessLog(OTHER, "retool-prod-bucket"), "refused"],
  [
    "CloudWatch alarms",
    "publish to the topic for this account",
    TOPIC,
    publish("cloudwatch.amazonaws.com", from(ACCOUNT)),
    "allowed",
  ],
  [
    "CloudWatch alarms",
    "publish to the topic for another account",
    TOPIC,
    publish("cloudwatch.amazonaws.com", from(OTHER)),
    "refused",
  ],
  ["EventBridge, which names no account", "publish to the topic", TOPIC, publish("events.amazonaws.com"), "allowed"],
  ["S3", "publish to the topic", TOPIC, publish("s3.amazonaws.com", from(ACCOUNT)), "refused"],
];

/** What services may do with our roles, keys, log groups and bucket of logs. */
export const SERVICE_ROWS: readonly Row[] = [...TRUST, ...KEY_USE, ...LOG_WRITERS, ...REST];
