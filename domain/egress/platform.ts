import { awsPartition } from "../common/aws-partition";
import type { BlobEndpoint } from "../storage/other-providers";
import { servicesThatNeed } from "../catalog/lookup";
import type { RetoolComponent } from "../catalog/row";
import { DOCUMENTS, HTTPS_PORT } from "./hosts";
import { imageRules } from "./image-hosts";
import type { EgressDestination, EgressRule, EgressSource, Platform } from "./rules";

/** What the rules inside the environment depend on. */
export interface PlatformChoice {
  /** Where pods get credentials for the bucket; undefined where they need none of AWS. */
  readonly identity: "pod-identity" | "irsa" | undefined;
  /** AWS region. */
  readonly region: string;
  /** AWS services with an endpoint in the VPC, by the short names of their endpoint services. */
  readonly interfaceEndpoints: readonly string[];
  /** Registries of Retool's images, `host` or `host:port`; Docker Hub and GitHub's where none is given. */
  readonly imageRegistries: readonly string[] | undefined;
  /** Whether the External Secrets Operator reads Secrets Manager from inside the cluster. */
  readonly externalSecrets: boolean;
  /** Whether agents on the nodes send logs to CloudWatch. */
  readonly clusterLogs: boolean;
  /** Whether they put audit events into a bucket as well. */
  readonly auditBucket: boolean;
  /** Whether Karpenter was there before, and may call AWS's global APIs. */
  readonly existingKarpenter: boolean;
  /** Where blob storage is that was not made here; absent for the environment's own bucket in S3. */
  readonly blobEndpoints: readonly BlobEndpoint[] | undefined;
}

/** Components that read and write the bucket: the chart gives its name to these and to no other. */
export const BUCKET_USERS = servicesThatNeed("bucket");

const REQUIRED = { inferred: false, required: true } as const;

/** Rules for services of the environment itself, for every component that is installed. */
export function platformRules(components: readonly RetoolComponent[], choice: PlatformChoice): EgressRule[] {
  const telemetry: EgressRule[] = [
    platformRule("kubernetes-api", ["telemetry"], HTTPS_PORT, "Reads the logs of Retool's pods"),
    { ...platformRule("kubelet", ["telemetry"], 10250, "Reads metrics of nodes"), inferred: true },
  ];
  return [
    platformRule("dns", components, 53, "Resolves names"),
    platformRule("kubernetes-api", ["sandbox-controller"], HTTPS_PORT, "Makes and removes the pods of sessions"),
    ...(components.includes("telemetry") ? telemetry : []),
    ...(choice.blobEndpoints?.map(storageRule) ?? [bucketRule(choice)]),
    ...credentialsRules(choice),
    layersRule(choice),
    ...(choice.auditBucket ? [auditRule(choice)] : []),
    ...awsRules(choice),
    ...imageRules(choice.imageRegistries),
  ];
}

function platformRule(
  platform: Platform,
  sources: readonly RetoolComponent[],
  port: number,
  reason: string,
): EgressRule {
  return {
    ...REQUIRED,
    id: `platform/${platform}/${sources[0] ?? ""}`,
    sources,
    destination: { kind: "platform", platform },
    port,
    application: "tcp",
    route: "private",
    reason,
    document: DOCUMENTS.chart,
  };
}

function credentialsRules({ identity, region, interfaceEndpoints }: PlatformChoice): EgressRule[] {
  if (identity === undefined) return [];
  const reason = "Hands out credentials for the bucket";
  if (identity === "pod-identity")
    return [{ ...platformRule("pod-identity", BUCKET_USERS, 80, reason), document: DOCUMENTS.podIdentity }];
  return [
    {
      ...REQUIRED,
      id: "platform/sts",
      sources: BUCKET_USERS,
      destination: api("sts")(region),
      port: HTTPS_PORT,
      application: "tls",
      route: interfaceEndpoints.includes("sts") ? "private-link" : "internet",
      reason,
      document: DOCUMENTS.irsa,
    },
  ];
}

/** The gateway endpoint takes this traffic, so that it never meets a firewall. */
function bucketRule({ region }: PlatformChoice): EgressRule {
  return {
    ...REQUIRED,
    id: "platform/bucket",
    sources: BUCKET_USERS,
    destination: { kind: "subdomains", domain: `s3.${region}.amazonaws.com` },
    port: HTTPS_PORT,
    application: "tls",
    route: "endpoint",
    reason: "Keeps apps, Git repositories and sandbox snapshots",
    document: DOCUMENTS.quickstart,
  };
}

/** ECR keeps the layers of its images in S3, where nodes fetch them even if Retool's files are elsewhere. */
function layersRule({ region }: PlatformChoice): EgressRule {
  return {
    ...REQUIRED,
    id: "aws/s3",
    sources: ["nodes"],
    destination: { kind: "subdomains", domain: `s3.${region}.amazonaws.com` },
    port: HTTPS_PORT,
    application: "tls",
    route: "endpoint",
    reason: "Pulls the layers of images that ECR keeps there",
    document: "https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html",
  };
}

/**
 * Fluent Bit calls the region's own host and names the bucket in the path; the VPC's endpoint refuses every bucket that is not listed.
 * No guest needs it from the owner of its network: an instance in a cluster that exists collects no logs.
 */
function auditRule({ region }: PlatformChoice): EgressRule {
  return {
    ...REQUIRED,
    id: "aws/s3-audit",
    sources: ["nodes"],
    destination: api("s3")(region),
    port: HTTPS_PORT,
    application: "tls",
    route: "endpoint",
    reason: "Stores audit events (`observability.logs.auditBucketDays`)",
    document: "https://github.com/fluent/fluent-bit/pull/2658",
    required: false,
  };
}

function storageRule({ host, subdomains, port, throughVpc, document }: BlobEndpoint): EgressRule {
  return {
    ...REQUIRED,
    id: `blob-storage/${host}`,
    sources: BUCKET_USERS,
    destination: subdomains ? { kind: "subdomains", domain: host } : { kind: "host", host },
    port,
    application: "tls",
    route: throughVpc ? "endpoint" : "internet",
    reason: "Keeps apps, Git repositories and sandbox snapshots",
    document,
  };
}

/** An AWS API that nodes or pods of `kube-system` call. */
interface AwsApi {
  /** Short name of its endpoint service. */
  readonly service: string;
  /** Where it is. */
  readonly destination: (region: string) => EgressDestination;
  /** What it is for. */
  readonly reason: string;
  /**
   * Whether the cluster works without it.
   *
   * @default false
   */
  readonly optional?: boolean;
}

const SESSIONS = "Lets people open a session on a node";

const api =
  (name: string) =>
  (region: string): EgressDestination => ({ kind: "host", host: `${name}.${region}.amazonaws.com` });

/**
 * AWS APIs that a cluster needs.
 *
 * Sources: https://docs.aws.amazon.com/eks/latest/userguide/private-clusters.html,
 * https://karpenter.sh/docs/getting-started/getting-started-with-karpenter/ (private clusters).
 */
const AWS_APIS: readonly AwsApi[] = [
  { service: "ec2", destination: api("ec2"), reason: "Launches nodes, attaches their volumes and network interfaces" },
  { service: "eks", destination: api("eks"), reason: "Joins nodes to the cluster" },
  {
    service: "eks-auth",
    destination: (region) => ({ kind: "host", host: `eks-auth.${region}.api.aws` }),
    reason: "Hands out credentials of pods",
  },
  { service: "ecr.api", destination: api("api.ecr"), reason: "Pulls the images of add-ons" },
  {
    service: "ecr.dkr",
    destination: (region) => ({ kind: "subdomains", domain: `dkr.ecr.${region}.amazonaws.com` }),
    reason: "Pulls the images of add-ons",
  },
  {
    service: "elasticloadbalancing",
    destination: api("elasticloadbalancing"),
    reason: "Registers pods with the load balancer",
  },
  { service: "sqs", destination: api("sqs"), reason: "Delivers spot interruption and maintenance notices" },
  { service: "ssm", destination: api("ssm"), reason: "Looks up images of nodes" },
  { service: "sts", destination: api("sts"), reason: "Proves who a node is" },
  { service: "ssmmessages", destination: api("ssmmessages"), reason: SESSIONS, optional: true },
  { service: "ec2messages", destination: api("ec2messages"), reason: SESSIONS, optional: true },
];

const SECRETS_MANAGER: AwsApi = {
  service: "secretsmanager",
  destination: api("secretsmanager"),
  reason: "Hands the External Secrets Operator what it writes into Kubernetes Secrets",
};

const CLOUDWATCH_LOGS: AwsApi = {
  service: "logs",
  destination: api("logs"),
  reason: "Takes the logs and measurements of pods and nodes",
  optional: true,
};

const IAM: AwsApi = {
  service: "iam",
  destination: (region) => ({
    kind: "host",
    host: isGovCloud(region) ? "iam.us-gov.amazonaws.com" : "iam.amazonaws.com",
  }),
  reason: "Lets Karpenter look for instance profiles, without which it cannot delete a node class",
};

const PRICING: AwsApi = {
  service: "pricing",
  destination: (region) => ({ kind: "host", host: `api.pricing.${pricingRegion(region)}.amazonaws.com` }),
  reason: "Compares the prices of instance types",
  optional: true,
};

/**
 * The region whose copy of the price list Karpenter asks.
 *
 * Source: `getPricingAPIRegion` in `pkg/providers/pricing/pricing.go` of Karpenter 1.14.
 */
function pricingRegion(region: string): string {
  if (region.startsWith("ap-")) return "ap-south-1";
  return region.startsWith("eu-") ? "eu-central-1" : "us-east-1";
}

/** What a Karpenter calls that is not told that AWS's global APIs are out of reach. GovCloud has no price list. */
function karpenterApis(region: string): readonly AwsApi[] {
  return isGovCloud(region) ? [IAM] : [IAM, PRICING];
}

function isGovCloud(region: string): boolean {
  return awsPartition(region) === "aws-us-gov";
}

function awsRules(choice: PlatformChoice): EgressRule[] {
  const { region, interfaceEndpoints, externalSecrets, clusterLogs, existingKarpenter } = choice;
  const apis = [
    ...AWS_APIS,
    ...(externalSecrets ? [SECRETS_MANAGER] : []),
    ...(clusterLogs ? [CLOUDWATCH_LOGS] : []),
    ...(existingKarpenter ? karpenterApis(region) : []),
  ];
  return apis.map(({ service, destination, reason, optional = false }) => ({
    id: `aws/${service}`,
    sources: ["nodes"] satisfies EgressSource[],
    destination: destination(region),
    port: HTTPS_PORT,
    application: "tls",
    route: interfaceEndpoints.includes(service) ? "endpoint" : "internet",
    reason,
    document: "https://docs.aws.amazon.com/eks/latest/userguide/private-clusters.html",
    inferred: false,
    required: !optional,
  }));
}
