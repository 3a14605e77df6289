import type { DnsPlan } from "./dns";
import type { EnvironmentContext } from "../common/context";
import { type AccessLogsPlan, EVERYWHERE, type FrontDoorPlan } from "./front-door";
import { covers, type HostnamesPlan, parentOf } from "./hostnames";
import type { RulePlan, TargetName, TargetPlan } from "./routing";

/** The parts of an environment that its addresses follow from. */
export interface EntrancePlans {
  /** Name and domain. */
  readonly context: EnvironmentContext;
  /** Every host name. */
  readonly hostnames: HostnamesPlan;
  /** Zone and certificate. */
  readonly dns: DnsPlan;
  /** The load balancer. */
  readonly frontDoor: FrontDoorPlan;
}

/** An address that browsers open, and what answers there. */
export interface UrlRow {
  /** Host, `*` standing for one label. */
  readonly host: string;
  /** Path, `*` standing for anything. */
  readonly path: string;
  /** Target group that gets the request. */
  readonly target: string;
  /** Port of the pods. */
  readonly port: number;
  /** What answers, and whether it holds WebSockets. */
  readonly purpose: string;
  /** Name of the certificate that covers the host. */
  readonly certificateName: string;
  /** Name of the DNS record that leads there. */
  readonly record: string;
}

const PURPOSES: Readonly<Record<string, string>> & Readonly<Record<TargetName, string>> = {
  retool: "Retool, with its WebSockets",
  "sandbox-proxy": "proxy of agent sandboxes, with their WebSockets",
  multiplayer: "shared editing, by WebSockets",
  mcp: "MCP clients",
  "oauth-metadata": "OAuth of MCP clients",
};

/** Lists every address with what answers there, in the order in which the load balancer looks for it. */
export function urlTable({ hostnames, dns, frontDoor }: EntrancePlans): UrlRow[] {
  return hostnames.hosts.flatMap((host) =>
    answersAt(host, frontDoor).map(({ path, target }) => ({
      host,
      path,
      target: target.name,
      port: target.containerPort,
      purpose: purposeOf(target.name, host, hostnames),
      certificateName: dns.certificate.names.find((name) => covers(name, host)) ?? "",
      record: hostnames.records.find((name) => covers(name, host)) ?? "",
    })),
  );
}

/** Paths of a host: those of the rules that may match it, then everything else, unless a rule takes the whole host. */
function answersAt(
  host: string,
  { rules, targets }: FrontDoorPlan,
): { readonly path: string; readonly target: TargetPlan }[] {
  const [fallback] = targets;
  const own = rules.filter(({ hosts }) => hosts.length === 0 || hosts.includes(host));
  const whole = own.findIndex(({ paths }) => paths.length === 0);
  const asked = whole < 0 ? own : own.slice(0, whole + 1);
  const targetOf = ({ target }: RulePlan): TargetPlan | undefined => targets.find(({ name }) => name === target);
  const answers = asked.flatMap((rule) => pathsOf(rule).map((path) => ({ path, target: targetOf(rule) })));
  return [...answers, ...(whole < 0 ? [{ path: "/*", target: fallback }] : [])].flatMap(({ path, target }) =>
    target === undefined ? [] : [{ path, target }],
  );
}

function pathsOf({ paths }: RulePlan): readonly string[] {
  return paths.length === 0 ? ["/*"] : paths;
}

function purposeOf(target: string, host: string, { appHost, sandboxProxyHost }: HostnamesPlan): string {
  const handsOn = target === "retool" && host === appHost && sandboxProxyHost === undefined;
  return handsOn ? `${PURPOSES.retool}; forwards /sandbox/ to the proxy of agent sandboxes` : (PURPOSES[target] ?? "");
}

/** Lists warnings about the entrance, and what someone must do while the first apply waits. */
export function entranceNotes(plans: EntrancePlans): string[] {
  return [...zoneNotes(plans), ...certificateNotes(plans), ...loadBalancerNotes(plans)];
}

function zoneNotes({ context: { domain }, dns: { zone } }: EntrancePlans): string[] {
  switch (zone.kind) {
    case "create":
      return zone.parentZoneId === undefined
        ? [
            `Delegate ${domain}: while it runs, the first apply prints the name servers of the new zone ("Delegate ${domain} to these ` +
              `name servers now: ...") and then waits up to 75 minutes for the certificate. The owner of ${parentOf(domain)} makes ` +
              `an NS record for ${domain} with them meanwhile. If the apply timed out, start it again; the name ` +
              "servers stay the same and are in the output name_servers.",
          ]
        : [];
    case "create-private":
      return [
        `The names resolve only in the VPC: associate the VPCs of your users, such as that of the VPN, with the private zone ${domain}.`,
      ];
    default:
      return [];
  }
}

function certificateNotes({ dns: { certificate } }: EntrancePlans): string[] {
  if (certificate.kind === "mint") return [];
  return ["ACM does not renew an imported certificate: an alarm fires when it has less than 30 days left."];
}

function loadBalancerNotes({ frontDoor, hostnames }: EntrancePlans): string[] {
  const { accessLogs, logBucket, clientsIpv4, clientsIpv6, internal, waf } = frontDoor;
  const isOpen = [...clientsIpv4, ...clientsIpv6].some((range) => EVERYWHERE.includes(range));
  return [
    ...(accessLogs === undefined ? [] : [accessLogsNote(accessLogs)]),
    ...(logBucket === undefined
      ? []
      : [`${ACCESS_LOGS_HOLD} Ask the owner of the bucket ${logBucket.name} who reads them.`]),
    ...(isOpen ? [OPEN] : []),
    ...(internal ? [INTERNAL] : []),
    ...(hostnames.sandboxProxyHost === undefined ? [SAME_ORIGIN] : []),
    ...(waf?.blocks === false ? [COUNTING] : []),
  ];
}

const ACCESS_LOGS_HOLD =
  "Access logs hold the addresses of requests, and with them tokens that open an agent sandbox for one hour.";
const OPEN =
  "Retool is open to the whole internet, and the first user to open it becomes its administrator: sign up at once.";
const INTERNAL =
  "The load balancer has only private addresses: docs/guides/private-deployment.md explains how operators and CI connect.";
const SAME_ORIGIN =
  'Apps in agent sandboxes share Retool\'s own origin; frontDoor.sandboxProxy: "dedicated-host" separates them.';
const COUNTING =
  'The web application firewall (WAF) only counts requests. Review the counts of a working week, then set frontDoor.waf to { kind: "block" }.';

function accessLogsNote({ bucketName, retentionDays, readerRoleArns }: AccessLogsPlan): string {
  const readers =
    readerRoleArns.length === 0
      ? "nobody until frontDoor.accessLogs.readerRoleArns names a role"
      : `${readerRoleArns.join(", ")} only`;
  return `${ACCESS_LOGS_HOLD} The bucket ${bucketName} forgets them after ${retentionDays} days, and is read by ${readers}.`;
}
