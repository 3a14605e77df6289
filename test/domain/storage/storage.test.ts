import { type BlobSpec, planBlob } from "../../../domain/storage/storage";
import type { EgressRule } from "../../../domain/egress/rules";
import { planEnvironment } from "../../../domain/environment/environment";
import { isSettable } from "../../../domain/environment/settable";
import { formatViolation } from "../../../domain/common/violation";
import { prod } from "../../support/environments/prod";
import { context } from "../../support/fakes";

const GCS: BlobSpec = { kind: "gcs", bucket: "bbb", credentials: "team/gcs" };
const AZURE: BlobSpec = { kind: "azure", account: "retoolblobs", container: "ccc", connectionString: "team/azure" };
const S3_KEYS: BlobSpec = {
  kind: "s3-keys",
  bucket: "bbb",
  accessKeyId: "AKIAEXAMPLE",
  secretAccessKey: "team/s3-key",
};

const refusals = (spec: unknown): string[] => planBlob(spec as BlobSpec, context).violations.map(formatViolation);

describe("planBlob", () => {
  test.each<[string, BlobSpec | undefined]>([
    ["by default", undefined],
    ["without a kind", { bucketName: "mine" }],
    ["with its kind", { kind: "s3", noncurrentVersionDays: 10 }],
  ])("makes a bucket %s", (_, spec) => {
    expect(planBlob(spec, context)).toMatchObject({ plan: { kind: "s3" }, violations: [] });
  });

  test.each<BlobSpec>([GCS, AZURE, S3_KEYS])("takes what exists: $kind", (spec) => {
    expect(planBlob(spec, context)).toMatchObject({ plan: { kind: spec.kind }, violations: [] });
  });

  test.each([
    [[GCS, AZURE], "lists 2 providers"],
    [{ gcs: GCS, azure: AZURE }, "names 2 providers (gcs, azure)"],
    [{ kind: "s3", s3: {}, gcs: {}, azure: {} }, "names 3 providers (s3, gcs, azure)"],
  ])("refuses two providers: %#", (spec, problem) => {
    expect(refusals(spec)).toEqual([
      `blobStorage: ${problem}, and Retool uses exactly one; keep one: { kind: "s3" | "s3-keys" | "gcs" | "azure", ... }`,
    ]);
  });

  test("refuses a field of another provider, and a provider that nobody knows", () => {
    expect(refusals({ ...GCS, container: "ccc" })).toEqual([
      "blobStorage.container: is not a known setting; remove it or correct its spelling",
    ]);
    expect(refusals({ kind: "ftp" })).toHaveLength(1);
    expect(refusals("s3")).toHaveLength(1);
  });

  test("knows the settings of every kind", () => {
    const paths = ["kind", "bucketName", "bucket", "container", "credentials", "connectionString", "account"];

    expect(paths.filter((path) => !isSettable(`blobStorage.${path}`))).toEqual([]);
    expect(isSettable("blobStorage.values")).toBe(false);
  });
});

describe("an environment's way to blob storage", () => {
  const rules = (blobStorage?: BlobSpec): EgressRule[] =>
    planEnvironment({ ...prod, blobStorage }).egress.rules.filter(
      ({ id }) => id.startsWith("blob-storage/") || id === "platform/bucket" || id.startsWith("platform/pod-identity"),
    );
  const summary = (blobStorage?: BlobSpec): string[] =>
    rules(blobStorage).map(({ id, port, route }) => `${id}:${port} ${route}`);

  test.each<[string, BlobSpec | undefined, string[]]>([
    ["its own bucket", undefined, ["platform/bucket:443 endpoint", "platform/pod-identity/api:80 private"]],
    ["S3 with keys", S3_KEYS, ["blob-storage/s3.us-east-1.amazonaws.com:443 endpoint"]],
    ["another region", { ...S3_KEYS, region: "eu-west-1" }, ["blob-storage/s3.eu-west-1.amazonaws.com:443 internet"]],
    [
      "another service",
      { ...S3_KEYS, endpoint: "https://minio.example.com:9000" },
      ["blob-storage/minio.example.com:9000 internet"],
    ],
    [
      "Google",
      GCS,
      ["blob-storage/storage.googleapis.com:443 internet", "blob-storage/oauth2.googleapis.com:443 internet"],
    ],
    ["Azure", AZURE, ["blob-storage/retoolblobs.blob.core.windows.net:443 internet"]],
  ])("leads to %s and nowhere else", (_, blobStorage, expected) => {
    expect(summary(blobStorage).sort()).toEqual(expected.sort());
  });

  test("is open to the same pods wherever it leads", () => {
    // Nodes fetch the layers of images from S3 as well, and Terraform keeps its state there.
    const podsOf = ({ sources = [] }: Partial<ReturnType<typeof rules>[number]> = {}): readonly string[] =>
      sources.filter((source) => source !== "nodes" && source !== "deployer");
    const [own] = rules();

    expect(podsOf(own)).toContain("api");
    for (const rule of [...rules(GCS), ...rules(AZURE), ...rules(S3_KEYS)]) expect(podsOf(rule)).toEqual(podsOf(own));
  });

  test.each<[BlobSpec, string]>([
    [{ ...GCS, credentials: "retool/license-key" }, "license"],
    [{ ...AZURE, connectionString: "retool/prod/agent-sandbox" }, "sandboxKeys"],
  ])("refuses a credential that is another secret as well", (blobStorage, owner) => {
    expect(() => planEnvironment({ ...prod, blobStorage })).toThrow(`is also the secret of ${owner}`);
  });
});
