import { readFileSync } from "node:fs";
import { join } from "node:path";

import { drawStack } from "../scripts/diagram-draw";
import type { SynthesizedStack } from "../scripts/diagram-graph";
import { pictureOf } from "../scripts/diagram-picture";

type Resources = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** A stack of the given resources by address; the keys of the paths are the constructs that made them. */
const stackOf = (resources: Resources): SynthesizedStack => {
  const blocks: Record<string, Record<string, Readonly<Record<string, unknown>>>> = {};
  for (const [address, { path, ...body }] of Object.entries(resources)) {
    const [type = "", name = ""] = address.split(".");
    blocks[type] = { ...blocks[type], [name]: { ...body, "//": { metadata: { path: `prod/${String(path)}` } } } };
  }
  return { provider: { aws: [{ region: "us-east-1" }] }, resource: blocks };
};

const DATABASE = { path: "Retool/Database/Resource", engine_version: "17", multi_az: true };
const RELEASE = { path: "Retool/Namespace/Release/Resource", values: [`{"host":"\${aws_db_instance.a.address}"}`] };
const BUCKET = { path: "Retool/BlobStorage/Resource" };

const policy = (path: string, service: string, spec: object): Readonly<Record<string, unknown>> => ({
  path: `Retool/Namespace/NetworkPolicies/${path}`,
  metadata: { name: service },
  spec: { pod_selector: { match_labels: { retoolService: service } }, ...spec },
});

const idsOf = (resources: Resources): string[] => pictureOf("prod", stackOf(resources)).parts.map(({ id }) => id);

const linksOf = (resources: Resources): string[] =>
  pictureOf("prod", stackOf(resources)).links.map(({ from, to }) => `${from} ${to}`);

describe("docs/diagram.svg", () => {
  let drawn = "";

  beforeAll(async () => {
    drawn = await drawStack("prod");
  }, 60_000);

  test("shows the stack as it is synthesized now; if not, run `npm run diagram`", () => {
    expect(readFileSync(join(__dirname, "..", "docs", "diagram.svg"), "utf8")).toBe(drawn);
  });

  test("can be read at a width of 800 pixels", () => {
    const [, width] = /<svg width="(\d+)pt"/.exec(drawn) ?? [];
    const sizes = [...drawn.matchAll(/font-size="([\d.]+)"/g)].map(([, size]) => Number(size));

    expect((Math.min(...sizes) * 800) / Number(width)).toBeGreaterThanOrEqual(9);
  });

  test("has a line at every box", () => {
    const titles = (kind: string): string[] =>
      [...drawn.matchAll(new RegExp(`class="${kind}">\\s*<title>([^<]+)<`, "g"))].map(([, title = ""]) => title);
    const ends = titles("edge").flatMap((title) => title.split("&#45;&gt;"));

    expect(titles("node").length).toBeGreaterThan(10);
    expect(titles("node").filter((node) => !ends.includes(node))).toEqual([]);
  });
});

describe("a picture", () => {
  test("has no box for what the stack lacks, nor for what no line leads to", () => {
    const all = { "aws_db_instance.a": DATABASE, "helm_release.c": RELEASE };

    expect(idsOf(all)).toEqual(["database", "retool"]);
    expect(idsOf({ ...all, "aws_s3_bucket.b": BUCKET })).toEqual(["database", "retool"]);
    expect(idsOf({ "aws_db_instance.a": DATABASE })).toEqual([]);
  });

  test("has an arrow only where something in the stack says so", () => {
    const all = { "aws_db_instance.a": DATABASE, "aws_s3_bucket.b": BUCKET, "helm_release.c": RELEASE };

    expect(linksOf(all)).toEqual(["retool database"]);
    expect(linksOf({ ...all, "helm_release.c": { ...RELEASE, values: ["{}"] } })).toEqual([]);
  });

  test("leads to Temporal only where a policy opens its port", () => {
    const to = [{ ip_block: { cidr: "0.0.0.0/0" } }];
    const nat = { "aws_nat_gateway.n": { path: "Retool/Foundation/Network/Nat0" } };
    const api = (port: string): Readonly<Record<string, unknown>> =>
      policy("RetoolApi", "api", { egress: [{ to, ports: [{ port }] }] });

    expect(linksOf({ ...nat, "kubernetes_network_policy_v1.api": api("7233") })).toContain("nat temporal");
    expect(linksOf({ ...nat, "kubernetes_network_policy_v1.api": api("443") })).toEqual(["retool nat", "nat internet"]);
    expect(linksOf({ "kubernetes_network_policy_v1.api": api("7233") })).toEqual([]);
  });

  test("leads through the firewall where there is one", () => {
    const to = [{ ip_block: { cidr: "0.0.0.0/0" } }];
    const all = {
      "aws_nat_gateway.n": { path: "Retool/Foundation/Network/Nat0" },
      "aws_networkfirewall_firewall.f": { path: "Retool/Foundation/Firewall/Resource" },
      "kubernetes_network_policy_v1.api": policy("RetoolApi", "api", { egress: [{ to, ports: [{ port: "443" }] }] }),
    };

    expect(linksOf(all)).toEqual(["retool firewall", "firewall nat", "nat internet"]);
  });

  test("joins pods by what their policies allow", () => {
    const policies = {
      "kubernetes_network_policy_v1.api": policy("RetoolApi", "api", {
        egress: [{ to: [{ pod_selector: { match_labels: { retoolService: "code-executor" } } }] }],
      }),
      "kubernetes_network_policy_v1.code": policy("RetoolCodeExecutor", "code-executor", {}),
    };

    expect(linksOf(policies)).toEqual(["retool code"]);
  });

  test("sends the load balancer's traffic to the pods that are bound to it", () => {
    const manifests = [{ kind: "TargetGroupBinding", spec: { serviceRef: { name: "retool-agent-sandbox-proxy" } } }];
    const bindings = { path: "Retool/Namespace/Bindings/Release", values: [JSON.stringify({ manifests })] };

    expect(linksOf({ "helm_release.bindings": bindings })).toEqual(["balancer proxy"]);
  });

  test("frames boxes with the pools that exist", () => {
    const manifests = [{ kind: "NodePool", metadata: { name: "sandbox" }, spec: { limits: { nodes: "16" } } }];
    const { frames } = pictureOf(
      "prod",
      stackOf({
        "helm_release.pools": { path: "Retool/Nodes/Pools/Pools/Resource", values: [JSON.stringify({ manifests })] },
        "kubernetes_network_policy_v1.api": policy("RetoolApi", "api", {
          egress: [{ to: [{ pod_selector: { match_labels: { retoolService: "sandbox" } } }] }],
        }),
        "kubernetes_network_policy_v1.sandbox": policy("RetoolSandbox", "sandbox", {}),
      }),
    );

    expect(frames.map(({ title }) => title)).toContain("Pool sandbox: up to 16 nodes");
    expect(frames.map(({ id }) => id)).not.toContain("pool-retool");
  });
});
