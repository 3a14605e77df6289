import { type ExistingBlobStorageSpec, planExistingBlobStorage } from "../../../domain/storage/other-providers";
import { formatViolation } from "../../../domain/common/violation";
import { chartContract, unknownValues } from "../../support/contracts";
import { context } from "../../support/fakes";

const S3: ExistingBlobStorageSpec = {
  kind: "s3-keys",
  bucket: "bbb",
  accessKeyId: "AKIAEXAMPLE",
  secretAccessKey: "team/s3-key",
};
const GCS: ExistingBlobStorageSpec = { kind: "gcs", bucket: "bbb", credentials: "team/gcs" };
const AZURE: ExistingBlobStorageSpec = {
  kind: "azure",
  account: "retoolblobs",
  container: "ccc",
  connectionString: "team/azure",
};

const plan = (spec: ExistingBlobStorageSpec) => planExistingBlobStorage(spec, context);
const refusals = (spec: unknown): string[] => plan(spec as ExistingBlobStorageSpec).violations.map(formatViolation);

describe("planExistingBlobStorage", () => {
  test("renders S3 with keys", () => {
    expect(plan(S3)).toEqual({
      plan: {
        kind: "s3-keys",
        values: {
          s3: {
            bucket: "bbb",
            region: "us-east-1",
            accessKeyId: "AKIAEXAMPLE",
            secretAccessKeySecretName: "retool-blob-storage",
            secretAccessKeySecretKey: "secret-access-key",
          },
        },
        credential: { name: "retool-blob-storage", key: "secret-access-key", secretName: "team/s3-key", revision: 1 },
        endpoints: [
          {
            host: "s3.us-east-1.amazonaws.com",
            subdomains: true,
            port: 443,
            throughVpc: true,
            document: "https://docs.aws.amazon.com/general/latest/gr/s3.html",
          },
        ],
        bucket: "bbb",
      },
      violations: [],
    });
  });

  test("honours another region and endpoint", () => {
    expect(plan({ ...S3, region: "eu-west-1", endpoint: "https://minio.example.com" }).plan.values).toMatchObject({
      s3: { region: "eu-west-1", endpoint: "https://minio.example.com" },
    });
  });

  test("renders Google Cloud Storage and Azure", () => {
    expect(plan(GCS).plan).toMatchObject({
      values: { gcs: { bucket: "bbb", credentialsSecretName: "retool-blob-storage" } },
      credential: { key: "credentials.json", secretName: "team/gcs" },
    });
    expect(plan(AZURE).plan).toMatchObject({
      values: { azure: { container: "ccc", connectionStringSecretName: "retool-blob-storage" } },
      credential: { key: "connection-string", secretName: "team/azure" },
    });
  });

  test.each([S3, GCS, AZURE])("renders exactly one provider for $kind", (spec) => {
    expect(Object.keys(plan(spec).plan.values)).toHaveLength(1);
  });

  test("refuses two providers at once", () => {
    expect(refusals({ ...GCS, container: "ccc" })).toEqual([
      "blobStorage.container: is not a known setting; remove it or correct its spelling",
    ]);
  });

  test("refuses plain HTTP and empty names", () => {
    expect(refusals({ ...S3, endpoint: "http://minio", bucket: "" })).toEqual([
      "blobStorage.bucket: is empty; give its name",
      'blobStorage.endpoint: is not an HTTPS address of a service; use only https://, a host and, if needed, a port, such as "https://minio.example.com:9000"',
    ]);
  });

  test("refuses credentials in a URL and revisions that are none", () => {
    expect(refusals({ ...S3, endpoint: "https://key:secret@minio.example.com" })).toEqual([
      'blobStorage.endpoint: is not an HTTPS address of a service; use only https://, a host and, if needed, a port, such as "https://minio.example.com:9000"',
    ]);
    expect(refusals({ ...GCS, credentialRevision: 0 })).toEqual([
      "blobStorage.credentialRevision: 0 is out of range; use 1 to 1000000",
    ]);
    expect(refusals({ ...AZURE, account: "Retool_Blobs" })).toEqual([
      "blobStorage.account: is not the name of a storage account; use 3 to 24 lower-case letters and digits",
    ]);
  });

  test.each([S3, GCS, AZURE])("hands out another credential of $kind when its revision grows", (spec) => {
    expect(plan({ ...spec, credentialRevision: 3 }).plan.credential.revision).toBe(3);
  });

  test.each([
    [{ ...S3, secretAccessKey: "a value" }, "secretAccessKey"],
    [{ ...GCS, credentials: '{"private_key":"x"}' }, "credentials"],
    [{ ...AZURE, connectionString: "AccountKey=x;" }, "connectionString"],
  ])("refuses a value where a reference belongs, without repeating it: %#", (spec, field) => {
    const [message, ...more] = refusals(spec);

    expect(more).toEqual([]);
    expect(message).toMatch(
      new RegExp(`^blobStorage\\.${field}: the \\d+ characters given are not the name of a secret`),
    );
    expect(message).not.toMatch(/private_key|AccountKey|a value/);
  });
});

describe("existing blob storage and the chart", () => {
  test.each([S3, GCS, AZURE])("the chart knows every key of $kind", (spec) => {
    expect(chartContract("retool-6.11.21")).toBeDefined();
    expect(unknownValues("retool-6.11.21", { rr: { blobStorage: plan(spec).plan.values } })).toEqual([]);
  });
});
