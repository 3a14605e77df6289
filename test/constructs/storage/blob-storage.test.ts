import { BlobStorage } from "../../../constructs/storage/blob-storage";
import { type BlobStorageSpec, planBlobStorage } from "../../../domain/storage/s3";
import type { DataProtection } from "../../../domain/common/context";
import { context, encryptionKey } from "../../support/fakes";
import { type Block, type Synthesized, synthesize } from "../../support/synthesize";

const define = (spec: BlobStorageSpec = {}, dataProtection: DataProtection = "protected"): Synthesized =>
  synthesize((stack) => {
    const { plan } = planBlobStorage(spec, { ...context, dataProtection });
    new BlobStorage(stack, "Blob", { plan, encryptionKey });
  });

/** The resources of a type, one for each bucket: the data first, the access logs second. */
const both = (template: Synthesized, type: string): [Block, Block] => {
  const byName = Object.entries(template.json["resource"]?.[type] ?? {});
  const [logs, data] = [true, false].map((ofLogs) => byName.filter(([name]) => name.includes("_Logs") === ofLogs));
  if (data?.length !== 1 || logs?.length !== 1) throw new Error(`expected one ${type} for each bucket`);
  return [data[0]![1], logs[0]![1]];
};
const rules = (block: Block): Record<string, unknown>[] => block["rule"] as Record<string, unknown>[];

describe("BlobStorage", () => {
  test("names both buckets", () => {
    const [data, logs] = both(define({ bucketName: "data-1" }), "aws_s3_bucket");

    expect([data["bucket"], logs["bucket"]]).toEqual(["data-1", "data-1-logs"]);
  });

  test("blocks public access and ACLs and keeps versions, on both buckets", () => {
    const template = define({}, "disposable");

    for (const block of both(template, "aws_s3_bucket_public_access_block")) {
      expect(block).toMatchObject({
        block_public_acls: true,
        block_public_policy: true,
        ignore_public_acls: true,
        restrict_public_buckets: true,
      });
    }
    for (const block of both(template, "aws_s3_bucket_ownership_controls")) {
      expect(block).toMatchObject({ rule: { object_ownership: "BucketOwnerEnforced" } });
    }
    for (const block of both(template, "aws_s3_bucket_versioning")) {
      expect(block).toMatchObject({ versioning_configuration: { status: "Enabled" } });
    }
  });

  test("encrypts data with the given key and a bucket key", () => {
    const [data] = both(define(), "aws_s3_bucket_server_side_encryption_configuration");

    expect(rules(data)).toEqual([
      {
        apply_server_side_encryption_by_default: { sse_algorithm: "aws:kms", kms_master_key_id: encryptionKey.keyArn },
        bucket_key_enabled: true,
      },
    ]);
  });

  test("deletes old versions and aborted uploads, and never a current object", () => {
    const [data, logs] = both(
      define({ noncurrentVersionDays: 99, accessLogDays: 42 }),
      "aws_s3_bucket_lifecycle_configuration",
    );

    expect(rules(data)).toMatchObject([
      {
        status: "Enabled",
        noncurrent_version_expiration: [{ noncurrent_days: 99 }],
        abort_incomplete_multipart_upload: [{ days_after_initiation: 7 }],
      },
    ]);
    expect(rules(data).flatMap((rule) => Object.keys(rule))).not.toContain("expiration");
    expect(rules(data).flatMap((rule) => Object.keys(rule))).not.toContain("transition");
    expect(rules(logs)).toMatchObject([{ expiration: [{ days: 42 }] }]);
  });

  test("logs who reads and writes, once S3 may write the logs", () => {
    const template = define();
    const [, logsPolicy] = both(template, "aws_s3_bucket_policy");

    expect(template.only("aws_s3_bucket_logging")).toMatchObject({
      target_prefix: "s3/",
      depends_on: [expect.stringMatching(/^aws_s3_bucket_policy\.Blob_LogsPolicy_/)],
    });
    expect(JSON.parse(logsPolicy["policy"] as string)).toMatchObject({
      Statement: [
        { Sid: "TlsOnly", Effect: "Deny" },
        {
          Effect: "Allow",
          Principal: { Service: "logging.s3.amazonaws.com" },
          Action: "s3:PutObject",
          Condition: { StringEquals: { "aws:SourceAccount": "111122223333" } },
        },
      ],
    });
  });

  test("sets a policy only when public policies are blocked already", () => {
    for (const policy of both(define(), "aws_s3_bucket_policy")) {
      expect(policy["depends_on"]).toEqual([expect.stringMatching(/^aws_s3_bucket_public_access_block\./)]);
    }
  });

  test.each([
    ["protected", true, false],
    ["retain", true, false],
    ["disposable", false, true],
  ] as const)("under %s", (dataProtection, preventDestroy, forceDestroy) => {
    const [data, logs] = both(define({}, dataProtection), "aws_s3_bucket");

    expect(data).toMatchObject({ lifecycle: { prevent_destroy: preventDestroy }, force_destroy: forceDestroy });
    expect(logs["force_destroy"]).toBe(forceDestroy);
  });
});
