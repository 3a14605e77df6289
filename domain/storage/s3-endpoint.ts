import { awsPartition } from "../common/aws-partition";
import { bucketNameProblem } from "../common/bucket-name";
import type { BlobPlan } from "./storage";
import type { EnvironmentContext } from "../common/context";
import type { Planned, Violation } from "../common/violation";

/** What decides which buckets are reached through the VPC's endpoint of S3. */
export interface S3EndpointInput {
  /** AWS region. */
  readonly region: string;
  /** Account of the environment. */
  readonly account: string;
  /** Blob storage. */
  readonly blobStorage: BlobPlan;
  /** Plain variables of Retool's pods, which may name the bucket of the agents' evaluations. */
  readonly environment: Readonly<Record<string, string>>;
  /** Bucket of the Terraform state; absent where the state is elsewhere. */
  readonly stateBucket: string | undefined;
  /** Bucket of the audit events; absent where there is none. */
  readonly auditBucket: string | undefined;
  /** Further buckets that the configuration names. */
  readonly furtherBuckets: readonly string[];
}

/** One statement of an endpoint's policy. */
export interface EndpointStatement {
  /** Name of the statement. */
  readonly Sid: string;
  /** Every principal that IAM allows. */
  readonly Principal: "*";
  /** What may pass. */
  readonly Action: string;
  /** Buckets and objects. */
  readonly Resource: readonly string[];
  /**
   * Whose buckets.
   *
   * @default - anybody's of that name
   */
  readonly Condition?: { readonly StringEquals: { readonly "aws:ResourceAccount": string } };
}

/** Variable that names the bucket of the agents' evaluations, which is none of blob storage. */
export const EVALUATION_BUCKET = "AGENT_EVALS_S3_BUCKET";

/**
 * Lists what may pass through the endpoint: the environment's buckets, and the image layers that ECR keeps in S3.
 *
 * A pod that has somebody else's credentials can then carry nothing to a bucket of theirs by this way.
 * Source: https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html (minimum policy of the S3 endpoint)
 */
export function s3EndpointStatements(input: S3EndpointInput): EndpointStatement[] {
  const { own, further } = bucketsOf(input);
  const isOurs = { StringEquals: { "aws:ResourceAccount": input.account } };
  return [
    ...bucketStatement("BucketsOfTheEnvironment", own, input).map((one) => ({ ...one, Condition: isOurs })),
    ...bucketStatement("FurtherBuckets", further, input),
    {
      Sid: "ImageLayersOfEcr",
      Principal: "*",
      Action: "s3:GetObject",
      Resource: [`${arnOf(`prod-${input.region}-starport-layer-bucket`, input)}/*`],
    },
  ];
}

function bucketStatement(Sid: string, names: readonly string[], input: S3EndpointInput): EndpointStatement[] {
  if (names.length === 0) return [];
  const arns = names.map((name) => arnOf(name, input));
  return [{ Sid, Principal: "*", Action: "s3:*", Resource: arns.flatMap((arn) => [arn, `${arn}/*`]) }];
}

function arnOf(bucket: string, { region }: S3EndpointInput): string {
  return `arn:${awsPartition(region)}:s3:::${bucket}`;
}

/** Buckets that were made here are the account's; those that the configuration names may be anybody's. */
function bucketsOf({ blobStorage, environment, stateBucket, auditBucket, furtherBuckets }: S3EndpointInput): {
  readonly own: readonly string[];
  readonly further: readonly string[];
} {
  const blobs = blobStorage.kind === "s3" ? [blobStorage.bucketName, blobStorage.logBucketName] : [];
  const own = [...blobs, ...(auditBucket === undefined ? [] : [auditBucket])];
  const named = blobStorage.kind === "s3" ? [] : [blobStorage.bucket];
  const others = [...named, environment[EVALUATION_BUCKET], stateBucket, ...furtherBuckets];
  return { own, further: [...new Set(others)].filter((name) => name !== undefined) };
}

/** Plans the endpoint's policy from the parts of an environment that have buckets. */
export function planS3Endpoint(
  { region, account }: EnvironmentContext,
  { blobStorage, retool, network, state }: BucketSources,
  { logs }: AuditSource,
): Planned<readonly EndpointStatement[]> {
  const input: S3EndpointInput = {
    region,
    account,
    blobStorage,
    environment: retool.environment,
    stateBucket: state.kind === "s3" ? state.bucket : undefined,
    auditBucket: logs?.auditBucket?.bucketName,
    furtherBuckets: network.s3Buckets,
  };
  return { plan: s3EndpointStatements(input), violations: s3EndpointViolations(input) };
}

/** The parts of an environment that have buckets. */
export interface BucketSources {
  /** Blob storage. */
  readonly blobStorage: BlobPlan;
  /** Variables of the release. */
  readonly retool: { readonly environment: Readonly<Record<string, string>> };
  /** Further buckets. */
  readonly network: { readonly s3Buckets: readonly string[] };
  /** Where the state is. */
  readonly state: { readonly kind: "s3"; readonly bucket: string } | { readonly kind: "local" };
}

/** Where audit events are kept. */
export interface AuditSource {
  /** Logs; absent where nobody collects them. */
  readonly logs: { readonly auditBucket?: { readonly bucketName: string } } | undefined;
}

/** Finds names that no bucket can have, and evaluations that would share the bucket of blob storage. */
export function s3EndpointViolations({ blobStorage, environment, furtherBuckets }: S3EndpointInput): Violation[] {
  const evaluations = environment[EVALUATION_BUCKET];
  const shared = blobStorage.kind === "s3" ? blobStorage.bucketName : blobStorage.bucket;
  return [
    ...furtherBuckets.flatMap((name, index) => {
      const problem = bucketNameProblem(name);
      return problem === undefined ? [] : [{ path: `network.s3Buckets[${index}]`, ...problem }];
    }),
    ...(evaluations === undefined || evaluations !== shared
      ? []
      : [
          {
            path: `retool.environment.${EVALUATION_BUCKET}`,
            problem: `"${evaluations}" already holds apps and repositories`,
            remedy: "give the agents' evaluations a separate bucket",
          },
        ]),
  ];
}
