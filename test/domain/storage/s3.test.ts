import fc from "fast-check";

import { type BlobStorageSpec, planBlobStorage } from "../../../domain/storage/s3";
import type { EnvironmentContext } from "../../../domain/common/context";
import { formatViolation } from "../../../domain/common/violation";
import { context } from "../../support/fakes";

const plan = (spec?: BlobStorageSpec, environment: EnvironmentContext = context) => planBlobStorage(spec, environment);
const refusals = (spec: BlobStorageSpec): string[] => plan(spec).violations.map(formatViolation);

describe("planBlobStorage", () => {
  test("keeps every version long enough for a restored database by default", () => {
    expect(plan()).toEqual({
      plan: {
        kind: "s3",
        bucketName: "retool-prod-111122223333-us-east-1",
        logBucketName: "retool-prod-111122223333-us-east-1-logs",
        noncurrentVersionDays: 35,
        accessLogDays: 90,
        abortedUploadDays: 7,
        account: "111122223333",
        emptyOnDestroy: false,
        preventDestroy: true,
        userCodePodNames: ["*-code-executor-*", "*-js-executor-*"],
        access: {
          identity: "pod-identity",
          account: "111122223333",
          roleName: "retool-prod-blob-access",
          namespace: "retool",
          serviceAccount: "retool",
          refusedPodNames: [
            "*-code-executor-*",
            "*-js-executor-*",
            "*-workflow-backend-*",
            "*-multiplayer-ws-*",
            "*-mcp-*",
          ],
          region: "us-east-1",
        },
      },
      violations: [],
    });
  });

  test.each<[BlobStorageSpec, object]>([
    [{ bucketName: "my-bucket" }, { bucketName: "my-bucket", logBucketName: "my-bucket-logs" }],
    [{ noncurrentVersionDays: 1 }, { noncurrentVersionDays: 1 }],
    [{ noncurrentVersionDays: 3650 }, { noncurrentVersionDays: 3650 }],
    [{ accessLogDays: 365 }, { accessLogDays: 365 }],
  ])("honours %j", (spec, expected) => {
    expect(plan(spec)).toMatchObject({ plan: expected, violations: [] });
  });

  test.each([
    ["retain", { emptyOnDestroy: false, preventDestroy: true }],
    ["disposable", { emptyOnDestroy: true, preventDestroy: false }],
  ] as const)("under %s", (dataProtection, expected) => {
    expect(plan({}, { ...context, dataProtection }).plan).toMatchObject(expected);
  });

  test("tells two environments, accounts and regions apart by the bucket's name", () => {
    const name = (change: Partial<EnvironmentContext>): string => plan({}, { ...context, ...change }).plan.bucketName;

    expect(
      new Set([name({}), name({ prefix: "retool-x" }), name({ account: "2" }), name({ region: "eu-west-1" })]).size,
    ).toBe(4);
  });

  test.each([
    "My-Bucket",
    "a",
    "ab",
    "-abc",
    "abc-",
    "with.dots",
    "under_score",
    "xn--abc",
    "sthree-abc",
    "amzn-s3-demo-x",
    "abc-s3alias",
    "abc--ol-s3",
    "abc--x-s3",
    "abc--table-s3",
    "",
  ])("refuses the bucket name %j", (bucketName) => {
    expect(refusals({ bucketName })).toEqual([
      `blobStorage.bucketName: "${bucketName}" is not a bucket name; use lower-case letters, digits and hyphens, without a prefix or suffix that S3 reserves`,
    ]);
  });

  test("leaves room for the name of the bucket of logs", () => {
    expect(refusals({ bucketName: "b".repeat(58) })).toEqual([]);
    expect(refusals({ bucketName: "b".repeat(59) })).toEqual([
      `blobStorage.bucketName: "${"b".repeat(59)}" has 59 characters, and its access log bucket adds 5; use at most 58 characters`,
    ]);
  });

  test.each([0, -1, 3651, 1.5])("refuses %d days", (days) => {
    const problem = Number.isInteger(days) ? "out of range" : "not a whole number";
    expect(refusals({ noncurrentVersionDays: days, accessLogDays: days })).toEqual([
      `blobStorage.noncurrentVersionDays: ${days} is ${problem}; use 1 to 3650 days`,
      `blobStorage.accessLogDays: ${days} is ${problem}; use 1 to 3650 days`,
    ]);
  });

  test("refuses unknown settings and wrong types, and still plans", () => {
    const spec = { encrypted: false, accessLogDays: "90" } as unknown as BlobStorageSpec;

    expect(refusals(spec)).toEqual([
      'blobStorage.accessLogDays: "90" is not a number; use 1 to 3650 days',
      "blobStorage.encrypted: is not a known setting; remove it or correct its spelling",
    ]);
    expect(plan(spec).plan).toEqual(plan().plan);
  });

  test("accepts only names that fit S3 with room for the logs", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("a", "9", "-", ".", "A"), maxLength: 70 }), (bucketName) => {
        const { plan: planned, violations } = plan({ bucketName });
        if (violations.length > 0) return;

        expect(planned.logBucketName).toMatch(/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/);
      }),
    );
  });
});
