import { BUCKET_NAME_LIMIT } from "./names";
import { quote } from "./quote";
import type { Problem } from "./violation";

/** Labels of lower-case letters, digits and inner hyphens, with single dots between them. */
const LABELS = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/;

const ADDRESS = /^\d+(\.\d+){3}$/;

/** Prefixes and suffixes that S3 keeps for itself. */
const RESERVED = /^(xn--|sthree-|amzn-s3-demo-)|(-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$/;

/**
 * Finds what is not the name of a general purpose bucket of S3.
 *
 * A hyphen next to a dot is refused too: the name is part of a host name, which allows none.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html; other services that speak its protocol
 * follow it.
 */
export function bucketNameProblem(name: string): Problem | undefined {
  const fits = name.length >= 3 && name.length <= BUCKET_NAME_LIMIT;
  if (fits && LABELS.test(name) && !ADDRESS.test(name) && !RESERVED.test(name)) return undefined;
  return {
    problem: `${quote(name)} is not the name of an S3 bucket`,
    remedy:
      "use only its name: 3 to 63 lower-case letters, digits, hyphens and single dots, without an address or ARN around it, and without a prefix or suffix that S3 reserves",
  };
}
