import { BLOB_STORAGE_RESOURCES } from "../../constructs/storage/blob-storage";
import { type BlobSpec, planBlob } from "../../domain/storage/storage";
import type { DataProtection } from "../../domain/common/context";
import { Blobs } from "../../stacks/blobs";
import { cluster, context, encryptionKey } from "../support/fakes";
import { type Synthesized, synthesize } from "../support/synthesize";

const GCS: BlobSpec = { kind: "gcs", bucket: "bbb", credentials: "team/gcs" };

const define = (spec?: BlobSpec, dataProtection: DataProtection = "protected"): Synthesized =>
  synthesize((stack) => {
    const { plan } = planBlob(spec, { ...context, dataProtection });
    new Blobs(stack, { plan, dataProtection, cluster, encryptionKey });
  });
const forgotten = (template: Synthesized): string[] =>
  ((template.json["removed"] ?? []) as unknown as { from: string }[]).map(({ from }) => from);

describe("Blobs", () => {
  const own = define();

  test("makes a bucket and the role of its pods", () => {
    expect(own.all("aws_s3_bucket")).toHaveLength(2);
    expect(own.all("aws_eks_pod_identity_association")).toHaveLength(1);
    expect(forgotten(own)).toEqual([]);
  });

  test("makes nothing where storage exists, and forgets the bucket with all that guards it", () => {
    const template = define(GCS);
    const buckets = own.addresses().filter((address) => address.startsWith("aws_s3_"));

    expect(template.addresses()).toEqual([]);
    expect(forgotten(template).sort()).toEqual(buckets.sort());
    expect(Object.keys(BLOB_STORAGE_RESOURCES)).toHaveLength(buckets.length);
  });

  test("lets Terraform delete the bucket of an environment whose data is disposable", () => {
    expect(forgotten(define(GCS, "disposable"))).toEqual([]);
    expect(forgotten(define(GCS, "retain"))).not.toEqual([]);
  });
});
