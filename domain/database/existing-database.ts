import { z } from "zod";

import { overlaps, parseIpv4, rangeProblem } from "../common/address-range";
import { checkedInteger } from "../common/checked-integer";
import { hostViolations, ownDestination, serverHost } from "../common/server-host";
import { secretNameViolations } from "../common/secret-name";
import { RESERVED_WORDS } from "./reserved-words";
import type { Problem, Violation } from "../common/violation";

/** A PostgreSQL server that exists already, and how pods sign in to it. */
export interface ExistingServerSpec {
  /** Host name or address. */
  readonly host: string;

  /**
   * Port.
   *
   * @default 5432
   */
  readonly port?: number;

  /**
   * User.
   *
   * @default "retool"
   */
  readonly user?: string;

  /** Name of the Secrets Manager secret, in the environment's account and region, whose whole string is the password. */
  readonly secret: string;

  /**
   * Number to raise after the stored password was changed.
   *
   * @default 1
   */
  readonly secretRevision?: number;

  /**
   * Address ranges that the server has: those of its subnets in the VPC or in a network that is connected to it, or its
   * addresses on the internet. Pods may reach its port there and nowhere else.
   *
   * @default [] - only where the host is an address itself, or a Service of the cluster
   */
  readonly addresses?: readonly string[];
}

/** A server with every default filled in. */
export interface ExistingServerPlan {
  /** Host name or address. */
  readonly host: string;
  /** Port. */
  readonly port: number;
  /** User. */
  readonly username: string;
  /** Name of the secret that holds the password. */
  readonly secret: string;
  /** Number that grows when the stored password changes. */
  readonly secretRevision: number;
  /** Address ranges of the server; empty where the host says as much. */
  readonly addresses: readonly string[];
}

/** Shape of the fields of an {@link ExistingServerSpec}. */
export const existingServerShape = {
  host: serverHost(),
  port: z.number().optional(),
  user: z.string().optional(),
  secret: z.string(),
  secretRevision: z.number().optional(),
  addresses: z.array(z.string()).min(1, "the list is empty; list the server's ranges, or remove it").optional(),
};

const PORTS = { min: 1, max: 65_535 };
const REVISIONS = { min: 1, max: 1_000_000 };

/** Fills in what a server's specification leaves out. */
export function planExistingServer(spec: ExistingServerSpec): ExistingServerPlan {
  const { host, secret, port = 5432, user = "retool", secretRevision = 1, addresses = [] } = spec;
  return { host, port, username: user, secret, secretRevision, addresses };
}

/** Finds servers that cannot be reached or signed in to. */
export function existingServerViolations(server: ExistingServerPlan, root: string): Violation[] {
  const { host, port, username, secret, secretRevision, addresses } = server;
  const unknown = hostViolations(host, `${root}.host`);
  return [
    ...unknown,
    ...checkedInteger(`${root}.port`, port, PORTS).violations,
    ...nameViolations(username, "user", `${root}.user`),
    ...secretNameViolations(secret, `${root}.secret`),
    ...checkedInteger(`${root}.secretRevision`, secretRevision, REVISIONS).violations,
    ...addresses.flatMap((address, index) => addressViolations(address, `${root}.addresses[${index}]`)),
    ...(unknown.length + addresses.length === 0 ? placeViolations(host, `${root}.addresses`) : []),
  ];
}

/** Finds names that could not stand in connection strings and in the charts' files as they are. */
export function nameViolations(name: string, owner: "user" | "database", path: string): Violation[] {
  if (/^[A-Za-z_][A-Za-z0-9_-]{0,62}$/.test(name) && !RESERVED_WORDS.has(name.toLowerCase())) return [];
  return [
    {
      path,
      problem: `"${name}" is not a ${owner}'s name`,
      remedy: "use letters, digits, underscores and hyphens, and no reserved word of SQL",
    },
  ];
}

function placeViolations(host: string, path: string): Violation[] {
  if (ownDestination(host).kind !== "host") return [];
  return [
    {
      path,
      problem: `is missing, and a network policy cannot use the name "${host}"`,
      remedy: 'list the address ranges of the server, such as ["10.20.0.0/24"] for its subnet',
    },
  ];
}

function addressViolations(address: string, path: string): Violation[] {
  const problem = rangeProblem(address) ?? serverRangeProblem(address);
  return problem === undefined ? [] : [{ path, ...problem }];
}

/** Shortest prefix of the ranges that one server has: the largest private one. */
const WIDEST_PREFIX = 8;

const LOOPBACK = parseIpv4("127.0.0.0/8");

function serverRangeProblem(text: string): Problem | undefined {
  const range = parseIpv4(text);
  const remedy = 'use the range of its subnet, such as "10.20.0.0/24"';
  if (range === undefined) return { problem: `"${text}" is an IPv6 range, and pods have IPv4 addresses only`, remedy };
  if (LOOPBACK !== undefined && overlaps(LOOPBACK, range)) return { problem: `"${text}" is the pod itself`, remedy };
  return range.prefixLength >= WIDEST_PREFIX ? undefined : { problem: `"${text}" is most of the internet`, remedy };
}
