import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

import { logIn, NotServing } from "../../cli/cluster-login";
import { helmReleases, recordedReleases, removeRecords, stuckReleases, unknownReleases } from "../../cli/helm-records";
import { KubernetesApi, Unreachable } from "../../cli/kubernetes-api";
import { mendHelmRecords } from "../../cli/mend";
import { prod } from "../support/environments/prod";
import { configurationFile } from "../support/project";
import { planEnvironment } from "../../domain/environment/environment";
import { ApiServer } from "../support/api-server";

const folder = mkdtempSync(join(tmpdir(), "helm-records-"));
const servers: ApiServer[] = [];
afterAll(() => {
  rmSync(folder, { recursive: true });
  for (const server of servers) server.stop();
});

const labels = { owner: "helm", name: "retool", status: "pending-upgrade", version: "3" };
const stuck = {
  metadata: {
    name: "sh.helm.release.v1.retool.v3",
    namespace: "retool",
    labels,
    creationTimestamp: "2026-11-21T05:12:08Z",
  },
};
const PATH = "/api/v1/namespaces/retool/secrets/sh.helm.release.v1.retool.v3";

/** An API server that holds records until they are deleted. */
async function serve(...items: (typeof stuck)[]): Promise<ApiServer> {
  const server = await ApiServer.start(({ method }) => {
    if (method === "DELETE") items.pop();
    return { json: method === "GET" ? { items } : {} };
  });
  servers.push(server);
  return server;
}

/** Makes the stack of prod, and a kubeconfig of a server, in the folder that commands run in. */
function prepare({ access }: ApiServer): string {
  const stack = join(folder, "cdktf.out", "stacks", "prod");
  mkdirSync(stack, { recursive: true });
  const helm_release = {
    Retool: { name: "retool", namespace: "retool" },
    Pools: { name: "pools", namespace: "karpenter" },
  };
  writeFileSync(join(stack, "cdk.tf.json"), JSON.stringify({ resource: { helm_release } }));
  writeFileSync(join(folder, "cdktf-retool.config.ts"), configurationFile({ prod }));
  const authority = Buffer.from(access.ca ?? "").toString("base64");
  const kubeconfig = join(folder, "kubeconfig");
  const config = {
    "current-context": "c",
    contexts: [{ name: "c", context: { cluster: "k", user: "u" } }],
    clusters: [{ name: "k", cluster: { server: access.server, "certificate-authority-data": authority } }],
    users: [{ name: "u", user: { token: access.token } }],
  };
  writeFileSync(kubeconfig, JSON.stringify(config));
  jest.spyOn(process, "cwd").mockReturnValue(folder);
  return kubeconfig;
}

describe("stuckReleases", () => {
  const ours = [{ name: "retool", namespace: "retool" }];

  test("finds what a killed operation left of our releases, and of nobody else's", async () => {
    const theirs = { metadata: { ...stuck.metadata, namespace: "someone-elses" } };
    const server = await serve(theirs, stuck);

    await expect(stuckReleases(new KubernetesApi(server.access), ours)).resolves.toEqual([
      {
        release: "retool/retool",
        status: "pending-upgrade",
        revision: "3",
        since: "2026-11-21T05:12:08Z",
        path: PATH,
      },
    ]);
    expect(decodeURIComponent(server.received[0]?.url ?? "").replaceAll("+", " ")).toBe(
      "/api/v1/secrets?labelSelector=owner=helm,status in (pending-install,pending-upgrade,pending-rollback,uninstalling)",
    );
  });

  test("says what the API refused", async () => {
    const server = await ApiServer.start(() => ({ status: 403, json: { message: "no" } }));
    servers.push(server);

    await expect(stuckReleases(new KubernetesApi(server.access), ours)).rejects.toThrow(
      /Kubernetes API: GET \/api\/v1\/secrets.* was refused \(403: no\); check the permissions of these credentials$/,
    );
  });

  test("says why the API found an object wrong, and blames no rights for it", async () => {
    const message = `${"spec.egress is invalid; ".repeat(20)}the last word`;
    const server = await ApiServer.start(() => ({ status: 422, json: { kind: "Status", message } }));
    servers.push(server);

    await expect(new KubernetesApi(server.access).call("POST", "/x", {})).rejects.toThrow(
      `Kubernetes API: POST /x was refused (422: ${message})`,
    );
    await expect(new KubernetesApi(server.access).call("POST", "/x", {})).rejects.not.toThrow("rights");
  });

  test("are taken away one by one, and nothing else is", async () => {
    const server = await serve(stuck);
    const api = new KubernetesApi(server.access);
    await removeRecords(api, await stuckReleases(api, ours));

    expect(server.received.map(({ method, url }) => (method === "GET" ? method : `${method} ${url}`))).toEqual([
      "GET",
      `DELETE ${PATH}`,
    ]);
  });
});

describe("npm run helm-records", () => {
  test("shows what is stuck and changes nothing", async () => {
    const server = await serve(stuck);
    const kubeconfig = prepare(server);

    const refused = mendHelmRecords("prod", { kubeconfig });
    await expect(refused).rejects.toMatchObject({ findings: { mended: false, stuck: [{ release: "retool/retool" }] } });
    await expect(refused).rejects.toThrow(
      "retool/retool: its revision 3 is pending-upgrade since 2026-11-21T05:12:08Z, which blocks every other Helm operation; if no deployment is running, run npx cdktf-retool helm-records prod --mend",
    );
    expect(server.received.map(({ method }) => method)).toEqual(["GET"]);
  });

  test("takes it away where asked, once", async () => {
    const server = await serve(stuck);
    const kubeconfig = prepare(server);
    const first = await mendHelmRecords("prod", { kubeconfig, mend: true });
    const second = await mendHelmRecords("prod", { kubeconfig, mend: true });

    expect(first.json).toMatchObject({ environment: "prod", releases: 2, mended: true, stuck: [{ revision: 3 }] });
    expect(second.json).toEqual({ environment: "prod", releases: 2, mended: false, stuck: [] });
    expect(`${first.text()}${second.text()}`).toBe(
      [
        "retool/retool: deleted revision 3, which was pending-upgrade",
        "Deploy prod again: Helm starts the operation again and adopts what it had made.",
        "None of the 2 releases is stuck.",
        "",
      ].join("\n"),
    );
    expect(server.received.filter(({ method }) => method === "DELETE")).toHaveLength(1);
  });

  test("tells by the cluster's records which releases of state still exist", async () => {
    const server = await serve(stuck);
    prepare(server);
    const asked = ["helm_release.Retool", "helm_release.Pools", "helm_release.Unknown"];

    // What the stack does not name cannot be looked up, and counts as there.
    await expect(
      recordedReleases(new KubernetesApi(server.access), join(folder, "cdktf.out", "stacks", "prod"), asked),
    ).resolves.toEqual(["helm_release.Retool", "helm_release.Unknown"]);
  });

  test("tells which releases the state does not know, by addresses without their index, and since when they are there", async () => {
    const later = { metadata: { ...stuck.metadata, creationTimestamp: "2026-11-22T00:00:00Z" } };
    const server = await serve(later, stuck);
    prepare(server);
    const unknown = (known: string[], since?: Date): Promise<object[]> =>
      unknownReleases(new KubernetesApi(server.access), join(folder, "cdktf.out", "stacks", "prod"), known, since);
    const made = "2026-11-21T05:12:08Z";
    const retool = { address: "helm_release.Retool", name: "retool", namespace: "retool", id: "retool/retool", made };

    await expect(unknown([])).resolves.toEqual([retool]);
    await expect(unknown([], new Date(made))).resolves.toEqual([retool]);
    await expect(unknown([], new Date("2026-11-21T05:12:09Z"))).resolves.toEqual([]);
    await expect(unknown(["helm_release.Retool[0]"])).resolves.toEqual([]);
  });

  test("tells a server that is not reached from one that refuses", async () => {
    const server = await serve();
    const { access } = server;
    server.stop();

    await expect(new KubernetesApi(access).call("GET", "/x")).rejects.toBeInstanceOf(Unreachable);
  });

  test("needs the synthesized stack", () => {
    expect(() => helmReleases(join(folder, "absent"))).toThrow(
      `${join(folder, "absent", "cdk.tf.json")}: does not exist; run npm run synth`,
    );
  });
});

describe("logging in to the cluster", () => {
  /** Puts an `aws` in front of PATH that notes how it was called, and answers by its second word. */
  function standIn(answers: Readonly<Record<string, unknown>>): string {
    const calls = join(folder, "calls");
    const cases = Object.entries(answers).map(([command, answer]) => `${command}) echo '${JSON.stringify(answer)}';;`);
    writeFileSync(
      join(folder, "aws"),
      `#!/bin/sh\necho "$AWS_ACCESS_KEY_ID $*" >> ${calls}\ncase "$2" in\n${cases.join("\n")}\n*) echo "An error occurred: denied" >&2; exit 254;;\nesac\n`,
    );
    chmodSync(join(folder, "aws"), 0o755);
    rmSync(calls, { force: true });
    process.env["PATH"] = `${folder}${delimiter}${process.env["PATH"] ?? ""}`;
    process.env["AWS_ACCESS_KEY_ID"] = "own";
    return calls;
  }
  const before = { ...process.env };
  afterEach(() => {
    process.env = { ...before };
  });

  const answers = {
    "describe-cluster": ["ACTIVE", "https://cluster", Buffer.from("PEM").toString("base64")],
    "get-token": { status: { token: "k8s-aws-v1.x" } },
    "assume-role": { AccessKeyId: "role", SecretAccessKey: "s", SessionToken: "t" },
  };
  const deployRoleArn = "arn:aws:iam::111122223333:role/deploy";

  test("asks for the environment's cluster in its region", async () => {
    const calls = standIn(answers);

    await expect(logIn(planEnvironment(prod))).resolves.toEqual({
      server: "https://cluster",
      ca: "PEM",
      verify: true,
      token: "k8s-aws-v1.x",
    });
    expect(linesOf(calls)).toEqual([
      "own eks describe-cluster --name retool-prod --region us-east-1 --query cluster.[status,endpoint,certificateAuthority.data] --output json --cli-connect-timeout 10 --cli-read-timeout 20",
      "own eks get-token --cluster-name retool-prod --region us-east-1 --output json --cli-connect-timeout 10 --cli-read-timeout 20",
    ]);
  });

  test.each([
    ["CREATING", null, null],
    ["DELETING", "https://cluster", "UEVN"],
  ])("finds no API while the cluster is %s", async (...cluster) => {
    standIn({ ...answers, "describe-cluster": cluster });

    await expect(logIn(planEnvironment(prod))).rejects.toThrow(
      new NotServing(`retool-prod: the cluster is ${cluster[0]}; run the same command again when that has ended`),
    );
  });

  test("says that a cluster without an endpoint has none", async () => {
    standIn({ ...answers, "describe-cluster": ["FAILED", null, null] });

    await expect(logIn(planEnvironment(prod))).rejects.toThrow(
      "retool-prod: the cluster is FAILED and has no endpoint; look at its health in EKS",
    );
  });

  test("acts in the deploy role where there is one", async () => {
    const calls = standIn(answers);
    await logIn(planEnvironment({ ...prod, deployRoleArn }));

    expect(linesOf(calls).map((line) => line.split(" ").slice(0, 3).join(" "))).toEqual([
      "own sts assume-role",
      "role eks describe-cluster",
      "role eks get-token",
    ]);
  });

  test("says what AWS refused", async () => {
    standIn({});

    await expect(logIn(planEnvironment(prod))).rejects.toThrow(
      "aws eks describe-cluster: An error occurred: denied; fix it and run the same command again",
    );
  });
});

function linesOf(file: string): string[] {
  return readFileSync(file, "utf8").trim().split("\n");
}
