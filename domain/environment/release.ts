import { isWithin, rangeProblem } from "../common/address-range";
import type { EnvironmentContext } from "../common/context";
import type { Planned, Violation } from "../common/violation";
import type { ExistingKarpenterSpec } from "../cluster/existing-spec";
import { nodeReleaseOf } from "../cluster/node-release";
import type { AllowedDestination } from "../egress/plain";
import type { EgressDestination, EgressRule } from "../egress/rules";
import type { EgressSpec } from "../egress/spec";
import type { HostnamesSpec } from "../front-door/hostnames";
import type { SubnetRanges } from "../network/spec";
import type { RetoolSpec } from "../retool/spec";
import type { TemporalSpec } from "../temporal/temporal";
import { versions } from "../versions/pins";
import { checkEnvironment, type EnvironmentPlan } from "./environment";
import type { EnvironmentSpec } from "./spec";

/** What a team decides about Retool in a cluster of any kind. */
export interface ReleaseSpec
  extends
    RetoolSpec,
    Pick<EnvironmentSpec, "domain" | "license" | "retoolVersion" | "builders" | "users" | "sandbox" | "nodePools"> {
  /**
   * Who may reach Retool: ranges of the internet, or only the VPC.
   *
   * @default "internal"
   */
  readonly access?: EnvironmentSpec["access"];

  /**
   * Host names besides the domain.
   *
   * @default - a separate host for the sandboxes' proxy
   */
  readonly hostnames?: HostnamesSpec;

  /**
   * The Temporal cluster that runs workflows.
   *
   * @default { kind: "retool-managed" }
   */
  readonly temporal?: Exclude<TemporalSpec, { readonly kind: "local" }>;

  /**
   * PEM certificates of the authorities that sign the database's certificate, or `none` where it is not checked.
   *
   * @default - those of RDS in the region
   */
  readonly caBundle?: string;

  /**
   * What apps call: pods reach nothing else.
   *
   * @default []
   */
  readonly resources?: EgressSpec["resources"];
}

/** A PostgreSQL server, as policies let pods reach it. */
export interface DatabaseSite {
  /**
   * Its address, where the host is one.
   *
   * @default - the host has a name
   */
  readonly address?: string;
  /** TCP port. */
  readonly port: number;
  /**
   * Address ranges of the server.
   *
   * @default - the database subnets of the network
   */
  readonly addresses?: readonly string[];
}

/** Where Retool is installed. */
export interface ReleaseSite {
  /** The cluster. */
  readonly cluster: {
    /** Its name. */
    readonly name: string;
    /** Its Kubernetes minor version. */
    readonly kubernetesVersion: string;
    /** Release of the image of its nodes. */
    readonly nodeReleaseVersion: string;
    /** Addresses of its Services. */
    readonly serviceCidr: string;
    /**
     * Ranges of the subnets that hold the interfaces of its control plane.
     *
     * @default - those of the private subnets
     */
    readonly controlPlaneCidrs?: readonly string[];
  };
  /**
   * Karpenter that someone else owns.
   *
   * @default - one of this package, which has all that Retool's pools ask for
   */
  readonly karpenter?: ExistingKarpenterSpec;
  /** Addresses of its network. */
  readonly ranges: SubnetRanges;
  /** Where the platform database answers. */
  readonly database: DatabaseSite;
  /** Revision of the database's password. */
  readonly passwordRevision: number;
}

/**
 * Plans Retool for a cluster, a network and a database that somebody else makes.
 *
 * It is the plan of an environment whose cluster and network exist; of the database only the connections are planned.
 *
 * @param spec - What a team wrote.
 * @param context - Names, account and region.
 * @param site - What is there.
 */
export function planRelease(
  spec: ReleaseSpec,
  context: EnvironmentContext,
  site: ReleaseSite,
): Planned<EnvironmentPlan> {
  const { domain, license, retoolVersion, builders, users, sandbox, nodePools, access, ...more } = spec;
  const { hostnames, temporal, caBundle, resources, ...retool } = more;
  const environment: EnvironmentSpec = {
    name: "release",
    account: context.account,
    region: context.region,
    namespace: context.namespace,
    dataProtection: context.dataProtection,
    ...{ domain, license, retoolVersion, builders, users, sandbox, nodePools, temporal, retool },
    frontDoor: hostnames,
    database: caBundle === undefined ? {} : { caBundle },
    access: access ?? "internal",
    clusterAccess: "private",
    egress: { resources: resources ?? [] },
    network: existingNetwork(site.ranges),
    cluster: existingCluster(site, context),
    secrets: { databasePassword: { kind: "generate", revision: site.passwordRevision } },
  };
  const { plan, violations } = checkEnvironment(environment, { ...context, domain });
  return {
    plan: reaching(plan, site.database),
    violations: [
      ...violations.map((violation) => ({ ...violation, path: pathOf(violation) })),
      ...databaseViolations(site.database, plan.network.databaseCidrs),
    ],
  };
}

/** The plan with the way to a database that may be elsewhere, and at another port. */
function reaching(plan: EnvironmentPlan, { port, addresses }: DatabaseSite): EnvironmentPlan {
  const { network, egress } = plan;
  const isDatabase = ({ destination }: EgressRule): boolean =>
    destination.kind === "platform" && destination.platform === "database";
  const rules = egress.rules.map((rule) => (isDatabase(rule) ? { ...rule, port } : rule));
  return {
    ...plan,
    network: { ...network, databaseCidrs: addresses ?? network.databaseCidrs },
    egress: { ...egress, rules },
  };
}

function databaseViolations({ address, addresses }: DatabaseSite, ofNetwork: readonly string[]): Violation[] {
  const path = "database.addresses";
  const malformed = (addresses ?? []).flatMap((range, index) => {
    const problem = rangeProblem(range);
    return problem === undefined ? [] : [{ path: `${path}[${index}]`, ...problem }];
  });
  const allowed = addresses ?? ofNetwork;
  if (malformed.length > 0 || address === undefined || isWithin(`${address}/32`, allowed)) return malformed;
  const place = addresses === undefined ? "the database subnets of the cluster's network" : "these ranges";
  return [
    {
      path,
      problem: `${address} is in none of ${place} (${allowed.join(", ")}), so pods could not reach the database`,
      remedy: `set it to ["${address}/32"]`,
    },
  ];
}

/** Addresses and versions that stand for those of any site: what leaves does not depend on them. */
const ANY_SITE: ReleaseSite = {
  cluster: {
    name: "any",
    kubernetesVersion: versions.kubernetes.default,
    nodeReleaseVersion: nodeReleaseOf(undefined, versions.kubernetes.default),
    serviceCidr: "172.20.0.0/16",
  },
  ranges: { vpc: ["10.0.0.0/16"], private: ["10.0.0.0/17", "10.0.128.0/17"], public: [], database: [] },
  database: { port: 5432 },
  passwordRevision: 1,
};

/** What a guard of the network must let out for a release, besides what nodes and add-ons need themselves. */
export function releaseDestinations(
  spec: ReleaseSpec,
  context: EnvironmentContext,
): Planned<readonly AllowedDestination[]> {
  const { plan, violations } = planRelease({ ...spec, access: "internal" }, context, ANY_SITE);
  const named = plan.egress.rules.flatMap(({ destination, port, application, addresses, reason }) => {
    const to = nameOf(destination);
    return to === undefined || port === "any" ? [] : [{ to, port, application, addresses, reason }];
  });
  const first = ({ to, port }: AllowedDestination, index: number): boolean =>
    named.findIndex((other) => other.to === to && other.port === port) === index;
  return { plan: named.filter(first), violations };
}

function nameOf(destination: EgressDestination): string | undefined {
  switch (destination.kind) {
    case "host":
      return destination.host;
    case "subdomains":
      return `*.${destination.domain}`;
    case "range":
      return destination.cidr;
    default:
      return undefined;
  }
}

/** Ids that stand for those which are known only once the network is made; nothing reads them. */
function existingNetwork({ vpc, ...subnets }: SubnetRanges): EnvironmentSpec["network"] {
  const listed = (cidrs: readonly string[], list: number): { id: string; cidr: string }[] =>
    cidrs.map((cidr, index) => ({ id: `subnet-${String(list * 100 + index).padStart(8, "0")}`, cidr }));
  return {
    kind: "existing",
    vpcId: "vpc-00000000",
    cidrs: vpc,
    privateSubnets: listed(subnets.private, 1),
    publicSubnets: listed(subnets.public, 2),
    ...(subnets.database.length === 0 ? {} : { databaseSubnets: listed(subnets.database, 3) }),
  };
}

function existingCluster(
  { cluster, karpenter }: Pick<ReleaseSite, "cluster" | "karpenter">,
  { account }: Pick<EnvironmentContext, "account">,
): EnvironmentSpec["cluster"] {
  return {
    kind: "existing",
    ...cluster,
    has: {
      networkPolicies: true,
      karpenter: karpenter ?? {
        version: versions.charts.karpenter.version,
        instanceProfileName: "nodes",
        controllerRoleArn: `arn:aws:iam::${account}:role/karpenter`,
        nodeOverlay: true,
        interruptionQueue: true,
      },
      loadBalancerController: true,
      podIdentityAgent: true,
      networkPluginRole: true,
      metricsServer: true,
    },
  };
}

/** Paths of an environment, and what they are called here. */
const PATHS: readonly (readonly [RegExp, string])[] = [
  [/^retool\./, ""],
  [/^egress\.resources/, "resources"],
  [/^database\.caBundle/, "caBundle"],
  [/^frontDoor\./, "hostnames."],
  [/^cluster\.has\.karpenter/, "karpenter"],
  [/^network\.cidrs/, "network.ranges.vpc"],
  [/^network\.(private|public|database)Subnets/, "network.ranges.$1"],
];

function pathOf({ path }: Violation): string {
  return PATHS.reduce((known, [pattern, here]) => known.replace(pattern, here), path);
}
