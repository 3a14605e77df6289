import { quote } from "../common/quote";
import { regionProblem } from "../common/regions";
import { hostViolations, plainHost } from "../common/server-host";
import type { Problem, Violation } from "../common/violation";

/** Refuses what does not have the form of a name. */
function unless(allowed: boolean, given: string, what: string, remedy: string): Problem | undefined {
  return allowed ? undefined : { problem: `${quote(given)} is not the name of ${what}`, remedy };
}

const DOTTED_QUAD = /^\d+(\.\d+){3}$/;

/** Source: https://cloud.google.com/storage/docs/buckets#naming */
export function gcsBucketProblem(name: string): Problem | undefined {
  const isName =
    /^[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]$/.test(name) && name.split(".").every((part) => /^.{1,63}$/.test(part));
  const isReserved = /^goog|google|g00gle/.test(name) || DOTTED_QUAD.test(name);
  return unless(
    isName && !isReserved && !/\.-|-\./.test(name),
    name,
    "a bucket of Google Cloud Storage",
    'use its name, 3 to 63 lower-case letters, digits, hyphens, underscores and dots, without gs:// and "google"',
  );
}

/** Source: https://learn.microsoft.com/rest/api/storageservices/naming-and-referencing-containers--blobs--and-metadata */
export function containerProblem(name: string): Problem | undefined {
  const isName = /^(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*$/.test(name);
  return unless(isName, name, "a container", "use its name, 3 to 63 lower-case letters, digits and single hyphens");
}

/** Finds what is not the address of a service over TLS; a credential in it is never repeated. */
export function endpointProblem(url: string): Problem | undefined {
  const remedy = 'use only https://, a host and, if needed, a port, such as "https://minio.example.com:9000"';
  if (!/^https:\/\/[A-Za-z0-9._-]+(:\d{1,5})?\/?$/.test(url) || !URL.canParse(url))
    return { problem: "is not an HTTPS address of a service", remedy };
  const [unreachable] = hostViolations(plainHost(new URL(url).hostname), "");
  return unreachable && { problem: unreachable.problem, remedy };
}

/** Finds what is not the id of an access key: the two fields are easily swapped. */
export function accessKeyProblem(id: string): Problem | undefined {
  const remedy =
    "write the id of the key here, and the name of the secret that holds the secret key into secretAccessKey";
  if (id.startsWith("ASIA"))
    return { problem: "is the id of a temporary key, which ends within hours", remedy: "use a key of an IAM user" };
  if (/^[A-Za-z0-9+/]{40}$/.test(id)) return { problem: "looks like the secret key itself", remedy };
  return /^[\w.@-]{3,128}$/.test(id) ? undefined : { problem: "is not the id of an access key", remedy };
}

/** S3 itself has AWS's regions only; other services have their own, such as `auto`. */
export function s3RegionViolations({
  region,
  endpoint,
}: {
  readonly region?: string;
  readonly endpoint?: string;
}): Violation[] {
  const problem = region === undefined || endpoint !== undefined ? undefined : regionProblem(region);
  return problem === undefined ? [] : [{ path: "blobStorage.region", ...problem }];
}
