import fc from "fast-check";

import { type EgressPlan, type EgressSpec, planEgress } from "../../../domain/egress/egress";
import { planDnsFirewall } from "../../../domain/egress/dns-firewall";
import { planFirewall } from "../../../domain/egress/firewall";
import { RETOOL_ADDRESSES, RETOOL_RANGES } from "../../../domain/egress/hosts";
import type { EgressResource } from "../../../domain/egress/resources";
import type { EgressRule, TemporalEgress } from "../../../domain/egress/rules";
import { networkPolicies } from "../../../domain/network-policies/network-policies";
import { isListed } from "../../support/dns-evaluator";
import { context } from "../../support/fakes";
import { NetworkPolicyEvaluator } from "../../support/network-policy-evaluator";
import { cluster, everything, podNamed, references } from "../../support/retool-cluster";
import { type Flow, SuricataEvaluator } from "../../support/suricata-evaluator";

const MANAGED: TemporalEgress = { kind: "retool-managed" };
const ENROLLED: TemporalEgress = { kind: "retool-managed", organizationId: "42abc" };
const OWN_CLOUD: TemporalEgress = { kind: "temporal-cloud", host: "acme.a1b2c.tmprl.cloud" };
const SELF_HOSTED: TemporalEgress = { kind: "self-hosted", host: "temporal.corp.example.com", port: 7233 };
const LOCAL: TemporalEgress = { kind: "local" };

const RESOURCES: readonly EgressResource[] = [
  { to: "api.partner.example.net" },
  { to: "*.shop.example.net" },
  { to: "mq.example.net", port: 5671, application: "tls" },
  { to: "legacy.example.net", port: 80 },
  { to: "203.0.113.0/28", port: 5432 },
  { to: "db.example.net", port: 5432, addresses: ["198.51.100.64/26"] },
  { to: "192.0.2.10/32", via: "ssh" },
  { to: "git.example.net", purpose: "git" },
  { to: "packages.example.net", purpose: "packages" },
  { to: "models.example.net", purpose: "models" },
];

/** Any address on the internet that no rule names. */
const SOMEWHERE = "93.184.216.34";
const NODE = "10.0.1.10";

function planOf(
  temporal: TemporalEgress,
  resources: readonly EgressResource[] = RESOURCES,
  spec: EgressSpec = {},
): EgressPlan {
  return planEgress({ mode: "enforce", ...spec, resources }, context, {
    temporal,
    features: everything,
    interfaceEndpoints: ["eks-auth"],
  }).plan;
}

function firewallOf(plan: EgressPlan): SuricataEvaluator {
  const firewall = planFirewall(plan, { cidrs: ["10.0.0.0/16"] });
  return new SuricataEvaluator({ ...firewall, prefixLists: { RETOOL_ADDRESSES: firewall.prefixList } });
}

const KINDS: Readonly<Record<string, Pick<Flow, "protocol" | "application">>> = {
  tls: { protocol: "tcp", application: "tls" },
  http: { protocol: "tcp", application: "http" },
  quic: { protocol: "udp", application: "quic" },
  tcp: { protocol: "tcp" },
  udp: { protocol: "udp" },
  icmp: { protocol: "icmp" },
};

function flowTo(text: string): Flow {
  const [, name = "", target = "", port] = /^(\w+) ([^:]*)(?::(\d+))?$/.exec(text) ?? [];
  const kind = KINDS[name];
  if (kind === undefined) throw new Error(`not a flow: ${text}`);
  return { ...kind, ...ends(target), source: NODE, port: Number(port ?? 443) };
}

/** A name is called somewhere on the internet; an address, or nothing, is called without a name. */
function ends(target: string): Pick<Flow, "destination" | "host"> {
  if (target === "") return { destination: SOMEWHERE };
  return /^\d+(\.\d+){3}$/.test(target) ? { destination: target } : { destination: SOMEWHERE, host: target };
}

type Case = readonly [flow: string, expected: "allowed" | "denied"];

/** Flows whose answer does not depend on where Temporal runs. */
const ALWAYS: readonly Case[] = [
  // Retool's own hosts, and what only looks like them.
  ["tls licensing.tryretool.com", "allowed"],
  ["tls invites.tryretool.com", "allowed"],
  ["tls email-service.retool.com", "allowed"],
  ["tls p.tryretool.com", "allowed"],
  ["tls specs.tryretool.com", "allowed"],
  ["tls telemetry.retool.com", "allowed"],
  ["tls LICENSING.TRYRETOOL.COM", "allowed"],
  ["tls licensing.tryretool.com:8443", "denied"],
  ["tls licensing.tryretool.com:7233", "denied"],
  ["tls licensing.tryretool.com.evil.com", "denied"],
  ["tls xlicensing.tryretool.com.evil.com", "denied"],
  ["tls licensing.tryretool.comx", "denied"],
  ["tls licensing-tryretool.com", "denied"],
  ["tls licensingxtryretool.com", "denied"],
  ["tls evilretool.com", "denied"],
  ["tls eviltryretool.com", "denied"],
  ["tls retool.com.evil.com", "denied"],
  ["tls tryretool.com.evil.com", "denied"],
  ["tls retool.com", "denied"],
  ["tls tryretool.com", "denied"],
  ["tls example.com", "denied"],
  ["tls pypi.org", "denied"],
  // The same for each of the other hosts, and for further addresses.
  ["tls invites.tryretool.com.evil.com", "denied"],
  ["tls xinvites.tryretool.com.evil.com", "denied"],
  ["tls invites.tryretool.comx", "denied"],
  ["tls invites.tryretool.com:8443", "denied"],
  ["http invites.tryretool.com:80", "denied"],
  ["quic invites.tryretool.com:443", "denied"],
  ["tls email-service.retool.com.evil.com", "denied"],
  ["tls xemail-service.retool.com.evil.com", "denied"],
  ["tls email-service.retool.comx", "denied"],
  ["tls email-service.retool.com:8443", "denied"],
  ["http email-service.retool.com:80", "denied"],
  ["quic email-service.retool.com:443", "denied"],
  ["tls p.tryretool.com.evil.com", "denied"],
  ["tls xp.tryretool.com.evil.com", "denied"],
  ["tls p.tryretool.comx", "denied"],
  ["tls p.tryretool.com:8443", "denied"],
  ["http p.tryretool.com:80", "denied"],
  ["quic p.tryretool.com:443", "denied"],
  ["tls specs.tryretool.com.evil.com", "denied"],
  ["tls xspecs.tryretool.com.evil.com", "denied"],
  ["tls specs.tryretool.comx", "denied"],
  ["tls specs.tryretool.com:8443", "denied"],
  ["http specs.tryretool.com:80", "denied"],
  ["quic specs.tryretool.com:443", "denied"],
  ["tls telemetry.retool.com.evil.com", "denied"],
  ["tls xtelemetry.retool.com.evil.com", "denied"],
  ["tls telemetry.retool.comx", "denied"],
  ["tls telemetry.retool.com:8443", "denied"],
  ["http telemetry.retool.com:80", "denied"],
  ["quic telemetry.retool.com:443", "denied"],
  ["tcp 35.92.202.169:443", "denied"],
  ["tls 35.92.202.169:443", "denied"],
  ["tcp 35.92.202.174:443", "denied"],
  ["tls 35.92.202.174:443", "denied"],
  ["tcp 44.211.178.250:443", "denied"],
  ["tls 44.211.178.250:443", "denied"],
  ["tcp 44.211.178.254:443", "denied"],
  ["tls 44.211.178.254:443", "denied"],
  // No name, or no TLS.
  ["tls :443", "denied"],
  ["tls 93.184.216.34:443", "denied"],
  ["tls 35.92.202.168:443", "denied"],
  ["tcp 93.184.216.34:443", "denied"],
  ["tcp 93.184.216.34:22", "denied"],
  ["tcp 93.184.216.34:25", "denied"],
  ["http licensing.tryretool.com:443", "denied"],
  ["http licensing.tryretool.com:80", "denied"],
  ["http example.com:80", "denied"],
  ["quic licensing.tryretool.com:443", "denied"],
  ["quic example.com:443", "denied"],
  ["udp 8.8.8.8:53", "denied"],
  ["tcp 8.8.8.8:53", "denied"],
  ["udp 93.184.216.34:123", "denied"],
  ["udp 93.184.216.34:51820", "denied"],
  ["icmp 93.184.216.34:0", "denied"],
  // Retool's addresses are passed only on request.
  ["tcp 35.92.202.168:443", "denied"],
  ["tcp 35.92.202.175:443", "denied"],
  ["tcp 44.211.178.248:443", "denied"],
  ["tcp 44.211.178.255:443", "denied"],
  // The environment itself: pods call each other, never the name that users open.
  ["tls retool.example.com", "denied"],
  ["tls www.retool.example.com", "denied"],
  ["tls example.com", "denied"],
  ["tls other.example.com", "denied"],
  // AWS: what has no endpoint in the VPC.
  ["tls ec2.us-east-1.amazonaws.com", "allowed"],
  ["tls eks.us-east-1.amazonaws.com", "allowed"],
  ["tls api.ecr.us-east-1.amazonaws.com", "allowed"],
  ["tls 602401143452.dkr.ecr.us-east-1.amazonaws.com", "allowed"],
  ["tls dkr.ecr.us-east-1.amazonaws.com", "denied"],
  ["tls elasticloadbalancing.us-east-1.amazonaws.com", "allowed"],
  ["tls sqs.us-east-1.amazonaws.com", "allowed"],
  ["tls ssm.us-east-1.amazonaws.com", "allowed"],
  ["tls sts.us-east-1.amazonaws.com", "allowed"],
  ["tls ssmmessages.us-east-1.amazonaws.com", "allowed"],
  ["tls ec2messages.us-east-1.amazonaws.com", "allowed"],
  ["tls api.pricing.us-east-1.amazonaws.com", "denied"],
  ["tls iam.amazonaws.com", "denied"],
  ["tls eks-auth.us-east-1.api.aws", "denied"],
  ["tls sts.amazonaws.com", "denied"],
  ["tls sts.eu-west-1.amazonaws.com", "denied"],
  ["tls ec2.eu-west-1.amazonaws.com", "denied"],
  ["tls s3.us-east-1.amazonaws.com", "denied"],
  ["tls evil-bucket.s3.us-east-1.amazonaws.com", "denied"],
  ["tls abc123.execute-api.us-east-1.amazonaws.com", "denied"],
  ["tls ec2.us-east-1.amazonaws.com.evil.com", "denied"],
  ["tls ec2.us-east-1.amazonaws.com:80", "denied"],
  // Images; charts are fetched by the machine that deploys.
  ["tls registry-1.docker.io", "allowed"],
  ["tls auth.docker.io", "allowed"],
  ["tls production.cloudflare.docker.com", "allowed"],
  ["tls production.cloudfront.docker.com", "allowed"],
  ["tls ghcr.io", "allowed"],
  ["tls pkg-containers.githubusercontent.com", "allowed"],
  ["tls raw.githubusercontent.com", "denied"],
  ["tls public.ecr.aws", "allowed"],
  ["tls d2glxqk2uabbnd.cloudfront.net", "allowed"],
  ["tls d2glxqk2uabbne.cloudfront.net", "denied"],
  ["tls evil.r2.cloudflarestorage.com", "denied"],
  ["tls charts.retool.com.evil.com", "denied"],
  ["tls aws.github.io", "denied"],
  ["tls hub.docker.com", "denied"],
  // What the team added.
  ["tls api.partner.example.net", "allowed"],
  ["tls partner.example.net", "denied"],
  ["tls x.api.partner.example.net", "denied"],
  ["tls api.partner.example.net:8443", "denied"],
  ["http api.partner.example.net:80", "denied"],
  ["tls eu.shop.example.net", "allowed"],
  ["tls a.b.shop.example.net", "allowed"],
  ["tls shop.example.net", "denied"],
  ["tls eshop.example.net", "denied"],
  ["tls shop.example.net.evil.com", "denied"],
  ["tls mq.example.net:5671", "allowed"],
  ["tls mq.example.net", "denied"],
  ["tcp 93.184.216.34:5671", "denied"],
  ["http legacy.example.net:80", "allowed"],
  ["http LEGACY.example.net:80", "allowed"],
  ["http xlegacy.example.net:80", "denied"],
  ["http legacy.example.net:8080", "denied"],
  ["tls legacy.example.net", "denied"],
  ["tcp 203.0.113.0:5432", "allowed"],
  ["tcp 203.0.113.15:5432", "allowed"],
  ["tcp 203.0.113.16:5432", "denied"],
  ["tcp 203.0.112.255:5432", "denied"],
  ["tcp 203.0.113.7:5433", "denied"],
  ["udp 203.0.113.7:5432", "denied"],
  ["tcp 198.51.100.64:5432", "allowed"],
  ["tcp 198.51.100.127:5432", "allowed"],
  ["tcp 198.51.100.63:5432", "denied"],
  ["tcp 198.51.100.128:5432", "denied"],
  ["tls db.example.net:5432", "denied"],
  ["tcp 192.0.2.10:22", "allowed"],
  ["tcp 192.0.2.11:22", "denied"],
  ["tcp 192.0.2.10:2222", "denied"],
  ["tls git.example.net", "allowed"],
  ["tls packages.example.net", "allowed"],
  ["tls models.example.net", "allowed"],
  ["tls mygit.example.net", "denied"],
];

/** Flows whose answer depends on where Temporal runs. */
const BY_MODE: Readonly<Record<string, { temporal: TemporalEgress; cases: readonly Case[] }>> = {
  "Retool-managed, before enrolment": {
    temporal: MANAGED,
    cases: [
      ["tls api.retool.com", "allowed"],
      ["tls a.b.retool.com", "allowed"],
      ["tls temporal.tryretool.com", "allowed"],
      ["tls cloud.temporal.io", "allowed"],
      ["tls temporal.io", "denied"],
      ["tls eviltemporal.io", "denied"],
      ["tls cloud.temporal.io:7233", "denied"],
      ["tls org-42abc.atdwz.tmprl.cloud:7233", "allowed"],
      ["tls org-other.atdwz.tmprl.cloud:7233", "allowed"],
      ["tls anything.tmprl.cloud:7233", "allowed"],
      ["tls tmprl.cloud:7233", "denied"],
      ["tls eviltmprl.cloud:7233", "denied"],
      ["tls x.tmprl.cloud.evil.com:7233", "denied"],
      ["tls org-42abc.atdwz.tmprl.cloud", "denied"],
      ["tls :7233", "denied"],
      ["tcp 93.184.216.34:7233", "denied"],
      ["tls example.com:7233", "denied"],
    ],
  },
  "Retool-managed, enrolled": {
    temporal: ENROLLED,
    cases: [
      ["tls api.retool.com", "allowed"],
      ["tls cloud.temporal.io", "allowed"],
      ["tls org-42abc.atdwz.tmprl.cloud:7233", "allowed"],
      ["tls ORG-42ABC.atdwz.tmprl.cloud:7233", "allowed"],
      ["tls org-42abd.atdwz.tmprl.cloud:7233", "denied"],
      ["tls xorg-42abc.atdwz.tmprl.cloud:7233", "denied"],
      ["tls a.org-42abc.atdwz.tmprl.cloud:7233", "denied"],
      ["tls org-42abc.atdwz.tmprl.cloud.evil.com:7233", "denied"],
      ["tls anything.tmprl.cloud:7233", "denied"],
      ["tls org-42abc.atdwz.tmprl.cloud", "denied"],
    ],
  },
  "one's own namespace": {
    temporal: OWN_CLOUD,
    cases: [
      ["tls acme.a1b2c.tmprl.cloud:7233", "allowed"],
      ["tls acme.a1b2d.tmprl.cloud:7233", "denied"],
      ["tls other.a1b2c.tmprl.cloud:7233", "denied"],
      ["tls acme.a1b2c.tmprl.cloud", "denied"],
      ["tls org-42abc.atdwz.tmprl.cloud:7233", "denied"],
      ["tls cloud.temporal.io", "allowed"],
      ["tls api.retool.com", "allowed"],
    ],
  },
  "one's own cluster": {
    temporal: SELF_HOSTED,
    cases: [
      ["tls api.retool.com", "denied"],
      ["tls cloud.temporal.io", "denied"],
      ["tls anything.tmprl.cloud:7233", "denied"],
      ["tls temporal.corp.example.com:7233", "allowed"],
      ["tls temporal.corp.example.com", "denied"],
      ["tls other.corp.example.com:7233", "denied"],
      ["tcp 93.184.216.34:7233", "denied"],
    ],
  },
  "a cluster next to Retool": {
    temporal: LOCAL,
    cases: [
      ["tls api.retool.com", "denied"],
      ["tls www.tryretool.com", "denied"],
      ["tls cloud.temporal.io", "denied"],
      ["tls anything.tmprl.cloud:7233", "denied"],
      ["tls org-42abc.atdwz.tmprl.cloud:7233", "denied"],
    ],
  },
};

const answer = (subject: SuricataEvaluator, flow: string): string =>
  subject.decide(flowTo(flow)).allowed ? "allowed" : "denied";

describe.each(Object.entries(BY_MODE))("the network firewall, Temporal as %s", (_, { temporal, cases }) => {
  const subject = firewallOf(planOf(temporal));

  test.each([...ALWAYS, ...cases])("%s is %s", (flow, expected) => {
    expect(answer(subject, flow)).toBe(expected);
  });
});

describe("Retool's addresses", () => {
  const plan = planOf(LOCAL, RESOURCES, { retoolAddresses: true });
  const subject = firewallOf(plan);

  test.each([...RETOOL_ADDRESSES])("%s is passed on 443 on request", (address) => {
    expect(answer(subject, `tcp ${address}:443`)).toBe("allowed");
    expect(answer(subject, `tcp ${address}:80`)).toBe("denied");
  });

  test.each(["35.92.202.167", "35.92.202.176", "44.211.178.247", "44.212.178.0", "44.211.179.0"])(
    "%s, just outside, is not",
    (address) => {
      expect(answer(subject, `tcp ${address}:443`)).toBe("denied");
    },
  );

  test("are one rule with a prefix list", () => {
    const { rules, prefixList } = planFirewall(plan, { cidrs: [] });

    expect(rules.filter((rule) => rule.includes("@RETOOL_ADDRESSES"))).toHaveLength(1);
    expect(prefixList).toEqual([...RETOOL_RANGES]);
    expect(planFirewall(planOf(LOCAL), { cidrs: [] }).prefixList).toEqual([]);
  });
});

describe("subnets that only sandboxes and their nodes have", () => {
  const sandboxCidrs = ["100.64.0.0/18", "100.65.0.0/18"];
  const firewall = planFirewall(planOf(MANAGED), { cidrs: ["10.0.0.0/16", "100.64.0.0/14"], sandboxCidrs });
  const subject = new SuricataEvaluator({ ...firewall, prefixLists: {} });
  const from = (source: string, flow: string): boolean => subject.decide({ ...flowTo(flow), source }).allowed;

  test.each(["100.64.0.9", "100.65.63.254"])("%s calls what nodes call, and nothing else that is listed", (source) => {
    expect(from(source, "tls sts.us-east-1.amazonaws.com")).toBe(true);
    expect(from(source, "tls registry-1.docker.io")).toBe(true);
    expect(from(source, "tls licensing.tryretool.com")).toBe(false);
    expect(from(source, "tls www.tmprl.cloud:7233")).toBe(false);
  });

  test("do not narrow what the others call", () => {
    expect(from("10.0.1.9", "tls licensing.tryretool.com")).toBe(true);
    expect(from("100.66.0.9", "tls licensing.tryretool.com")).toBe(true);
    expect(planFirewall(planOf(MANAGED), { cidrs: [] }).rules.filter((rule) => rule.includes("[$HOME_NET"))).toEqual(
      [],
    );
  });
});

describe("what is only reported", () => {
  const reported = (flow: string): readonly number[] => firewallOf(planOf(MANAGED)).decide(flowTo(flow)).reported;

  test.each([
    ["tls iam.amazonaws.com", 111],
    ["tls eks-auth.us-east-1.api.aws", 112],
    ["udp 8.8.8.8:53", 113],
    ["tcp 8.8.8.8:53", 114],
    ["tls :443", 115],
    ["quic example.com:443", 121],
    ["udp 8.8.8.8:123", 122],
    ["icmp 8.8.8.8:0", 123],
  ])("%s by rule %d", (flow, sid) => {
    expect(reported(flow)).toContain(sid);
  });

  test("what the product lists is not reported, AWS's own names among it", () => {
    const flows = ALWAYS.filter(([flow, expected]) => flow.startsWith("tls ") && expected === "allowed");

    expect(flows.filter(([flow]) => reported(flow).length > 0)).toEqual([]);
  });

  test("a range that HOME_NET lacks, once a connection", () => {
    const subject = firewallOf(planOf(MANAGED));

    expect(subject.decide({ ...flowTo("tls example.com"), source: "100.64.0.7" }).reported).toEqual([103]);
    expect(subject.decide(flowTo("tls example.com")).reported).not.toContain(103);
  });

  test("in alert mode nothing is dropped, and the same is reported", () => {
    const subject = firewallOf(planOf(MANAGED, RESOURCES, { mode: "alert" }));

    expect(ALWAYS.filter(([flow]) => !subject.decide(flowTo(flow)).allowed)).toEqual([]);
    expect(subject.decide(flowTo("quic example.com:443")).reported).toContain(121);
  });
});

/** Names that are resolved; every layer that claims names must agree. */
describe.each(Object.entries(BY_MODE))("the DNS firewall, Temporal as %s", (_, { temporal, cases }) => {
  const { allowed } = planDnsFirewall(planOf(temporal), context);
  const named = [...ALWAYS, ...cases].filter(([flow]) => /^(tls|http) [a-z]/i.test(flow));
  const portless = (flow: string): string => flow.replace(/^(tls|http) /, "").replace(/:\d+$/, "");

  test("resolves every name that the firewall passes", () => {
    const missing = named.filter(([flow, expected]) => expected === "allowed" && !isListed(allowed, portless(flow)));

    expect(missing).toEqual([]);
  });

  test.each([
    "evilretool.com",
    "retool.com.evil.com",
    "licensing.tryretool.com.evil.com",
    "eviltmprl.cloud",
    "example.com",
    "evil.r2.cloudflarestorage.com",
    "abc123.execute-api.us-east-1.amazonaws.com",
    "d2glxqk2uabbne.cloudfront.net",
    "ec2.eu-west-1.amazonaws.com",
    "shop.example.net",
    // Only audit events that a bucket keeps need it.
    "s3.us-east-1.amazonaws.com",
  ])("does not resolve %s", (name) => {
    expect(isListed(allowed, name)).toBe(false);
  });

  test.each([
    "b.s3.us-east-1.amazonaws.com",
    "abc.gr7.us-east-1.eks.amazonaws.com",
    "retool-prod.abc123.us-east-1.rds.amazonaws.com",
    "eks-auth.us-east-1.api.aws",
    "ip-10-0-1-10.ec2.internal",
    "db.example.net",
  ])("resolves %s", (name) => {
    expect(isListed(allowed, name)).toBe(true);
  });
});

/** Ends of names that are resolved for addresses inside, and so stand in no rule of a firewall. */
const PLATFORM_NAMES = [".s3.us-east-1.amazonaws.com", ".us-east-1.eks.amazonaws.com", ".us-east-1.rds.amazonaws.com"];

/** The address at an end of a range, or its neighbour outside. */
function edgeOf(cidr: string, place: "before" | "first" | "last" | "after"): string {
  const [base = "", length = ""] = cidr.split("/");
  const first = base.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
  const size = 2 ** (32 - Number(length));
  const address = { before: first - 1, first, last: first + size - 1, after: first + size }[place];
  return [24, 16, 8, 0].map((bits) => Math.floor(address / 2 ** bits) % 256).join(".");
}

describe("every rule, and every near miss of it", () => {
  const modes = [MANAGED, ENROLLED, OWN_CLOUD].map((temporal) => planOf(temporal));
  const claimed = modes.flatMap((plan) =>
    plan.rules
      .filter(
        ({ route, application, sources }) =>
          route === "internet" && application === "tls" && !sources.includes("deployer"),
      )
      .map((rule) => ({ plan, rule })),
  );

  /** The source of truth: whether any rule of the plan has this name on this port. */
  function isAllowed(rules: readonly EgressRule[], host: string, port: number, application: string): boolean {
    return rules
      .filter((rule) => rule.route === "internet" && !rule.sources.every((source) => source === "deployer"))
      .filter((rule) => rule.port === port && rule.application === application)
      .some(
        ({ destination }) =>
          (destination.kind === "host" && destination.host === host) ||
          (destination.kind === "subdomains" && host.endsWith(`.${destination.domain}`)),
      );
  }

  const nearMiss = fc.constantFrom<(host: string) => string>(
    (host) => host,
    (host) => `${host}.evil.com`,
    (host) => `evil${host}`,
    (host) => `evil.${host}`,
    (host) => host.split(".").slice(1).join("."),
    (host) => host.replace(".", "-"),
    (host) => `${host}x`,
    (host) => host.replace(/[a-z]/, "0"),
  );

  test("the firewall agrees with the plan", () => {
    const subjects = new Map(modes.map((plan) => [plan, firewallOf(plan)]));
    fc.assert(
      fc.property(
        fc.constantFrom(...claimed),
        nearMiss,
        fc.constantFrom(443, 7233, 80, 8443, 5671),
        ({ plan, rule }, change, port) => {
          const host = change(
            rule.destination.kind === "subdomains"
              ? `a.${rule.destination.domain}`
              : (rule.destination as { host: string }).host,
          );
          fc.pre(host !== "");

          expect(subjects.get(plan)?.decide(flowTo(`tls ${host}:${port}`)).allowed).toBe(
            isAllowed(plan.rules, host, port, "tls"),
          );
        },
      ),
      { numRuns: 500 },
    );
  });

  test("the DNS firewall agrees with the plan", () => {
    const subjects = new Map(modes.map((plan) => [plan, planDnsFirewall(plan, context).allowed]));
    const forms = fc.constantFrom<(name: string) => string>(
      (name) => name,
      (name) => `${name}.`,
      (name) => name.toUpperCase(),
    );
    fc.assert(
      fc.property(fc.constantFrom(...claimed), nearMiss, forms, ({ plan, rule }, change, form) => {
        const name = change(
          rule.destination.kind === "subdomains"
            ? `a.${rule.destination.domain}`
            : (rule.destination as { host: string }).host,
        );
        fc.pre(name !== "");
        const ports = [...new Set(plan.rules.map(({ port }) => port))].filter((port) => port !== "any");
        const expected =
          ports.some((port) =>
            (["tls", "http", "tcp"] as const).some((application) => isAllowed(plan.rules, name, port, application)),
          ) || PLATFORM_NAMES.some((suffix) => name.endsWith(suffix));

        expect(isListed(subjects.get(plan) ?? [], form(name))).toBe(expected);
      }),
      { numRuns: 500 },
    );
  });

  test("ranges end where they end, at both layers that know addresses", () => {
    const plan = planOf(MANAGED);
    const firewall = firewallOf(plan);
    const policies = new NetworkPolicyEvaluator(cluster, networkPolicies(plan, references));
    const ranges = plan.rules.flatMap(({ destination, port, sources, addresses = [] }) =>
      [...(destination.kind === "range" ? [destination.cidr] : []), ...addresses].flatMap((cidr) =>
        typeof port === "number" ? [{ cidr, port, sources }] : [],
      ),
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...ranges),
        fc.constantFrom("before", "first", "last", "after"),
        fc.constantFrom(...plan.components),
        fc.constantFrom(-1, 0, 1),
        ({ cidr, port, sources }, place, component, offset) => {
          const address = edgeOf(cidr, place);
          const isInside = (place === "first" || place === "last") && offset === 0;
          const flow = flowTo(`tcp ${address}:${port + offset}`);

          expect(firewall.decide(flow).allowed).toBe(isInside);
          expect(
            policies.allows(podNamed(component), { address, port: port + offset, protocol: "TCP" }, "vpc-cni"),
          ).toBe(isInside && sources.includes(component));
        },
      ),
      { numRuns: 300 },
    );
  });

  test("policies let each container out on the ports of its own rules, and on no other", () => {
    const plan = planOf(MANAGED);
    const subject = new NetworkPolicyEvaluator(cluster, networkPolicies(plan, references));
    const pods = plan.components.map((name) => podNamed(name));
    fc.assert(
      fc.property(fc.constantFrom(...pods), fc.constantFrom(22, 53, 80, 443, 5432, 5671, 7233, 8443), (pod, port) => {
        const target = { address: SOMEWHERE, port, protocol: "TCP" } as const;
        const expected = plan.rules.some(
          ({ destination, sources, port: own, addresses = [] }) =>
            own === port &&
            addresses.length === 0 &&
            ["host", "subdomains"].includes(destination.kind) &&
            sources.some((source) => source === pod.name),
        );

        expect(subject.allows(pod, target, "kubernetes")).toBe(expected);
        expect(subject.allows(pod, target, "vpc-cni")).toBe(expected);
      }),
      { numRuns: 300 },
    );
  });

  test("a range of the team is open only to the named container", () => {
    const plan = planOf(MANAGED, [{ to: "10.99.0.0/16", port: 8443, containers: ["code-executor"] }]);
    const subject = new NetworkPolicyEvaluator(cluster, networkPolicies(plan, references));
    const open = plan.components.filter((name) =>
      subject.allows(podNamed(name), { address: "10.99.1.2", port: 8443, protocol: "TCP" }, "vpc-cni"),
    );

    expect(open).toEqual(["code-executor"]);
  });

  test("a wide private range keeps the environment itself closed to code of users", () => {
    const plan = planOf(MANAGED, [{ to: "10.0.0.0/8", port: 8443, containers: ["code-executor", "api"] }]);
    const subject = new NetworkPolicyEvaluator(cluster, networkPolicies(plan, references));
    const reaches = (name: string, address: string): boolean[] =>
      (["kubernetes", "vpc-cni"] as const).map((semantics) =>
        subject.allows(podNamed(name), { address, port: 8443, protocol: "TCP" }, semantics),
      );

    expect(reaches("code-executor", "10.99.1.2")).toEqual([true, true]);
    expect(reaches("code-executor", "10.0.200.9")).toEqual([false, false]);
    expect(reaches("api", "10.0.200.9")).toEqual([true, true]);
  });
});
