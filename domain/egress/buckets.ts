import type { EgressRule } from "./rules";
import { formatDestination } from "./rules";

/** Warehouses that hand out large results, or load data, by way of S3 in the region where they run. */
const WAREHOUSES = [
  "snowflakecomputing.com",
  "redshift.amazonaws.com",
  "redshift-serverless.amazonaws.com",
  "cloud.databricks.com",
];

/**
 * Warnings of a team's rows that lead to S3: what is in the environment's region goes through the VPC's endpoint of S3, whose policy knows
 * only listed buckets.
 */
export function bucketNotes(rules: readonly EgressRule[], s3Buckets: readonly string[], region: string): string[] {
  return rules.flatMap(({ destination, sources }) => {
    const name = formatDestination(destination);
    // A runner in the VPC calls the region's own host, for the buckets of the environment and of its state.
    if (name === `s3.${region}.amazonaws.com` && sources.every((source) => source === "nodes")) return [];
    return [...storageNote(name, s3Buckets, region), ...warehouseNote(name, s3Buckets)];
  });
}

function storageNote(name: string, s3Buckets: readonly string[], region: string): string[] {
  const isHere = [`s3.${region}.amazonaws.com`, "s3.amazonaws.com"].some((end) => `.${name}`.endsWith(`.${end}`));
  const [, bucket = ""] = /^(.+)\.s3\./.exec(name) ?? [];
  if (!isHere || s3Buckets.includes(bucket)) return [];
  const which = bucket === "" || bucket.includes("*") ? "its buckets" : `"${bucket}"`;
  return [
    `${name}: S3 in ${region} is reached through the VPC's endpoint, which passes only buckets that are listed; add ${which} to network.s3Buckets.`,
  ];
}

/** Where Snowflake's drivers ask for revoked certificates: it holds no data. */
const CERTIFICATE_CHECKS = /^ocsp\b.*\.snowflakecomputing\.com$/;

function warehouseNote(name: string, s3Buckets: readonly string[]): string[] {
  const isWarehouse = WAREHOUSES.some((domain) => name.endsWith(`.${domain}`)) && !CERTIFICATE_CHECKS.test(name);
  if (s3Buckets.length > 0 || !isWarehouse) return [];
  return [
    `${name}: a warehouse hands out large results from buckets in S3, and the VPC's endpoint passes only buckets that are listed; ` +
      "where its stage is in this region, add the bucket to network.s3Buckets.",
  ];
}
