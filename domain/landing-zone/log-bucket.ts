import { awsPartition } from "../common/aws-partition";
import type { Problem } from "../common/violation";

/** The bucket in which an organization keeps logs. */
export interface LogBucketPlan {
  /** Name of the bucket. */
  readonly name: string;
  /** Beginning of all keys, without slashes at its ends; may be empty. */
  readonly keyPrefix: string;
}

/**
 * Finds what cannot begin the keys of logs.
 *
 * Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
 */
export function keyPrefixProblem(prefix: string): Problem | undefined {
  if (prefix === "" || (/^[\w.-]+(\/[\w.-]+)*$/.test(prefix) && !prefix.includes("AWSLogs"))) return undefined;
  return {
    problem: `"${prefix}" cannot be the prefix of log keys`,
    remedy: 'use letters, digits and _ . - between slashes, such as "retool/prod", without "AWSLogs", which AWS adds',
  };
}

/** Where flow logs go in the bucket, as an ARN. */
export function flowLogDestination({ name, keyPrefix }: LogBucketPlan, region: string): string {
  return `arn:${awsPartition(region)}:s3:::${name}${keyPrefix === "" ? "" : `/${keyPrefix}`}`;
}
