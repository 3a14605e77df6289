import { z } from "zod";

import { parseRange, rangeProblem } from "../common/address-range";
import type { RetoolComponent } from "../catalog/row";
import { RETOOL_COMPONENTS, servicesThatNeed } from "../catalog/lookup";
import { port } from "../common/setting";
import { closedProblem, type OwnRanges } from "./closed-ranges";
import { absorbCovered } from "./merge";
import { type TextProblem, hostProblem, isPublicSuffix, nameDestination } from "./names";
import { plainHost } from "../common/server-host";
import { BUCKET_USERS } from "./platform";
import type { Application, EgressDestination, EgressRule, EgressSource } from "./rules";
import type { Planned, Violation } from "../common/violation";

/** Something outside the environment that Retool may reach. */
export interface EgressResource {
  /** Host name (`db.example.com`), all names below one (`*.example.com`) or address range (`203.0.113.0/24`). */
  readonly to: string;

  /**
   * What it is: it decides who may reach it.
   *
   * @default "data-source"
   */
  readonly purpose?: EgressPurpose;

  /**
   * TCP port.
   *
   * @default - 22 by way of SSH, else 443
   */
  readonly port?: number;

  /**
   * How it is reached: `ssh` for a bastion behind which the data source is.
   *
   * @default - directly
   */
  readonly via?: "ssh";

  /**
   * What is spoken. TLS and HTTP name their host on the wire, so that a firewall can check it; anything else needs
   * `addresses`.
   *
   * @default - `tls` on 443, `http` on 80, else `tcp`
   */
  readonly application?: Application;

  /**
   * Address ranges of a host that speaks neither TLS nor HTTP, where it is on the internet.
   *
   * @default []
   */
  readonly addresses?: readonly string[];

  /**
   * Containers that may reach it.
   *
   * @default - those that the purpose needs
   */
  readonly containers?: readonly RetoolComponent[];

  /**
   * Why it is allowed; asked for where anybody could put anything there.
   *
   * @default - what the purpose says
   */
  readonly reason?: string;
}

/** What a resource is to Retool. */
export type EgressPurpose =
  | "data-source"
  | "email"
  | "git"
  | "identity"
  | "models"
  | "webhooks"
  | "packages"
  | "app-packages"
  | "metrics"
  | "images"
  | "blob-storage";

interface PurposeFacts {
  readonly sources: readonly EgressSource[];
  readonly reason: string;
}

/** Components that run queries against the customer's data sources. */
export const QUERY_RUNNERS = servicesThatNeed("data-sources");

/** A bastion: only the components that run `DB_SSH_CONNECTOR` open SSH connections. */
const SSH: PurposeFacts = {
  sources: ["api", "workflow-backend", "dbconnector"],
  reason: "Bastion in front of data sources",
};

const PURPOSES: Readonly<Record<EgressPurpose, PurposeFacts>> = {
  "data-source": { sources: QUERY_RUNNERS, reason: "Data source of apps and workflows" },
  git: { sources: servicesThatNeed("git"), reason: "Git host of Source Control" },
  email: { sources: ["api", "workflow-worker", "workflow-backend", "jobs-runner"], reason: "Mail server" },
  webhooks: { sources: ["api", "workflow-worker", "workflow-backend", "jobs-runner"], reason: "Receiver of webhooks" },
  metrics: {
    sources: [...servicesThatNeed("retool"), "telemetry"],
    reason: "Collector of metrics and traces",
  },
  packages: { sources: servicesThatNeed("packages"), reason: "Packages that code in workflows imports" },
  identity: { sources: servicesThatNeed("identity"), reason: "Identity provider that users sign in with" },
  models: {
    sources: servicesThatNeed("models"),
    reason: "Model provider of Retool's AI",
  },
  "app-packages": { sources: servicesThatNeed("app-packages"), reason: "Registry of the packages that apps use" },
  images: { sources: ["nodes"], reason: "Registry of container images" },
  "blob-storage": { sources: BUCKET_USERS, reason: "Blob storage outside AWS" },
};

const purposes = Object.keys(PURPOSES) as [EgressPurpose, ...EgressPurpose[]];

/** Shape of an {@link EgressResource}. */
export const egressResourceSchema = z.strictObject({
  to: z.string().overwrite(plainHost),
  purpose: z.enum(purposes).optional(),
  port: port().optional(),
  via: z.literal("ssh").optional(),
  application: z.enum(["tls", "http", "tcp"]).optional(),
  addresses: z.array(z.string()).readonly().optional(),
  containers: z
    .array(z.enum(RETOOL_COMPONENTS as [RetoolComponent, ...RetoolComponent[]]))
    .min(1, "is empty; name at least one container, or remove it")
    .readonly()
    .optional(),
  reason: z.string().min(1, "is empty; explain why it is allowed").optional(),
});

/** Rules for what a team adds to the allowlist, without those that others of it cover. */
export function planResources(
  resources: readonly EgressResource[],
  root: string,
  ranges?: OwnRanges,
): Planned<EgressRule[]> {
  return {
    plan: absorbCovered(resources.map(resourceRule)),
    violations: resources.flatMap((resource, index) => [
      ...resourceViolations(resource, `${root}[${index}]`),
      ...closedViolations(resource, `${root}[${index}]`, ranges),
    ]),
  };
}

function resourceRule(resource: EgressResource): EgressRule {
  const { to, addresses } = resource;
  const port = resource.port ?? (resource.via === "ssh" ? 22 : 443);
  const application = applicationOf(resource, port);
  const usual = usualFacts(resource);
  return {
    id: `resource/${to}:${port}`,
    sources: sourcesOf(resource),
    destination: destinationOf(to),
    port,
    application,
    route: "internet",
    reason: resource.reason ?? usual.reason,
    document: "",
    inferred: false,
    required: false,
    addresses,
  };
}

function usualFacts({ via, purpose = "data-source" }: EgressResource): PurposeFacts {
  return via === "ssh" ? SSH : PURPOSES[purpose];
}

function sourcesOf(resource: EgressResource): readonly EgressSource[] {
  return resource.containers ?? usualFacts(resource).sources;
}

function applicationOf({ application, to }: EgressResource, port: number): Application {
  if (parseRange(to) !== undefined) return "tcp";
  if (application !== undefined) return application;
  if (port === 443) return "tls";
  return port === 80 ? "http" : "tcp";
}

function destinationOf(to: string): EgressDestination {
  return parseRange(to) === undefined ? nameDestination(to) : { kind: "range", cidr: to };
}

function resourceViolations(resource: EgressResource, path: string): Violation[] {
  return [...destinationViolations(resource, `${path}.to`), ...addressViolations(resource, `${path}.addresses`)];
}

/** Finds ranges that stay closed to the containers that would get them. */
function closedViolations(resource: EgressResource, path: string, ranges: OwnRanges | undefined): Violation[] {
  const given = [
    ...(parseRange(resource.to) === undefined ? [] : [{ cidr: resource.to, path: `${path}.to` }]),
    ...(resource.addresses ?? []).map((cidr, index) => ({ cidr, path: `${path}.addresses[${index}]` })),
  ];
  return given.flatMap(({ cidr, path: at }) => {
    const problem = closedProblem(cidr, sourcesOf(resource), ranges);
    return problem === undefined ? [] : [{ path: at, ...problem }];
  });
}

function destinationViolations({ to, reason }: EgressResource, path: string): Violation[] {
  const problem = /[/:]/.test(to) && /^[0-9a-fA-F.:]+\/\d+$/.test(to) ? rangeProblem(to) : hostProblem(to);
  if (problem !== undefined) return [{ path, ...problem, ...singleAddress(to) }];
  const tooWide = reason === undefined ? widthProblem(to) : undefined;
  return tooWide === undefined ? [] : [{ path, ...tooWide }];
}

/** One address is a range as well. */
function singleAddress(to: string): Pick<TextProblem, "remedy"> | undefined {
  return parseRange(`${to}/32`)?.family === "ipv4" ? { remedy: `use the range "${to}/32"` } : undefined;
}

/** Shortest prefix of a range that needs no reason: the largest private one. */
const WIDEST_PREFIX = 8;

function widthProblem(to: string): TextProblem | undefined {
  const range = parseRange(to);
  if (range !== undefined)
    return range.prefixLength >= WIDEST_PREFIX
      ? undefined
      : { problem: `${to} covers most of the internet`, remedy: "use narrower ranges, or explain it in reason" };
  const name = to.replace(/^\*\./, "");
  if (!isPublicSuffix(name)) return undefined;
  return {
    problem: `"${to}" includes names that anybody can register`,
    remedy: "list the intended hosts, or explain it in reason",
  };
}

function addressViolations({ addresses = [], to, reason }: EgressResource, path: string): Violation[] {
  const refused = addresses.flatMap((address) => {
    const problem = rangeProblem(address) ?? (reason === undefined ? widthProblem(address) : undefined);
    return problem === undefined ? [] : [{ path, ...problem }];
  });
  const needless =
    addresses.length > 0 && parseRange(to) !== undefined
      ? [{ path, problem: `${to} is a range already`, remedy: "remove addresses" }]
      : [];
  return [...refused, ...needless];
}
