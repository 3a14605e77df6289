import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runInNewContext } from "node:vm";

import { blobCheck, SIGN } from "../../../domain/environment/blob-check";
import { planEnvironment } from "../../../domain/environment/environment";
import type { BlobSpec } from "../../../domain/storage/storage";
import type { Manifest } from "../../../domain/common/kubernetes";
import { prod } from "../../support/environments/prod";
import { podErrors, type PodSpec } from "../../support/pod-validation";
import { StrictValidation, describeWithApiServer } from "../../support/strict-validation";

const jobsOf = (blobStorage?: BlobSpec): Manifest[] => blobCheck(planEnvironment({ ...prod, blobStorage }));
const podOf = (job: Manifest): PodSpec & { readonly serviceAccountName: string } =>
  (job["spec"] as unknown as { template: { spec: PodSpec & { serviceAccountName: string } } }).template.spec;
const programOf = (job: Manifest): string[] =>
  (podOf(job).containers[0] as unknown as { readonly command: string[] }).command.slice(1);

describe("a check of the bucket", () => {
  test("runs as api and as code-executor, each with the service account that the release gives it", () => {
    const accounts = (spec?: BlobSpec) =>
      jobsOf(spec).map((job) => [job.metadata.name, podOf(job).serviceAccountName, programOf(job)[3]]);

    expect(accounts()).toEqual([
      ["blob-check-api", "retool", "open"],
      ["blob-check-code-executor", "retool", "refused"],
    ]);
    expect(accounts({ identity: "irsa" }).map(([, account]) => account)).toEqual(["retool", "default"]);
    expect(jobsOf().flatMap((job) => podErrors(podOf(job)))).toEqual([]);
  });

  test("signs as AWS documents it", () => {
    // The first example of https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
    const sign = runInNewContext(`${SIGN}; sign`, { require }) as (request: object) => object;

    expect(
      sign({
        method: "GET",
        path: "/test.txt",
        headers: { host: "examplebucket.s3.amazonaws.com", range: "bytes=0-9" },
        body: "",
        time: "20130524T000000Z",
        region: "us-east-1",
        id: "AKIAIOSFODNN7EXAMPLE",
        secret: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
      }),
    ).toMatchObject({
      authorization: expect.stringMatching(
        /Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41$/,
      ),
    });
  });

  test("is nothing where storage exists elsewhere", () => {
    expect(jobsOf({ kind: "gcs", bucket: "company-retool", credentials: "retool/gcs" })).toEqual([]);
  });

  describeWithApiServer("its Jobs are taken by a Kubernetes API server", () => {
    test("with no field that it does not know", async () => {
      expect(await new StrictValidation().complaints(jobsOf())).toEqual([]);
    });
  });
});

describe("its program", () => {
  const objects = new Map<string, string>();
  const seen: string[] = [];
  let isOpen = true;
  let folder = "";
  let server: Server;
  let origin = "";

  const KEYS = "<AccessKeyId>ID</AccessKeyId><SecretAccessKey>S</SecretAccessKey><SessionToken>T</SessionToken>";

  const refusal = "<Error><Code>AccessDenied</Code></Error>";
  const s3: Readonly<Record<string, (url: string, body: string) => [status: number, text?: string]>> = {
    PUT: (url, body) => (objects.set(url, body), [200]),
    GET: (url) => [200, objects.get(url)],
    DELETE: (url) => (objects.delete(url), [204]),
  };

  function answer(method: string, url: string, body: string, isKnown: boolean): [status: number, text?: string] {
    if (url === "/agent") return [400, refusal];
    if (url === "/sts/") return new URLSearchParams(body).get("WebIdentityToken") === "a-token" ? [200, KEYS] : [403];
    return isOpen && isKnown ? s3[method]!(url, body) : [403, refusal];
  }

  const textOf = async (request: IncomingMessage): Promise<string> => {
    let text = "";
    for await (const part of request) text += String(part);
    return text;
  };

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "blob-check-"));
    writeFileSync(join(folder, "token"), "a-token");
    server = createServer((request, response) => {
      void textOf(request).then((body) => {
        const { method = "", url = "", headers } = request;
        seen.push(`${method} ${url.replace(/\d+$/, "N")}`);
        const [status, text] = answer(method, url, body, headers["x-amz-security-token"] === "T");
        response.writeHead(status).end(text);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterAll(async () => {
    await new Promise((resolve) => server.close(resolve));
    rmSync(folder, { recursive: true });
  });

  const run = (
    job: Manifest,
    env: Readonly<Record<string, string>>,
  ): Promise<{ code: number | null; output: string }> =>
    new Promise((resolve) => {
      const child = spawn(process.execPath, programOf(job), { env: { AWS_ENDPOINT_URL_S3: origin, ...env } });
      let output = "";
      child.stdout.on("data", (data: Buffer) => (output += data.toString()));
      child.on("close", (code) => {
        resolve({ code, output });
      });
    });

  test("takes a token to STS, writes, reads and deletes an object, and leaves nothing", async () => {
    const [api, code] = jobsOf({ identity: "irsa" });
    const env = {
      AWS_ENDPOINT_URL_STS: `${origin}/sts/`,
      AWS_WEB_IDENTITY_TOKEN_FILE: join(folder, "token"),
      AWS_ROLE_ARN: "arn:aws:iam::111122223333:role/r",
    };

    expect(await run(api!, env)).toEqual({
      code: 0,
      output: "api -> bucket retool-prod-111122223333-us-east-1: open, as planned\n",
    });
    expect(objects.size).toBe(0);
    expect(seen).toEqual([
      "POST /sts/",
      ...["PUT", "GET", "DELETE"].map((method) => `${method} /cdktf-retool-check/N`),
    ]);
    // Users' code with a way to the bucket is a failure.
    expect(await run(code!, env)).toEqual({ code: 1, output: expect.stringContaining("open, but should be refused") });
  });

  test("names what refused", async () => {
    const [, code] = jobsOf();
    const agent = {
      AWS_CONTAINER_CREDENTIALS_FULL_URI: `${origin}/agent`,
      AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: join(folder, "token"),
    };

    expect(await run(code!, agent)).toEqual({
      code: 0,
      output: expect.stringContaining("refused (Pod Identity agent: 400 AccessDenied), as planned"),
    });
    expect((await run(code!, {})).output).toContain("refused (the pod has no way to credentials), as planned");
    isOpen = false;
    const irsa = { AWS_ENDPOINT_URL_STS: `${origin}/sts/`, AWS_WEB_IDENTITY_TOKEN_FILE: join(folder, "token") };
    expect((await run(code!, irsa)).output).toContain("refused (S3 PUT: 403 AccessDenied), as planned");
  });
});
