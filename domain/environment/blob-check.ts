import { WITHOUT_ROLE } from "../chart/post-render";
import { RETOOL_SERVICE_ACCOUNT } from "../chart/values";
import type { Manifest } from "../common/kubernetes";
import { checkJob } from "./check-job";
import type { EnvironmentPlan } from "./environment";

/**
 * Builds Jobs that write, read and delete an object of the bucket: as `api`, which must be able to, and as `code-executor`, which must not.
 * None where storage exists elsewhere.
 *
 * Both run as the service account that the release gives the container, and get credentials as AWS's own libraries do. The object stands below
 * `cdktf-retool-check/`; as the bucket keeps versions, it is gone for good after `noncurrentVersionDays`.
 */
export function blobCheck(plan: EnvironmentPlan): Manifest[] {
  const { blobStorage, context } = plan;
  if (blobStorage.kind !== "s3") return [];
  const codeAccount = blobStorage.access.identity === "irsa" ? WITHOUT_ROLE : RETOOL_SERVICE_ACCOUNT;
  const tried = [
    { component: "api", expected: "open", serviceAccount: RETOOL_SERVICE_ACCOUNT },
    { component: "code-executor", expected: "refused", serviceAccount: codeAccount },
  ] as const;
  return tried.map(({ component, expected, serviceAccount }) =>
    checkJob(plan, component, {
      name: "blob",
      script: `${SIGN}\n${SCRIPT}`,
      arguments: [component, expected, blobStorage.bucketName, context.region],
      serviceAccount,
    }),
  );
}

/**
 * Signs a request for S3. The pods' images have no AWS library at a place that is documented.
 *
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
 */
export const SIGN = `
const { createHash, createHmac } = require("node:crypto");
const sha256 = (text) => createHash("sha256").update(text).digest("hex");
const hmac = (key, text) => createHmac("sha256", key).update(text).digest();
const sign = ({ method, path, headers, body, time, region, id, secret }) => {
  const all = { ...headers, "x-amz-content-sha256": sha256(body), "x-amz-date": time };
  const names = Object.keys(all).sort();
  const lines = names.map((name) => name + ":" + all[name]);
  const request = [method, path, "", ...lines, "", names.join(";"), sha256(body)].join("\\n");
  const scope = [time.slice(0, 8), region, "s3", "aws4_request"];
  const key = scope.reduce(hmac, "AWS4" + secret);
  const signature = hmac(key, ["AWS4-HMAC-SHA256", time, scope.join("/"), sha256(request)].join("\\n")).toString("hex");
  const credential = id + "/" + scope.join("/");
  return { ...all, authorization: "AWS4-HMAC-SHA256 Credential=" + credential + ",SignedHeaders=" + names.join(";") + ",Signature=" + signature };
};
`.trim();

/** What the pods run. What should work is tried for half a minute: policies take hold a moment after a pod has started. */
const SCRIPT = `
const { readFileSync } = require("node:fs");
const [who, expected, bucket, region] = process.argv.slice(1);
const { env } = process;
const call = async (what, url, options = {}) => {
  const answer = await fetch(url, { ...options, signal: AbortSignal.timeout(5000) }).catch((error) => {
    throw new Error(what + ": " + (error.cause?.code ?? error.name));
  });
  const text = await answer.text();
  if (answer.ok) return text;
  throw new Error(what + ": " + answer.status + " " + (/<Code>(\\w+)/.exec(text)?.[1] ?? ""));
};
const credentials = async () => {
  if (env.AWS_CONTAINER_CREDENTIALS_FULL_URI) {
    const authorization = readFileSync(env.AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE, "utf8");
    const text = await call("Pod Identity agent", env.AWS_CONTAINER_CREDENTIALS_FULL_URI, { headers: { authorization } });
    const { AccessKeyId: id, SecretAccessKey: secret, Token: token } = JSON.parse(text);
    return { id, secret, token };
  }
  if (!env.AWS_WEB_IDENTITY_TOKEN_FILE) throw new Error("the pod has no way to credentials");
  const body = new URLSearchParams({
    Action: "AssumeRoleWithWebIdentity",
    Version: "2011-06-15",
    RoleArn: env.AWS_ROLE_ARN,
    RoleSessionName: "cdktf-retool-check",
    WebIdentityToken: readFileSync(env.AWS_WEB_IDENTITY_TOKEN_FILE, "utf8"),
  });
  const text = await call("STS", env.AWS_ENDPOINT_URL_STS ?? "https://sts." + region + ".amazonaws.com", { method: "POST", body });
  const [id, secret, token] = ["AccessKeyId", "SecretAccessKey", "SessionToken"].map((name) => text.split("<" + name + ">")[1].split("<")[0]);
  return { id, secret, token };
};
const attempt = async () => {
  const { token, ...keys } = await credentials();
  const at = new URL(env.AWS_ENDPOINT_URL_S3 ?? "https://" + bucket + ".s3." + region + ".amazonaws.com");
  const path = "/cdktf-retool-check/" + Date.now();
  const s3 = (method, body = "") => {
    const time = new Date().toISOString().replace(/[:-]|\\.\\d+/g, "");
    const { host, ...headers } = sign({ method, path, headers: { host: at.host, "x-amz-security-token": token }, body, time, region, ...keys });
    return call("S3 " + method, at.origin + path, { method, headers, ...(body && { body }) });
  };
  await s3("PUT", path);
  try {
    if ((await s3("GET")) !== path) throw new Error("S3 GET: other content");
  } finally {
    await s3("DELETE");
  }
  return "open";
};
const tried = () => attempt().catch(({ message }) => "refused (" + message + ")");
(async () => {
  let found = await tried();
  for (const end = Date.now() + 30000; expected === "open" && found !== "open" && Date.now() < end; found = await tried())
    await new Promise((resolve) => setTimeout(resolve, 2000));
  const isRight = found.startsWith(expected);
  console.log(who + " -> bucket " + bucket + ": " + found + (isRight ? ", as planned" : ", but should be " + expected));
  if (!isRight) process.exitCode = 1;
})();
`.trim();
