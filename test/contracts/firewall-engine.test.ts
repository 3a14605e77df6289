import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { planEgress } from "../../domain/egress/egress";
import { planFirewall } from "../../domain/egress/firewall";
import type { EgressResource } from "../../domain/egress/resources";
import { context } from "../support/fakes";
import {
  capture,
  type CapturedFlow,
  clientHello,
  inSegments,
  type Segment,
  serverHello,
} from "../support/flow-capture";
import { everything } from "../support/retool-cluster";
import { type Flow, SuricataEvaluator } from "../support/suricata-evaluator";

const RESOURCES: readonly EgressResource[] = [
  { to: "api.partner.example.net" },
  { to: "*.shop.example.net" },
  { to: "legacy.example.net", port: 80 },
  { to: "203.0.113.0/28", port: 5432 },
  { to: "db.example.net", port: 5432, addresses: ["198.51.100.64/26"] },
];
const { plan } = planEgress({ level: "firewall", resources: RESOURCES }, context, {
  temporal: { kind: "retool-managed", organizationId: "42abc" },
  features: everything,
});
/** Sandboxes and their nodes have subnets of their own, from which only what nodes call is passed. */
const firewall = planFirewall(plan, { cidrs: ["10.0.0.0/16", "100.64.0.0/14"], sandboxCidrs: ["100.64.0.0/18"] });
const SANDBOX = "100.64.0.9";
const evaluator = new SuricataEvaluator({ ...firewall, prefixLists: {} });

const SOMEWHERE = "93.184.216.34";
const http = (host: string): Buffer => Buffer.from(`GET / HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
const client = (bytes: Buffer): Segment[] => [{ from: "client", bytes }];
const answered = (segments: readonly Segment[]): Segment[] => [...segments, { from: "server", bytes: serverHello() }];
const tls = (host?: string): Segment[] => answered(client(clientHello(host)));

type Verdict = "passed" | "refused" | "left to the default";
type Case = readonly [
  name: string,
  destination: string,
  segments: readonly Segment[],
  verdict: Verdict,
  client?: typeof SANDBOX,
];

/** A client that never finishes its hello: one record that claims more than it brings. */
const endless = (host: string, sent: number): Segment[] =>
  inSegments(clientHello(host, 60_000).subarray(0, sent), 1400);

const CASES: readonly Case[] = [
  ["a listed host", `${SOMEWHERE}:443`, tls("licensing.tryretool.com"), "passed"],
  ["a listed host in capitals", `${SOMEWHERE}:443`, tls("LICENSING.tryretool.com"), "passed"],
  ["a host below a listed domain", `${SOMEWHERE}:443`, tls("eu.shop.example.net"), "passed"],
  ["the domain itself", `${SOMEWHERE}:443`, tls("shop.example.net"), "refused"],
  ["a name that only ends alike", `${SOMEWHERE}:443`, tls("eshop.example.net"), "refused"],
  ["a listed name with more behind it", `${SOMEWHERE}:443`, tls("licensing.tryretool.com.evil.com"), "refused"],
  ["a host that is not listed", `${SOMEWHERE}:443`, tls("example.com"), "refused"],
  ["a listed host on a port of another", `${SOMEWHERE}:7233`, tls("licensing.tryretool.com"), "refused"],
  ["a listed host on a port of none", `${SOMEWHERE}:8443`, tls("licensing.tryretool.com"), "refused"],
  ["Temporal's namespace", `${SOMEWHERE}:7233`, tls("org-42abc.atdwz.tmprl.cloud"), "passed"],
  ["another namespace", `${SOMEWHERE}:7233`, tls("org-other.atdwz.tmprl.cloud"), "refused"],
  ["no name", `${SOMEWHERE}:443`, tls(), "refused"],
  [
    "a hello in three segments",
    `${SOMEWHERE}:443`,
    answered(inSegments(clientHello("api.partner.example.net"), 40)),
    "passed",
  ],
  [
    "a hello of a byte each",
    `${SOMEWHERE}:443`,
    answered(inSegments(clientHello("api.partner.example.net"), 1)),
    "passed",
  ],
  [
    "an evil hello of a byte each",
    `${SOMEWHERE}:443`,
    answered(inSegments(clientHello("evil.example.com"), 1)),
    "refused",
  ],
  [
    "a name after 4 KB",
    `${SOMEWHERE}:443`,
    answered(inSegments(clientHello("api.partner.example.net", 4000), 1400)),
    "passed",
  ],
  ["a hello without an end", `${SOMEWHERE}:443`, endless("api.partner.example.net", 9800), "refused"],
  [
    "a hello without an end that is answered",
    `${SOMEWHERE}:443`,
    answered(endless("evil.example.com", 2000)),
    "refused",
  ],
  ["8 KB of something else on 443", `${SOMEWHERE}:443`, inSegments(Buffer.alloc(9800, 0x41), 1400), "refused"],
  [
    "a megabyte to a listed host",
    `${SOMEWHERE}:443`,
    [...tls("api.partner.example.net"), ...inSegments(Buffer.alloc(100_000, 23), 1400)],
    "passed",
  ],
  ["HTTP to a listed host", `${SOMEWHERE}:80`, client(http("legacy.example.net")), "passed"],
  ["HTTP to another", `${SOMEWHERE}:80`, client(http("xlegacy.example.net")), "refused"],
  ["HTTP to a host listed for TLS", `${SOMEWHERE}:443`, client(http("api.partner.example.net")), "refused"],
  ["a listed range", "203.0.113.7:5432", client(Buffer.from("00000008 04d2162f".replace(" ", ""), "hex")), "passed"],
  ["just outside it", "203.0.113.16:5432", client(Buffer.alloc(9800, 1)), "refused"],
  ["listed addresses of a host", "198.51.100.127:5432", client(Buffer.alloc(8, 1)), "passed"],
  ["SSH to nobody", `${SOMEWHERE}:22`, client(Buffer.from("SSH-2.0-x\r\n")), "refused"],
  ["an image registry from a sandbox", `${SOMEWHERE}:443`, tls("registry-1.docker.io"), "passed", SANDBOX],
  ["a listed host from a sandbox", `${SOMEWHERE}:443`, tls("api.partner.example.net"), "refused", SANDBOX],
  ["a host below a listed domain from a sandbox", `${SOMEWHERE}:443`, tls("eu.shop.example.net"), "refused", SANDBOX],
  ["HTTP to a listed host from a sandbox", `${SOMEWHERE}:80`, client(http("legacy.example.net")), "refused", SANDBOX],
  ["a listed range from a sandbox", "203.0.113.7:5432", client(Buffer.alloc(9800, 1)), "refused", SANDBOX],
  ["Temporal's namespace from a sandbox", `${SOMEWHERE}:7233`, tls("org-42abc.atdwz.tmprl.cloud"), "refused", SANDBOX],
  ["a few bytes of something on 443", `${SOMEWHERE}:443`, client(Buffer.alloc(8, 1)), "left to the default"],
];

const flows = CASES.map(([, target, segments, , client], index): CapturedFlow => {
  const [destination = "", port = ""] = target.split(":");
  return { client, clientPort: 20_000 + index, destination, port: Number(port), segments };
});

interface Alert {
  readonly event_type: string;
  readonly pcap_cnt: number;
  readonly src_port: number;
  readonly dest_port: number;
  readonly alert: { readonly signature_id: number };
}

/**
 * First packet at which each connection meets one of the rules.
 *
 * The engine sorts rules by their action, and would stop at the first pass. So each kind of verdict is run by itself, as rules
 * that only report, and the numbers of the packets tell which comes first; within a packet the order of the file decides, in
 * which nothing that refuses TCP stands before a pass.
 */
function firstPackets(rules: readonly string[]): Map<number, number> {
  const directory = mkdtempSync(join(tmpdir(), "engine-"));
  try {
    writeFileSync(join(directory, "flows.pcap"), capture(flows));
    writeFileSync(join(directory, "all.rules"), rules.map((rule) => rule.replace(/^\w+/, "alert")).join("\n"));
    const home = `vars.address-groups.HOME_NET=[${firewall.homeNet.join(",")}]`;
    const options = ["-S", join(directory, "all.rules"), "-l", directory, "-k", "none"];
    const variables = [
      "--set",
      home,
      "--set",
      "vars.address-groups.EXTERNAL_NET=!$HOME_NET",
      "--set",
      "stream.inline=yes",
    ];
    execFileSync("suricata", ["-r", join(directory, "flows.pcap"), ...options, ...variables, "--runmode", "single"], {
      stdio: "pipe",
    });
    expect(readFileSync(join(directory, "suricata.log"), "utf8")).not.toMatch(/error parsing signature/);
    const found = new Map<number, number>();
    for (const line of readFileSync(join(directory, "eve.json"), "utf8").split("\n").filter(Boolean)) {
      const event = JSON.parse(line) as Alert;
      if (event.event_type !== "alert") continue;
      const port = [event.src_port, event.dest_port].find((number) => number >= 20_000 && number < 30_000) ?? 0;
      found.set(port, Math.min(found.get(port) ?? Infinity, event.pcap_cnt));
    }
    return found;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function verdictOf(pass = Infinity, refusal = Infinity): Verdict {
  if (pass === Infinity && refusal === Infinity) return "left to the default";
  return pass <= refusal ? "passed" : "refused";
}

const isInstalled = spawnSync("suricata", ["-V"]).status === 0;

(isInstalled ? describe : describe.skip)("Suricata, where it is installed (it is not: skipped)", () => {
  let passes: Map<number, number>;
  let refusals: Map<number, number>;

  beforeAll(() => {
    passes = firstPackets(firewall.rules.filter((rule) => rule.startsWith("pass ")));
    refusals = firstPackets(firewall.rules.filter((rule) => /^(drop|reject) /.test(rule)));
  }, 120_000);

  test.each(CASES.map(([name, , , verdict], index) => [name, verdict, index] as const))(
    "%s is %s",
    (_, verdict, index) => {
      const found = verdictOf(passes.get(20_000 + index), refusals.get(20_000 + index));

      expect(found).toBe(verdict);
    },
  );
});

describe("the order of the rules", () => {
  test("puts every pass before what refuses TCP, so that sorting by action changes no verdict", () => {
    const actions = firewall.rules.map((rule) => rule.split(" ", 2).join(" "));
    const lastPass = actions.map((action) => action.startsWith("pass")).lastIndexOf(true);

    expect(actions.slice(0, lastPass).filter((action) => /^(drop|reject) (?!quic|udp|ip)/.test(action))).toEqual([]);
    expect(
      firewall.rules.slice(0, lastPass).filter((rule) => rule.startsWith("drop ip") && !rule.includes("ip_proto:!TCP")),
    ).toEqual([]);
  });

  const DECIDED = CASES.filter(([, , segments, verdict]) => segments.length <= 2 && verdict !== "left to the default");

  test.each(DECIDED.map(([name, target, segments, verdict, source]) => ({ name, target, segments, verdict, source })))(
    "agrees with the evaluator about $name",
    ({ target, segments, verdict, source = "10.0.1.10" }) => {
      const [destination = "", port = ""] = target.split(":");
      const flow = {
        source,
        destination,
        port: Number(port),
        protocol: "tcp",
        ...seenIn(segments),
      } as const;

      expect(evaluator.decide(flow).allowed).toBe(verdict === "passed");
    },
  );
});

/** What the first bytes tell. */
function seenIn([first]: readonly Segment[]): Pick<Flow, "application" | "host"> {
  const text = first?.bytes.toString("latin1") ?? "";
  if (first?.bytes[0] === 22) return { application: "tls", host: /[\w-]+(\.[\w-]+){1,5}/.exec(text)?.[0] };
  return text.startsWith("GET") ? { application: "http", host: /Host: (\S+)/.exec(text)?.[1] } : {};
}
