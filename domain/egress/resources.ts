import { z } from "zod";

import { parseRange, rangeProblem, widthProblem } from "../common/address-range";
import type { RetoolComponent } from "../catalog/row";
import { RETOOL_COMPONENTS, servicesThatNeed } from "../catalog/lookup";
import { port } from "../common/setting";
import { quote } from "../common/quote";
import { closedProblem, type OwnRanges, runsUserCode } from "./closed-ranges";
import { absorbCovered } from "./merge";
import { type TextProblem, hostProblem, isPublicSuffix, nameDestination, widerName } from "./names";
import { ownDestination, plainHost } from "../common/server-host";
import { BUCKET_USERS } from "./platform";
import type { Application, EgressDestination, EgressRule, EgressSource } from "./rules";
import type { Planned, Violation } from "../common/violation";

/** Something outside the environment that Retool may reach. */
export interface EgressResource {
  /**
   * Host name (`db.example.com`), all names below one (`*.example.com`), address range (`203.0.113.0/24`), or a Service of the
   * cluster (`db.data.svc.cluster.local`), whose namespace is opened on the port that its pods listen on.
   */
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
  reason: z.string().trim().min(1, "is empty; explain why it is allowed").optional(),
});

/** Rules for what a team adds to the allowlist, without those that others of it cover. */
export function planResources(
  resources: readonly EgressResource[],
  root: string,
  ranges?: OwnRanges,
): Planned<EgressRule[]> {
  return {
    plan: absorbCovered(resources.map(resourceRule)),
    violations: resources.flatMap((resource, index) => resourceViolations(resource, `${root}[${index}]`, ranges)),
  };
}

function resourceRule(resource: EgressResource): EgressRule {
  const { to, addresses } = resource;
  const port = resource.port ?? (resource.via === "ssh" ? 22 : 443);
  const application = applicationOf(resource, port);
  const usual = usualFacts(resource);
  const destination = destinationOf(to);
  return {
    id: `resource/${to}:${port}`,
    sources: sourcesOf(resource),
    destination,
    port,
    application,
    route: destination.kind === "namespace" ? "private" : "internet",
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

/** Where a firewall can check a name, or could: a range and a Service of the cluster have none. */
function applicationOf({ application, to }: EgressResource, port: number): Application {
  if (!hasName(to)) return "tcp";
  if (application !== undefined) return application;
  if (port === 443) return "tls";
  return port === 80 ? "http" : "tcp";
}

function destinationOf(to: string): EgressDestination {
  if (parseRange(to) !== undefined) return { kind: "range", cidr: to };
  return hasName(to) ? nameDestination(to) : ownDestination(to);
}

function hasName(to: string): boolean {
  return parseRange(to) === undefined && ownDestination(to).kind !== "namespace";
}

/** Of several faults of one text only the first is told. */
function resourceViolations(resource: EgressResource, path: string, ranges: OwnRanges | undefined): Violation[] {
  const found = [
    ...clusterViolations(resource, path),
    ...closedViolations(resource, path, ranges),
    ...destinationViolations(resource, `${path}.to`),
    ...addressViolations(resource, `${path}.addresses`),
    ...applicationViolations(resource, path),
  ];
  return found.filter((violation, index) => found.findIndex((other) => other.path === violation.path) === index);
}

/** Names inside the cluster: CoreDNS answers for them, and Service addresses are open only by namespace. */
function clusterViolations({ to, ...resource }: EgressResource, path: string): Violation[] {
  if (!/(^|\.)(svc|cluster\.local)$/.test(to)) return [];
  if (hasName(to))
    return [
      {
        path: `${path}.to`,
        problem: `${quote(to)} includes names inside the cluster`,
        remedy: "name a Service, such as db.data.svc.cluster.local",
      },
    ];
  const code = sourcesOf({ to, ...resource }).find((source) => runsUserCode(source));
  return code === undefined
    ? []
    : [
        {
          path: `${path}.to`,
          problem: `"${to}" is in the cluster, which ${code} may never reach`,
          remedy: `remove ${code}, or the name`,
        },
      ];
}

function applicationViolations({ to, via, application }: EgressResource, path: string): Violation[] {
  if (application === undefined || application === "tcp" || (hasName(to) && via === undefined)) return [];
  const what = via === undefined ? `${to} has no name that could be checked` : "SSH is neither TLS nor HTTP";
  return [{ path: `${path}.application`, problem: `"${application}" has no effect: ${what}`, remedy: "remove it" }];
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
  const tooWide = reason === undefined ? unexplained(to) : undefined;
  return tooWide === undefined ? [] : [{ path, ...tooWide }];
}

/** One address is a range as well. */
function singleAddress(to: string): Pick<TextProblem, "remedy"> | undefined {
  return parseRange(`${to}/32`)?.family === "ipv4" ? { remedy: `use the range "${to}/32"` } : undefined;
}

/** Finds a destination that needs a reason. */
function unexplained(to: string): TextProblem | undefined {
  const problem = widthProblem(to);
  if (problem !== undefined) return { problem, remedy: "use narrower ranges, or explain it in reason" };
  if (parseRange(to) !== undefined) return undefined;
  const wider = widerName(to);
  if (!isPublicSuffix((wider ?? to).replace(/^\*\./, ""))) return undefined;
  return {
    problem:
      wider === undefined
        ? `"${to}" includes names that anybody can register`
        : `"${to}" has an underscore, so the DNS firewall would have to allow ${wider}, under which anybody can register names`,
    remedy: "list the intended hosts, or explain it in reason",
  };
}

function addressViolations({ addresses = [], to, reason }: EgressResource, path: string): Violation[] {
  const refused = addresses.flatMap((address, index) => {
    const problem = rangeProblem(address) ?? (reason === undefined ? unexplained(address) : undefined);
    return problem === undefined ? [] : [{ path: `${path}[${index}]`, ...problem }];
  });
  const needless =
    addresses.length > 0 && parseRange(to) !== undefined
      ? [{ path, problem: `${to} is a range already`, remedy: "remove addresses" }]
      : [];
  return [...refused, ...needless];
}
