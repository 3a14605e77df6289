import { fnv1a } from "../common/hash";
import { type EgressDestination, type EgressRule, ruleKey } from "./rules";
import type { EgressMode } from "./spec";

/** Name of the prefix list of Retool's addresses in rules. */
export const RETOOL_ADDRESSES_SET = "RETOOL_ADDRESSES";

/** One rule: what it does, to what, and under which number. */
interface Line {
  readonly action: "pass" | "alert" | "drop" | "reject";
  readonly protocol: string;
  /** Where it comes from; everything inside where nothing is said. */
  readonly from?: string;
  readonly to: string;
  readonly port: number | string;
  readonly options: readonly string[];
  readonly message?: string;
  readonly sid: number;
}

/**
 * Renders the rules of a network firewall, in the order in which they are tried: what only reports, then ranges that are
 * passed, what is refused by its kind, and names that are passed. Everything else meets the policy's default action.
 *
 * Every rule names its direction: without it a rule with only addresses would decide at the first packet, before any name is
 * known. Source: https://docs.aws.amazon.com/network-firewall/latest/developerguide/suricata-best-practices.html
 *
 * @param rules - What is passed.
 * @param mode - Whether the rest is refused.
 * @param apart - Ranges from which only what nodes call is passed.
 */
export function suricataRules(rules: readonly EgressRule[], mode: EgressMode, apart: readonly string[] = []): string[] {
  const passes = numbered(rules.flatMap((rule) => passLines(rule, sourceOf(rule, apart))));
  const byName = (line: Line): boolean => line.protocol !== "tcp";
  const refusing = (lines: readonly Line[]): Line[] =>
    lines.map((line) => ({ ...line, action: mode === "enforce" ? line.action : "alert" }));
  return [
    ...reports(passes),
    ...passes.filter((line) => !byName(line)),
    ...refusing(REFUSALS),
    ...passes.filter(byName),
    ...refusing(lastRefusals(passes)),
  ].map(render);
}

/** The rule that looks at what servers answer. */
const ANSWERED = 134;

/** Bytes that a client may send before it has named a host that is listed. */
const LONGEST_HELLO = 8192;

/**
 * What ends a connection that no line above has passed: on a port that none names, with a name that is not listed, or with no
 * name by the time that the server answers or the client has sent {@link LONGEST_HELLO} bytes. The client is told at once.
 *
 * A name counts only when all of it is there, so that a hello in several packets is not refused at the first of them.
 */
function lastRefusals(passes: readonly Line[]): Line[] {
  const ports = [...new Set(passes.map(({ port }) => Number(port)))].sort((left, right) => left - right);
  const others = ports.length === 0 ? "any" : `![${ports.join(",")}]`;
  const named = (buffer: string): string[] => [buffer, "bsize:>0"];
  return [
    { ...rejection(131, "tcp", [], "A port that no listed destination uses"), port: others },
    rejection(132, "tls", named("tls.sni"), "TLS to a host that is not listed"),
    rejection(133, "http", named("http.host"), "HTTP to a host that is not listed"),
    rejection(ANSWERED, "tls", ["ssl_state:server_hello"], "TLS answered before a listed host was named"),
    rejection(135, "tcp", [`stream_size:client,>,${LONGEST_HELLO}`], "No listed host named within 8 KB"),
  ];
}

/** Lines whose ends differ: they look for ranges that HOME_NET lacks, or at what the server answers. */
const BOTH_ENDS: Readonly<Record<number, string>> = {
  [ANSWERED]: "tls $EXTERNAL_NET any -> $HOME_NET any",
  101: "ip $HOME_NET any -> any any",
  102: "ip any any -> $HOME_NET any",
  103: "ip any any -> any any",
};

/**
 * What is only reported, also in connections that are passed.
 *
 * The first three find traffic of which neither end is in HOME_NET: rules would not apply to it.
 * Source: https://aws.github.io/aws-security-services-best-practices/guides/network-firewall/
 */
function reports(passes: readonly Line[]): Line[] {
  return [...HOME_NET_REPORTS, ...awsReports(passes), ...OTHER_REPORTS];
}

const HOME_NET_REPORTS: readonly Line[] = [
  report(101, "ip", "any", ["noalert", "flowbits:set,from_home_net"]),
  report(102, "ip", "any", ["noalert", "flowbits:set,to_home_net"]),
  report(
    103,
    "ip",
    "any",
    [
      "flowbits:isnotset,from_home_net",
      "flowbits:isnotset,to_home_net",
      "flowbits:isnotset,reported",
      "flowbits:set,reported",
    ],
    "HOME_NET lacks a range of this network",
  ),
];

/** AWS APIs that nothing lists: what reaches one through NAT by the list is not an alert. */
function awsReports(passes: readonly Line[]): Line[] {
  const listed = passes.filter(({ protocol }) => protocol === "tls").flatMap(({ options }) => options.slice(1, 2));
  return AWS_DOMAINS.map(([sid, domain]) => {
    const own = listed.filter((name) => name.endsWith(`${domain}"`));
    const exceptions = [...new Set(own)].flatMap((name) => [
      name.replace("content:", "content:!"),
      "endswith",
      "nocase",
    ]);
    const name = ["tls.sni", content(domain), "endswith", "nocase", ...exceptions];
    return report(sid, "tls", "any", name, "AWS API that is not listed");
  });
}

const AWS_DOMAINS = [
  [111, ".amazonaws.com"],
  [112, ".api.aws"],
] as const;

const OTHER_REPORTS: readonly Line[] = [
  report(113, "udp", 53, [], "DNS that bypasses the VPC's resolver"),
  report(114, "tcp", 53, [], "DNS that bypasses the VPC's resolver"),
  report(115, "tls", "any", ["ja4.hash", content("i"), "offset:3", "depth:1"], "TLS that names no host"),
];

/** What is refused even with an allowed name: only TCP shows names that can be checked. */
const REFUSALS: readonly Line[] = [
  refusal(121, "quic", [], "QUIC hides the host name"),
  refusal(122, "udp", [], "UDP to the internet"),
  refusal(123, "ip", ["ip_proto:!TCP", "ip_proto:!UDP"], "Neither TCP nor UDP"),
];

function rejection(sid: number, protocol: string, options: readonly string[], message: string): Line {
  return { action: "reject", protocol, to: "$EXTERNAL_NET", port: "any", options, message, sid };
}

function report(
  sid: number,
  protocol: string,
  port: number | "any",
  options: readonly string[],
  message?: string,
): Line {
  return { action: "alert", protocol, to: "$EXTERNAL_NET", port, options, message, sid };
}

function refusal(sid: number, protocol: string, options: readonly string[], message: string): Line {
  return { action: "drop", protocol, to: "$EXTERNAL_NET", port: "any", options, message, sid };
}

/** Subnets of sandboxes hold their nodes and the sandboxes, which call nothing outside themselves. */
function sourceOf({ sources }: EgressRule, apart: readonly string[]): string | undefined {
  if (apart.length === 0 || sources.includes("nodes")) return undefined;
  return `[$HOME_NET,${apart.map((range) => `!${range}`).join(",")}]`;
}

type Unnumbered = Omit<Line, "sid"> & { readonly key: string };

function passLines(rule: EgressRule, from: string | undefined): Unnumbered[] {
  const { application, port, id } = rule;
  const pass = { action: "pass", from, port, message: id } as const;
  if (application === "tcp") {
    return rangesOf(rule).map((to) => ({ ...pass, protocol: "tcp", to, options: [], key: rangeKey(rule, to) }));
  }
  return [
    {
      ...pass,
      protocol: application,
      to: "$EXTERNAL_NET",
      options: nameOptions(application, rule.destination),
      key: ruleKey(rule),
    },
  ];
}

/** The engine has already lowered the case of an HTTP host, and refuses rules that ask for it again. */
function nameOptions(application: "tls" | "http", destination: EgressDestination): string[] {
  const match = nameMatch(destination);
  return application === "tls" ? ["tls.sni", ...match, "nocase"] : ["http.host", ...match];
}

/** Retool's own ranges stand in a prefix list; all others in the rule. */
function rangesOf({ id, destination, addresses = [] }: EgressRule): readonly string[] {
  if (destination.kind !== "range") return addresses;
  return id.startsWith("retool/") ? [`@${RETOOL_ADDRESSES_SET}`] : [destination.cidr];
}

/** One prefix list stands for several ranges, and is one rule. */
function rangeKey(rule: EgressRule, to: string): string {
  return to.startsWith("@") ? `${to}:${rule.port}` : `${ruleKey(rule)}|${to}`;
}

/** Everything below a domain ends with a dot and the domain; the domain itself does not. */
function nameMatch(destination: EgressDestination): string[] {
  return destination.kind === "subdomains"
    ? [content(`.${destination.domain}`), "endswith"]
    : [content(destination.kind === "host" ? destination.host : ""), "startswith", "endswith"];
}

/** Text to look for; characters that could end it are written as bytes. */
function content(text: string): string {
  const bytes = [...new TextEncoder().encode(text)].map((byte) => {
    const letter = String.fromCharCode(byte);
    return /[A-Za-z0-9._-]/.test(letter) ? letter : `|${byte.toString(16).padStart(2, "0")}|`;
  });
  return `content:"${bytes.join("")}"`;
}

/** Range of the numbers that come from identities; those below it are written down above. */
const FIRST_SID = 1_000_000;
const SIDS = 2_000_000_000;

/**
 * Gives each line a number that follows only from its identity, so that adding or removing a rule changes no other's.
 *
 * Two identities with the same number, one chance in millions, are told apart in the order of the identities.
 */
function numbered(lines: readonly Unnumbered[]): Line[] {
  const distinct = distinctByKey(lines);
  const taken = new Map<number, string>();
  for (const key of [...distinct.keys()].sort()) taken.set(freeSid(key, taken), key);
  const sids = new Map([...taken].map(([sid, key]) => [key, sid]));
  return [...distinct.values()].map(({ key, ...line }) => ({ ...line, sid: sids.get(key) ?? FIRST_SID }));
}

/** Of two lines for the same, the one that more may use. */
function distinctByKey(lines: readonly Unnumbered[]): Map<string, Unnumbered> {
  const distinct = new Map<string, Unnumbered>();
  for (const line of lines) {
    const known = distinct.get(line.key);
    const isNarrower = known !== undefined && known.from === undefined && line.from !== undefined;
    if (!isNarrower) distinct.set(line.key, line);
  }
  return distinct;
}

function freeSid(key: string, taken: ReadonlyMap<number, string>): number {
  let sid = FIRST_SID + (fnv1a(key) % SIDS);
  while (taken.has(sid)) sid += 1;
  return sid;
}

function render({ action, protocol, from = "$HOME_NET", to, port, options, message, sid }: Line): string {
  const ends = BOTH_ENDS[sid] ?? `${protocol} ${from} any -> ${to} ${port}`;
  const all = [
    ...(message === undefined ? [] : [`msg:"${escaped(message)}"`]),
    ...options,
    sid === ANSWERED ? "flow:to_client" : "flow:to_server",
    `sid:${sid}`,
    "rev:1",
  ];
  return `${action} ${ends} (${all.map((option) => `${option};`).join(" ")})`;
}

function escaped(message: string): string {
  return message.replaceAll(/["\\;]/g, (letter) => `\\${letter}`).replaceAll(/[\r\n]+/g, " ");
}
