import { z } from "zod";

import { overlaps, parseIpv4, rangeProblem, widthProblem } from "../common/address-range";
import { hostViolations, ownDestination, serverHost } from "../common/server-host";
import { secretNameViolations } from "../common/secret-name";
import { checked, port, revision } from "../common/setting";
import { plainNameProblem } from "./sql-names";
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
  port: port().default(5432),
  user: checked(z.string(), userProblem).default("retool"),
  secret: z.string(),
  secretRevision: revision().default(1),
  addresses: z
    .array(checked(z.string(), serverRangeProblem, { form: "an IPv4 range" }))
    .min(1, "the list is empty; list the server's ranges, or remove it")
    .optional(),
};

/** An {@link ExistingServerSpec} with every default. */
type ExistingServerSettings = z.output<z.ZodObject<typeof existingServerShape>>;

/** Fills in what a server's specification leaves out. */
export function planExistingServer(spec: ExistingServerSettings): ExistingServerPlan {
  const { host, secret, port, user, secretRevision, addresses = [] } = spec;
  return { host, port, username: user, secret, secretRevision, addresses };
}

/** Finds servers that cannot be reached or signed in to. */
export function existingServerViolations(server: ExistingServerPlan, root: string): Violation[] {
  const { host, secret, addresses } = server;
  const unknown = hostViolations(host, `${root}.host`);
  return [
    ...unknown,
    ...secretNameViolations(secret, `${root}.secret`),
    ...(unknown.length + addresses.length === 0 ? placeViolations(host, `${root}.addresses`) : []),
  ];
}

function userProblem(name: string): Problem | undefined {
  return plainNameProblem(name, "user");
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

const LOOPBACK = parseIpv4("127.0.0.0/8");

function serverRangeProblem(text: string): Problem | undefined {
  const problem = rangeProblem(text);
  if (problem !== undefined) return problem;
  const range = parseIpv4(text);
  const remedy = 'use the range of its subnet, such as "10.20.0.0/24"';
  if (range === undefined) return { problem: `"${text}" is an IPv6 range, and pods have IPv4 addresses only`, remedy };
  if (LOOPBACK !== undefined && overlaps(LOOPBACK, range)) return { problem: `"${text}" is the pod itself`, remedy };
  const tooWide = widthProblem(text);
  return tooWide === undefined ? undefined : { problem: tooWide, remedy };
}
