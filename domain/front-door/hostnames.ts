import { parse } from "tldts";
import { z } from "zod";

import { checkedSpec } from "../common/checked-spec";
import type { EnvironmentContext } from "../common/context";
import { quote } from "../common/quote";
import { LONGEST_LABEL, LONGEST_NAME } from "../common/server-host";
import type { Planned, Problem, Violation } from "../common/violation";

/** Which host names a team gives its Retool besides the main one. */
export interface HostnamesSpec {
  /**
   * Where browsers reach the proxy in front of agent sandboxes.
   *
   * `dedicated-host` keeps what users' apps do in a sandbox away from Retool's own origin; `same-origin` serves it below
   * `/sandbox/` of Retool's host.
   *
   * @default "dedicated-host"
   */
  readonly sandboxProxy?: "dedicated-host" | "same-origin";

  /**
   * Host of the sandbox proxy, below the main host or next to it.
   *
   * @default - `agent-proxy.<domain>`
   */
  readonly sandboxProxyHost?: string;

  /**
   * Further hosts that lead to Retool, such as those of Spaces.
   *
   * @default - none; hosts one label below the domain lead to Retool anyway
   */
  readonly spaceHosts?: readonly string[];

  /**
   * Domain below which every app has its own host, as Retool's app hostnames want it: `<app>.<apps domain>`, and
   * `sandbox-<id>.sandboxes.<apps domain>` for previews. Usually `apps.<domain>`.
   *
   * @default - none; apps are served from Retool's own host
   */
  readonly appsDomain?: string;
}

/** Every host name of an environment, and what must hold for each. */
export interface HostnamesPlan {
  /** Host that users open. */
  readonly appHost: string;
  /** Host of the sandbox proxy; absent where it shares Retool's. */
  readonly sandboxProxyHost?: string;
  /** Every host that answers, `*` standing for one label; each is covered by a name of the certificate. */
  readonly hosts: readonly string[];
  /** Names of the certificate; the first is its common name. */
  readonly certificateNames: readonly string[];
  /** Names of the DNS records that lead to the load balancer. */
  readonly records: readonly string[];
}

const PATH_DOMAIN = "domain";
/** ACM takes no longer common name. https://docs.aws.amazon.com/acm/latest/userguide/acm-certificate-characteristics.html */
export const LONGEST_COMMON_NAME = 64;
/** Names ACM puts on a certificate before its quota is raised. https://docs.aws.amazon.com/acm/latest/userguide/acm-limits.html */
export const MOST_CERTIFICATE_NAMES = 10;
const LABEL = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/;

/** Shape of the fields of a {@link HostnamesSpec}. */
export const hostnamesShape = {
  sandboxProxy: z.enum(["dedicated-host", "same-origin"]).optional(),
  sandboxProxyHost: z.string().optional(),
  spaceHosts: z.array(z.string()).readonly().optional(),
  appsDomain: z.string().optional(),
};

/** Derives every host name, certificate name and record name, and reports what cannot work. */
export function planHostnames(spec: HostnamesSpec | undefined, { domain }: EnvironmentContext): Planned<HostnamesPlan> {
  // The shape of the whole front door is reported by its own plan.
  const { spec: settings } = checkedSpec(z.object(hostnamesShape), spec, {}, "frontDoor");
  const sandboxProxyHost = proxyHost(settings, domain);
  const { spaceHosts = [], appsDomain } = settings;
  const appHosts = appsDomain === undefined ? [] : [`*.${appsDomain}`, `*.sandboxes.${appsDomain}`];
  const hosts = [domain, sandboxProxyHost, ...spaceHosts, ...appHosts].filter((host) => host !== undefined);
  const names = coveringNames(domain, hosts);
  return {
    plan: { appHost: domain, sandboxProxyHost, hosts, certificateNames: names, records: names },
    violations: [
      ...domainViolations(domain),
      ...proxyViolations(settings, domain),
      ...spaceHosts.flatMap((host, index) => hostViolations(`frontDoor.spaceHosts[${index}]`, host)),
      ...appsDomainViolations(appsDomain, domain),
      ...repeatedHosts(hosts),
      ...countViolations(names),
    ],
  };
}

function proxyHost({ sandboxProxy, sandboxProxyHost }: HostnamesSpec, domain: string): string | undefined {
  return sandboxProxy === "same-origin" ? undefined : (sandboxProxyHost ?? `agent-proxy.${domain}`);
}

/** Says whether a name, which may start with a wildcard, covers a host: a wildcard stands for exactly one label. */
export function covers(name: string, host: string): boolean {
  return name === host || name === `*.${parentOf(host)}`;
}

/** What follows the first label of a name. */
export function parentOf(name: string): string {
  return name.slice(name.indexOf(".") + 1);
}

/** Says whether a name starts with a wildcard. */
export function isWildcard(name: string): boolean {
  return name.startsWith("*.");
}

/** A name without its wildcard. */
export function baseName(name: string): string {
  return isWildcard(name) ? parentOf(name) : name;
}

/** The longest of several zone names that holds a host; `undefined` where none does. */
export function holdingZone(zoneNames: readonly string[], host: string): string | undefined {
  return zoneNames
    .filter((zoneName) => isWithin(zoneName, host))
    .sort((left, right) => right.length - left.length)
    .at(0);
}

/** Says whether a host is a zone's own name or lies below it. */
export function isWithin(zoneName: string, host: string): boolean {
  return `.${host}`.endsWith(`.${zoneName}`);
}

/** What is wrong with a host name, as violations at a path. */
export function hostViolations(path: string, host: string): Violation[] {
  const normalized = normalize(host);
  if (normalized === undefined) {
    const name = hostOfUrl(host) ?? "";
    const isName = name !== "" && hostViolations(path, name).length === 0;
    const remedy = isName ? `use "${name}"` : 'use a name such as "retool.example.com"';
    return [{ path, problem: `"${host}" is not a host name`, remedy }];
  }
  if (normalized !== host) return [{ path, ...plainFormProblem(host, normalized) }];
  const long = lengthViolations(path, host);
  return long.length > 0 ? long : labelViolations(path, host);
}

/** The name in an address that was copied from a browser; undefined where the text is not one. */
function hostOfUrl(text: string): string | undefined {
  const [, name] = /^(?:https?:\/\/)?([^/?#:@\s]+)(?::\d+)?(?:[/?#].*)?$/.exec(text) ?? [];
  return name === text ? undefined : name;
}

/** A name of Latin letters has an ASCII form; letters of other scripts may only look like those that were meant. */
function plainFormProblem(host: string, normalized: string): Problem {
  const isLatin = /^[\p{Script=Latin}\x00-\x7F]*$/u.test(host);
  return isLatin
    ? { problem: `${quote(host)} is not in canonical form`, remedy: `use "${normalized}"` }
    : {
        problem: `${quote(host)} has letters that only look like Latin ones`,
        remedy: "type it again in ASCII letters, or use its xn-- form where it is meant",
      };
}

/** Whether a public authority certifies names below the last label of a host: no registry hands out the others. */
export function isCertifiable(host: string): boolean {
  const { isIcann, publicSuffix } = parse(baseName(host));
  return isIcann === true && !NEVER_CERTIFIED.includes(publicSuffix ?? "");
}

/** In the list of public suffixes, and still for special use. Source: RFC 8375, RFC 7686. */
const NEVER_CERTIFIED = ["home.arpa", "onion"];

/** A domain and the wildcard for the names of one label before it. */
export function domainAndWildcard(domain: string): string[] {
  return [domain, `*.${domain}`];
}

/** The names of the certificate that is made here: the domain, its wildcard, and every host those two do not cover. */
function coveringNames(domain: string, hosts: readonly string[]): string[] {
  return hosts.reduce<string[]>(
    (names, host) => (names.some((name) => covers(name, host)) ? names : [...names, host]),
    domainAndWildcard(domain),
  );
}

/** Lower case, ASCII, no trailing dot; `undefined` where no host name can be made of it. */
function normalize(host: string): string | undefined {
  if (!URL.canParse(`http://${host}/`)) return undefined;
  const { hostname, pathname, port, username } = new URL(`http://${host}/`);
  const name = hostname.replace(/\.+$/, "");
  return pathname === "/" && port === "" && username === "" && name !== "" ? name : undefined;
}

function lengthViolations(path: string, host: string): Violation[] {
  const long = host.split(".").filter((label) => label.length > LONGEST_LABEL);
  const whole: Violation[] =
    host.length > LONGEST_NAME
      ? [{ path, problem: `has ${host.length} characters`, remedy: `use at most ${LONGEST_NAME}` }]
      : [];
  const labels = long.map((label) => ({
    path,
    problem: `its label "${label}" has ${label.length} characters`,
    remedy: `use at most ${LONGEST_LABEL} between two dots`,
  }));
  return [...whole, ...labels];
}

function labelViolations(path: string, host: string): Violation[] {
  const bad = host.split(".").find((label) => !LABEL.test(label));
  if (bad !== undefined)
    return [
      {
        path,
        problem: `"${bad}" in "${host}" is not a label of a host name`,
        remedy: "use lower-case letters, digits and inner hyphens",
      },
    ];
  const { domain, isIp } = parse(host);
  if (isIp === true || domain === null)
    return [
      {
        path,
        problem: `"${host}" is not below a registrable domain`,
        remedy: 'use a name such as "retool.example.com"',
      },
    ];
  return [];
}

function domainViolations(domain: string): Violation[] {
  const wrong = hostViolations(PATH_DOMAIN, domain);
  if (wrong.length > 0 || domain.length <= LONGEST_COMMON_NAME) return wrong;
  return [
    {
      path: PATH_DOMAIN,
      problem: `has ${domain.length} characters, more than ACM takes as the first name of a certificate`,
      remedy: `use at most ${LONGEST_COMMON_NAME}`,
    },
  ];
}

function proxyViolations({ sandboxProxy, sandboxProxyHost: host }: HostnamesSpec, domain: string): Violation[] {
  const path = "frontDoor.sandboxProxyHost";
  if (host === undefined) return [];
  if (sandboxProxy === "same-origin")
    return [
      {
        path,
        problem: `"${host}" has no effect when sandboxProxy is "same-origin"`,
        remedy: 'remove it, or set sandboxProxy to "dedicated-host"',
      },
    ];
  const wrong = hostViolations(path, host);
  if (wrong.length > 0) return wrong;
  if (isProxyPlace(domain, host)) return [];
  return [
    {
      path,
      problem: `"${host}" is neither below ${domain} nor next to it`,
      remedy: `use a name such as "agent-proxy.${domain}"`,
    },
  ];
}

/** Whether a host may be the sandbox proxy's: below the main host or next to it. */
export function isProxyPlace(domain: string, host: string): boolean {
  return isWithin(domain, host) || isBeside(domain, host);
}

/** Next to it means: below the same parent, which must itself be a domain that can be registered or below one. */
function isBeside(domain: string, host: string): boolean {
  return parse(domain).domain !== domain && covers(`*.${parentOf(domain)}`, host);
}

function appsDomainViolations(appsDomain: string | undefined, domain: string): Violation[] {
  const path = "frontDoor.appsDomain";
  if (appsDomain === undefined) return [];
  if (appsDomain === domain)
    return [
      {
        path,
        problem: `"${appsDomain}" is Retool's own host, so apps would share its origin`,
        remedy: `use "apps.${domain}", or a separate domain`,
      },
    ];
  return hostViolations(path, appsDomain);
}

function countViolations(names: readonly string[]): Violation[] {
  if (names.length <= MOST_CERTIFICATE_NAMES) return [];
  return [
    {
      path: "frontDoor.spaceHosts",
      problem: `the certificate would need ${names.length} names, and ACM allows ${MOST_CERTIFICATE_NAMES}`,
      remedy: "use hosts one label below the domain, which its wildcard covers",
    },
  ];
}

function repeatedHosts(hosts: readonly string[]): Violation[] {
  return hosts
    .filter((host, index) => hosts.indexOf(host) < index)
    .map((host) => ({
      path: "frontDoor",
      problem: `"${host}" is used twice`,
      remedy: "use different hosts for the sandbox proxy and each Space",
    }));
}
