import { planBlob } from "../../../domain/storage/storage";
import { type S3EndpointInput, s3EndpointStatements, s3EndpointViolations } from "../../../domain/storage/s3-endpoint";
import { formatViolation } from "../../../domain/common/violation";
import { context } from "../../support/fakes";
import { evaluate } from "../../support/iam-evaluator";

const own = planBlob({ bucketName: "mine" }, context).plan;
const input = (over: Partial<S3EndpointInput> = {}): S3EndpointInput => ({
  region: "us-east-1",
  account: "111122223333",
  blobStorage: own,
  environment: {},
  stateBucket: "state",
  auditBucket: "audit",
  furtherBuckets: [],
  ...over,
});
const passes = (resource: string, action = "s3:GetObject", given = input(), owner = "111122223333"): string =>
  evaluate(
    JSON.stringify({
      Version: "2012-10-17",
      Statement: s3EndpointStatements(given).map((one) => ({ Effect: "Allow", ...one })),
    }),
    {
      action,
      resource,
      context: { "aws:ResourceAccount": owner },
    },
  );

describe("s3EndpointStatements", () => {
  test.each([
    ["arn:aws:s3:::mine/apps/1", "s3:PutObject"],
    ["arn:aws:s3:::mine", "s3:ListBucket"],
    ["arn:aws:s3:::mine-logs/s3/1", "s3:GetObject"],
    ["arn:aws:s3:::audit/2026/11/30/node-1.json.gz", "s3:PutObject"],
    ["arn:aws:s3:::state/prod/terraform.tfstate", "s3:GetObject"],
    ["arn:aws:s3:::prod-us-east-1-starport-layer-bucket/layer", "s3:GetObject"],
  ])("lets through %s", (resource, action) => {
    expect(passes(resource, action)).toBe("Allow");
  });

  test.each([
    ["arn:aws:s3:::somebody-elses/1", "s3:PutObject"],
    ["arn:aws:s3:::mine2/1", "s3:PutObject"],
    ["arn:aws:s3:::prod-us-east-1-starport-layer-bucket/layer", "s3:PutObject"],
    ["arn:aws:s3:::prod-eu-west-1-starport-layer-bucket/layer", "s3:GetObject"],
  ])("stops %s", (resource, action) => {
    expect(passes(resource, action)).toBe("None");
  });

  test("stops a bucket of the environment's name that is somebody else's, and no other that the configuration names", () => {
    const given = input({ furtherBuckets: ["sales"] });

    expect(passes("arn:aws:s3:::mine/apps/1", "s3:PutObject", given, "444455556666")).toBe("None");
    expect(passes("arn:aws:s3:::audit/1", "s3:PutObject", given, "444455556666")).toBe("None");
    expect(passes("arn:aws:s3:::sales/1", "s3:GetObject", given, "444455556666")).toBe("Allow");
  });

  test("lets through what the configuration names", () => {
    const given = input({ furtherBuckets: ["sales"], environment: { AGENT_EVALS_S3_BUCKET: "evals" } });

    expect(passes("arn:aws:s3:::sales/1", "s3:GetObject", given)).toBe("Allow");
    expect(passes("arn:aws:s3:::evals/1", "s3:PutObject", given)).toBe("Allow");
  });

  test("knows a bucket of S3 that is used with keys, and none of other services", () => {
    const keys = { kind: "s3-keys", bucket: "theirs", accessKeyId: "AKIA", secretAccessKey: "team/key" } as const;
    const s3 = input({ blobStorage: planBlob(keys, context).plan });
    const minio = input({ blobStorage: planBlob({ ...keys, endpoint: "https://minio.example.com" }, context).plan });

    expect(passes("arn:aws:s3:::theirs/1", "s3:PutObject", s3)).toBe("Allow");
    expect(passes("arn:aws:s3:::theirs/1", "s3:PutObject", minio)).toBe("None");
    expect(passes("arn:aws:s3:::mine/1", "s3:PutObject", minio)).toBe("None");
  });

  test("needs no statement without buckets, and the right partition", () => {
    const gcs = planBlob({ kind: "gcs", bucket: "g", credentials: "team/g" }, context).plan;
    const given = input({ region: "us-gov-west-1", blobStorage: gcs, stateBucket: undefined, auditBucket: undefined });

    expect(s3EndpointStatements(given)).toEqual([
      expect.objectContaining({
        Sid: "ImageLayersOfEcr",
        Resource: ["arn:aws-us-gov:s3:::prod-us-gov-west-1-starport-layer-bucket/*"],
      }),
    ]);
  });
});

describe("s3EndpointViolations", () => {
  const refusals = (over: Partial<S3EndpointInput>): string[] => s3EndpointViolations(input(over)).map(formatViolation);

  test("refuses what is not a name of a bucket", () => {
    const found = s3EndpointViolations(
      input({ furtherBuckets: ["sales", "s3://sales", "a..b", "10.0.0.1", "a--x-s3"] }),
    );
    expect(found.map(({ path, problem }) => `${path}: ${problem}`)).toEqual([
      'network.s3Buckets[1]: "s3://sales" is not the name of an S3 bucket',
      'network.s3Buckets[2]: "a..b" is not the name of an S3 bucket',
      'network.s3Buckets[3]: "10.0.0.1" is not the name of an S3 bucket',
      'network.s3Buckets[4]: "a--x-s3" is not the name of an S3 bucket',
    ]);
  });

  test("keeps the agents' evaluations out of blob storage", () => {
    expect(refusals({ environment: { AGENT_EVALS_S3_BUCKET: "mine" } })).toEqual([
      'retool.environment.AGENT_EVALS_S3_BUCKET: "mine" already holds apps and repositories; give the agents\' evaluations a separate bucket',
    ]);
    expect(refusals({ environment: { AGENT_EVALS_S3_BUCKET: "evals" } })).toEqual([]);
    expect(refusals({})).toEqual([]);
  });
});
