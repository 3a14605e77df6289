import { mkdtempSync, rmSync } from "node:fs";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { KubeFront } from "../../local/kube-front";
import { paths } from "../../local/paths";
import { ApiServer } from "../support/api-server";

const folder = mkdtempSync(join(tmpdir(), "kube-front-"));
// Not the file of a deployment that the user keeps.
Object.assign(paths, { kubeFront: join(folder, "kube-front.json") });

/** A token as `aws eks get-token` makes it: a presigned URL in base64. */
function clusterToken(action = "GetCallerIdentity", headers = "host;x-k8s-aws-id"): string {
  const query = new URLSearchParams({ Action: action, "X-Amz-SignedHeaders": headers });
  return `k8s-aws-v1.${Buffer.from(`http://127.0.0.1:1/?${query.toString()}`).toString("base64url")}`;
}

describe("KubeFront", () => {
  let api: ApiServer;
  let front: KubeFront;
  let endpoint: string;
  let ca: string;

  beforeAll(async () => {
    api = await ApiServer.start(({ url, method }) => ({ json: { url }, isCut: method === "PUT" }));
    front = await KubeFront.start(api.access);
    const { MOTO_EKS_ENDPOINT = "", MOTO_EKS_CA_DATA = "" } = front.emulatorVariables();
    endpoint = MOTO_EKS_ENDPOINT;
    ca = Buffer.from(MOTO_EKS_CA_DATA, "base64").toString("utf8");
  });

  afterAll(() => {
    front.stop();
    api.stop();
    rmSync(folder, { recursive: true });
  });

  function call(
    token: string | undefined,
    body?: string,
    method = body === undefined ? "GET" : "POST",
  ): Promise<{ status: number; text: string }> {
    const headers = { connection: "close", ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) };
    return new Promise((resolve, reject) => {
      const outgoing = request(`${endpoint}/api/v1/nodes?limit=1`, { ca, headers, method }, (answer) => {
        let text = "";
        answer.on("error", reject).on("data", (chunk: Buffer) => (text += chunk.toString()));
        answer.on("end", () => {
          resolve({ status: answer.statusCode ?? 0, text });
        });
      });
      outgoing.on("error", reject);
      outgoing.end(body);
    });
  }

  test("forwards with the kubeconfig's own credential, over TLS that its own authority signs", async () => {
    await expect(call(clusterToken(), "{}")).resolves.toEqual({ status: 200, text: '{"url":"/api/v1/nodes?limit=1"}' });
    expect(api.received.at(-1)).toMatchObject({ method: "POST", authorization: "Bearer secret-token", body: "{}" });
  });

  test.each([
    ["no token", undefined],
    ["another kind of token", "secret-token"],
    ["a token of another call", clusterToken("AssumeRole")],
    ["a token that is bound to no cluster", clusterToken("GetCallerIdentity", "host")],
    ["a token that is not a URL", `k8s-aws-v1.${Buffer.from("nothing").toString("base64url")}`],
  ])("refuses %s and forwards nothing", async (_, token) => {
    const before = api.received.length;

    await expect(call(token)).resolves.toMatchObject({ status: 401 });
    expect(api.received).toHaveLength(before);
  });

  test("ends an answer in whose middle the server goes away", async () => {
    await expect(call(clusterToken(), "{}", "PUT")).rejects.toThrow("aborted");
  });

  test("keeps address and certificate over a restart, because the emulated cluster reports them", async () => {
    const before = front.emulatorVariables();
    front.stop();
    front = await KubeFront.start(api.access);

    expect(front.emulatorVariables()).toEqual(before);
    await expect(call(clusterToken())).resolves.toMatchObject({ status: 200 });
  });
});
