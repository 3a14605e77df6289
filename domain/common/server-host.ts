import ipaddr from "ipaddr.js";
import { z } from "zod";

import { quote } from "./quote";
import type { Problem, Violation } from "./violation";

const LABEL = /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/;

/** Characters of the longest host name. Source: RFC 1035, section 2.3.4. */
export const LONGEST_NAME = 253;

/** Characters of the longest part of a host name, between two dots. Source: the same. */
export const LONGEST_LABEL = 63;

/** What no packet of a pod reaches as a server: this host, link-local, multicast and reserved addresses. */
const NO_SERVERS = ["unspecified", "loopback", "linkLocal", "multicast", "broadcast"];

/** First number of the addresses that are kept for the future. */
const FIRST_RESERVED = 240;

const NAME_REMEDY = "use the whole name of the server, such as db.corp.example.com, without a scheme, a port or a path";

/** A host the way it is looked up: in lower case, without the dot that ends a whole name. */
export function plainHost(host: string): string {
  return host.toLowerCase().replace(/(?<=[^.])\.$/, "");
}

/**
 * Schema of the name or address of a server that pods connect to: capitals and the final dot are read as what they mean.
 *
 * What is wrong with it is found by {@link hostViolations}.
 */
export function serverHost(): z.ZodString {
  return z.string().overwrite(plainHost);
}

/** Finds what is wrong with the host of a server; the names of data sources may hold underscores. */
export function hostViolations(host: string, path: string): Violation[] {
  const problem = serverHostProblem(host);
  return problem === undefined ? [] : [{ path, ...problem }];
}

function serverHostProblem(host: string): Problem | undefined {
  // A name that ends in a number is an address to every resolver, with any labels before it.
  if (/(^|\.)(\d+|0x[0-9a-f]*)$/.test(host)) return addressProblem(host);
  const refuse = (problem: string, remedy = NAME_REMEDY): Problem => ({ problem: `${quote(host)} ${problem}`, remedy });
  const labels = host.split(".");
  if (host.includes(":") && ipaddr.IPv6.isValid(host.replace(/^\[|\]$/g, "")))
    return refuse("is an IPv6 address, and pods have IPv4 addresses only", "use the server's name or its IPv4 address");
  if (host.length > LONGEST_NAME || !labels.every((label) => LABEL.test(label)))
    return refuse("is not a host name or an address");
  if (/(^|\.)localhost(\.localdomain)?$/.test(host)) return refuse("is the pod itself");
  return labels.length > 1 ? undefined : refuse("is a single label, which resolves differently in each network");
}

function addressProblem(address: string): Problem | undefined {
  const remedy = "use the server's name, or its IPv4 address as four numbers from 0 to 255";
  if (!ipaddr.IPv4.isValidFourPartDecimal(address))
    return { problem: `${quote(address)} is not an IPv4 address`, remedy };
  const parsed = ipaddr.IPv4.parse(address);
  const range = parsed.range();
  if (!NO_SERVERS.includes(range) && (parsed.octets[0] ?? 0) < FIRST_RESERVED) return undefined;
  const kind = range === "loopback" ? "the pod itself" : `an address that no server can have (${range})`;
  return { problem: `${quote(address)} is ${kind}`, remedy };
}

/** Where a server is: in the cluster, at an address, or behind a name. */
export type ServerDestination =
  | { readonly kind: "host"; readonly host: string }
  | { readonly kind: "range"; readonly cidr: string }
  | { readonly kind: "namespace"; readonly namespace: string; readonly host: string };

const IN_CLUSTER = /^[a-z0-9-]+\.([a-z0-9-]+)\.svc(\.cluster\.local)?$/;
const IPV4_ADDRESS = /^\d{1,3}(\.\d{1,3}){3}$/;

/** Where a server is: in the cluster, at an address, or behind a name. */
export function ownDestination(host: string): ServerDestination {
  const namespace = IN_CLUSTER.exec(host)?.[1];
  if (namespace !== undefined) return { kind: "namespace", namespace, host };
  return IPV4_ADDRESS.test(host) ? { kind: "range", cidr: `${host}/32` } : { kind: "host", host };
}
