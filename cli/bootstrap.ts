import { awsPartition } from "../domain/common/aws-partition";
import { denyPlainHttp } from "../domain/common/policy-statement";
import { planEnvironment } from "../domain/environment/environment";
import { type StackPlan, stacksOf } from "../domain/environment/layers";
import type { StatePlan } from "../domain/environment/state";
import { assertDone, aws } from "./aws";
import { assertCredentials } from "./credentials";
import { environmentNamed } from "./environments";
import { Failure } from "./failure";
import type { Report } from "./report";

type S3State = Extract<StatePlan, { kind: "s3" }>;

/**
 * Makes the bucket that holds an environment's Terraform state; what exists already is only brought into shape.
 *
 * Versioned, encrypted, private, TLS only. Uses the AWS CLI and its credentials.
 */
export async function bootstrap(name: string): Promise<Report> {
  const plan = planEnvironment(environmentNamed(name));
  const { state, context } = plan;
  if (state.kind !== "s3") throw new Failure(`${name}: its state is a file, so it needs no bucket; skip this command`);
  await assertCredentials(plan);
  await makeBucket(state, context.account);
  for (const [operation, ...settings] of settingsOf(state)) {
    assertDone(await aws(["s3api", operation, "--bucket", state.bucket, ...settings]), `s3api ${operation}`);
  }
  const { bucket, region } = state;
  const addresses = stacksOf(plan).flatMap(addressOf);
  return {
    json: { environment: name, bucket, region, addresses, versioned: true, encryption: "aws:kms", tlsOnly: true },
    text: () => `State of ${name}: ${addresses.join(", ")} in ${region}, versioned, encrypted, TLS only\n`,
  };
}

function addressOf({ state }: StackPlan): string[] {
  return state.kind === "s3" ? [`s3://${state.bucket}/${state.key}`] : [];
}

async function makeBucket({ bucket, region }: S3State, account: string): Promise<void> {
  const found = await aws(["s3api", "head-bucket", "--bucket", bucket, "--expected-bucket-owner", account]);
  if (found.code === 0) return;
  const location = region === "us-east-1" ? [] : ["--create-bucket-configuration", `LocationConstraint=${region}`];
  const made = await aws(["s3api", "create-bucket", "--bucket", bucket, "--region", region, ...location]);
  assertDone(made, `s3api create-bucket ${bucket}`);
}

/** The policy of a bucket of state: nothing without TLS. */
export function stateBucketPolicy({ bucket, region }: Pick<S3State, "bucket" | "region">): object {
  const arn = `arn:${awsPartition(region)}:s3:::${bucket}`;
  return {
    Version: "2012-10-17",
    Statement: [denyPlainHttp(arn)],
  };
}

function settingsOf(state: S3State): readonly (readonly [string, ...string[]])[] {
  const encryption = {
    Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms" }, BucketKeyEnabled: true }],
  };
  const block = { BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true };
  const lifecycle = {
    Rules: [
      {
        ID: "old-states",
        Status: "Enabled",
        Filter: {},
        NoncurrentVersionExpiration: { NoncurrentDays: 365 },
        AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
      },
    ],
  };
  return [
    ["put-public-access-block", "--public-access-block-configuration", JSON.stringify(block)],
    ["put-bucket-versioning", "--versioning-configuration", "Status=Enabled"],
    ["put-bucket-encryption", "--server-side-encryption-configuration", JSON.stringify(encryption)],
    ["put-bucket-lifecycle-configuration", "--lifecycle-configuration", JSON.stringify(lifecycle)],
    ["put-bucket-policy", "--policy", JSON.stringify(stateBucketPolicy(state))],
  ];
}
