import { planEnvironment } from "../../../domain/environment/environment";
import { prod } from "../../support/environments/prod";

const notesOf = (to: string, s3Buckets: readonly string[] = [], reason?: string): string[] =>
  planEnvironment({ ...prod, network: { s3Buckets }, egress: { resources: [{ to, reason }] } }).egress.notes.filter(
    (note) => note.includes("network.s3Buckets"),
  );

describe("data sources in S3", () => {
  test.each([
    [`sales.s3.${prod.region}.amazonaws.com`, 'add "sales" to network.s3Buckets', "sales"],
    ["sales.s3.amazonaws.com", 'add "sales" to network.s3Buckets', "sales"],
    ["acme.snowflakecomputing.com", "add the bucket to network.s3Buckets", "stage"],
  ])("%s names the setting of the endpoint's policy: %s", (to, remedy, bucket) => {
    expect(notesOf(to)).toEqual([expect.stringContaining(remedy)]);
    expect(notesOf(to, [bucket])).toEqual([]);
  });

  test("named in the path of the region's own host are not known by name", () => {
    expect(notesOf(`s3.${prod.region}.amazonaws.com`, [], "Exports")).toEqual([
      expect.stringContaining("add its buckets"),
    ]);
  });

  test.each(["sales.s3.ap-southeast-2.amazonaws.com", "db.example.com", "ocsp.snowflakecomputing.com"])(
    "%s does not go through the endpoint",
    (to) => {
      expect(notesOf(to)).toEqual([]);
    },
  );
});
