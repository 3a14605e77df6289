import { type BackupPlan, planBackup } from "../backup/backup";
import type { People } from "../catalog/row";
import { type BlobPlan, planBlob } from "../storage/storage";
import { copiedDataViolations } from "./copied-data";
import type { CapacityPlan } from "../capacity/capacity";
import { serviceOverlapViolations } from "../cluster/checks";
import { type DatabasesPlan, madeInstances, passwordUses, planDatabases } from "./databases";
import { type DnsPlan, planDns } from "../front-door/dns";
import type { EgressPlan } from "../egress/egress";
import type { DnsFirewallPlan } from "../egress/dns-firewall";
import type { FirewallPlan } from "../egress/firewall";
import type { EnvironmentContext } from "../common/context";
import { flowLogDestination } from "../landing-zone/log-bucket";
import { type LandingZonePlan, landingZoneViolations } from "../landing-zone/landing-zone";
import { sharedNetworkViolations } from "./shared-network";
import { planExits, planGuards, seenByFirewall } from "./exits";
import { keysOf, landingZoneOf, tagging } from "./organization";
import {
  planSiteCluster,
  planSiteNetwork,
  type SiteClusterPlan,
  type SiteNetworkPlan,
  siteViolations,
  versionPairs,
} from "./site";
import type { EnvironmentSpec, Workloads } from "./spec";
import { type FrontDoorPlan, planFrontDoor } from "../front-door/front-door";
import { type HostnamesPlan, planHostnames } from "../front-door/hostnames";
import { contextOf } from "./context";
import { planState, type StatePlan } from "./state";
import { deployRoleViolations, protectionViolations } from "./deployment";
import { plansOf, violationsOf } from "./parts";
import { peopleOf, planSize } from "./size";
import { networkPolicyReferences } from "./network-policy-references";
import { networkPolicies } from "../network-policies/network-policies";
import { portViolations } from "../network-policies/ports";
import { namespaceViolations } from "./namespace";
import { checkedEnvironment, type Settings } from "./checked";
import { everyCauseOnce } from "./every-cause";
import { planRetool, type RetoolPlan } from "../retool/retool";
import { isFromLine } from "../versions/retool";
import { POSTGRES_ORCHESTRATION_FROM } from "../versions/retool-releases";
import { podSecrets, podSecretViolations } from "../chart/pod-secrets";
import { autoscales } from "../retool/autoscaling";
import { releaseLoads, sandboxPool } from "../retool/loads";
import { type EndpointStatement, planS3Endpoint } from "../storage/s3-endpoint";
import { type BastionPlan, planBastion } from "../network/bastion";
import type { EnvironmentKeysPlan } from "../secrets/environment-keys";
import { planSecretDelivery, type SecretDeliveryPlan } from "../secrets/delivery";
import { planSecrets, type SecretsPlan } from "../secrets/secrets";
import { egressMetrics } from "../egress/metrics";
import { type ObservabilityPlan, withEgress } from "../observability/observability";
import { planTemporal, temporalUseViolations, type TemporalPlan } from "../temporal/temporal";
import { planWatched } from "./watched";
import { ConfigurationError, type Planned, type Violation } from "../common/violation";

/** Everything that is made of an environment, with every default filled in and every number computed. */
export interface EnvironmentPlan extends DatabasesPlan {
  /** Name, account, region, domain and prefix. */
  readonly context: EnvironmentContext;
  /** Version of Retool, as its image tag. */
  readonly retoolVersion: string;
  /** People at the busiest moment, by which pods are counted. */
  readonly people: People;
  /** What follows from the number of builders. */
  readonly capacity: CapacityPlan;
  /** The network. */
  readonly network: SiteNetworkPlan;
  /** The instance by which operators come into the network; absent where there is none. */
  readonly bastion?: BastionPlan;
  /** The Kubernetes cluster. */
  readonly cluster: SiteClusterPlan;
  /** Blob storage. */
  readonly blobStorage: BlobPlan;
  /** Every host name. */
  readonly hostnames: HostnamesPlan;
  /** Zone and certificate. */
  readonly dns: DnsPlan;
  /** The load balancer. */
  readonly frontDoor: FrontDoorPlan;
  /** Keys and passwords. */
  readonly secrets: SecretsPlan;
  /** Keys that encrypt data, by what they encrypt. */
  readonly keys: EnvironmentKeysPlan;
  /** What writes the Kubernetes Secrets. */
  readonly secretDelivery: SecretDeliveryPlan;
  /** The Temporal cluster. */
  readonly temporal: TemporalPlan;
  /** What may leave. */
  readonly egress: EgressPlan;
  /** The guard over names; absent on level `open`. */
  readonly dnsFirewall?: DnsFirewallPlan;
  /** The firewall before the NAT gateways; absent below level `firewall`. */
  readonly networkFirewall?: FirewallPlan;
  /** The Retool release. */
  readonly retool: RetoolPlan;
  /** Copies of database and bucket, and what can be lost. */
  readonly backup: BackupPlan;
  /** Logs, alarms and dashboard. */
  readonly observability: ObservabilityPlan;
  /** What passes through the VPC's endpoint of S3. */
  readonly s3Endpoint: readonly EndpointStatement[];
  /** Where Terraform keeps the state. */
  readonly state: StatePlan;
  /** Whether network, cluster and Retool are separate stacks. */
  readonly layers: boolean;
  /** Where Kubernetes objects go. */
  readonly workloads: Workloads;
  /** Folder of charts; absent where they come from their repositories. */
  readonly chartsDirectory?: string;
  /** Role that Terraform assumes; absent where it uses the credentials it finds. */
  readonly deployRoleArn?: string;
  /** Times the AWS provider tries a request again; absent for the provider's own number, 25. */
  readonly maxRetries?: number;
  /** Rules of the organization. */
  readonly landingZone: LandingZonePlan;
  /** Tags of every AWS resource. */
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * Plans an environment.
 *
 * @param spec - What a team wrote.
 * @throws {@link ConfigurationError} with every violation at once.
 */
export function planEnvironment(spec: EnvironmentSpec): EnvironmentPlan {
  const { plan, violations } = checkEnvironment(spec);
  if (violations.length > 0) throw new ConfigurationError(violations);
  return plan;
}

/**
 * Plans an environment and reports what is wrong with it.
 *
 * @param input - What a team wrote.
 * @param given - Names, account and region, where they do not follow from the environment's own.
 */
export function checkEnvironment(input: EnvironmentSpec, given?: EnvironmentContext): Planned<EnvironmentPlan> {
  const { spec, shape } = checkedEnvironment(input);
  const context = given ?? contextOf(spec);
  const application = planApplication(spec, context);
  const landingZone = landingZoneOf(spec);
  const infrastructure = planInfrastructure(spec, context, { ...application.plan, landingZone });
  const { database, blobStorage } = infrastructure.plan;
  const backup = planBackup(spec.backup, context, {
    database,
    blobStorage: blobStorage.kind === "s3" ? blobStorage : {},
    instances: madeInstances(infrastructure.plan),
  });
  const parts = { ...application.plan, ...infrastructure.plan };
  const observability = planWatched(spec.observability, context, { ...parts, backup: backup.plan });
  const egress = planExits(spec.egress, context, {
    ...parts,
    observability: observability.plan,
    backup: backup.plan,
    bastion: spec.bastion,
  });
  const state = planState(spec.state, context);
  const s3Endpoint = planS3Endpoint(context, { ...parts, state }, observability.plan);
  const tags = { Project: "cdktf-retool", Environment: spec.name, ManagedBy: "cdktf", ...spec.tags };
  const plan: EnvironmentPlan = {
    context,
    retoolVersion: spec.retoolVersion,
    people: peopleOf(spec),
    ...infrastructure.plan,
    ...application.plan,
    ...(spec.bastion ? { bastion: planBastion(context, infrastructure.plan.network) } : {}),
    cluster: tagging(seenByFirewall(infrastructure.plan.cluster, egress.plan), tags),
    egress: egress.plan,
    keys: keysOf({ ...spec, ...infrastructure.plan, landingZone }, context),
    backup: backup.plan,
    observability: withEgress(observability.plan, egressMetrics(egress.plan, context.prefix)),
    ...planGuards(egress.plan, context, infrastructure.plan.network),
    state,
    layers: spec.layers,
    s3Endpoint: s3Endpoint.plan,
    workloads: spec.workloads,
    chartsDirectory: spec.chartsDirectory,
    deployRoleArn: spec.deployRoleArn,
    maxRetries: spec.maxRetries,
    landingZone,
    tags,
  };
  return {
    plan,
    violations: everyCauseOnce(input, spec.region, shape, [
      ...violationsOf({ infrastructure, application, egress, backup, observability, s3Endpoint }),
      ...wholeViolations(spec, plan),
    ]),
  };
}

/** What is wrong with an environment as a whole, while each of its parts is right. */
function wholeViolations(spec: Settings, plan: EnvironmentPlan): Violation[] {
  const { context, landingZone, network, egress } = plan;
  const makesCluster = plan.cluster.kind === "new";
  return [
    ...deployRoleViolations(spec),
    ...landingZoneViolations(landingZone, { context, namePrefix: spec.namePrefix, makesCluster }),
    ...namespaceViolations(context.namespace),
    ...copiedDataViolations(spec, context.prefix),
    ...portViolations(networkPolicies(egress, networkPolicyReferences(plan))),
    ...siteViolations(network, egress),
    ...sharedNetworkViolations(plan),
    ...protectionViolations(context),
  ];
}

type Application = Pick<EnvironmentPlan, "retool" | "temporal">;

function planApplication(spec: Settings, context: EnvironmentContext): Planned<Application> {
  const temporal = planTemporal(spec.temporal, context);
  const retool = planRetool(spec.retool, context, spec.retoolVersion, peopleOf(spec));
  const { features, appOrchestration, version } = retool.plan;
  const postgresFrom = isFromLine(version, POSTGRES_ORCHESTRATION_FROM) ? undefined : POSTGRES_ORCHESTRATION_FROM;
  const shared = temporalUseViolations(temporal.plan, { agents: features.agents, appOrchestration, postgresFrom });
  const parts = { temporal, retool };
  return { plan: plansOf(parts), violations: [...violationsOf(parts), ...shared] };
}

type Infrastructure = Pick<
  EnvironmentPlan,
  | "capacity"
  | "network"
  | "cluster"
  | "hostnames"
  | "dns"
  | "frontDoor"
  | "blobStorage"
  | "secrets"
  | "secretDelivery"
  | keyof DatabasesPlan
>;

function planInfrastructure(
  spec: Settings,
  context: EnvironmentContext,
  { retool, temporal, landingZone }: Application & Pick<EnvironmentPlan, "landingZone">,
): Planned<Infrastructure> {
  const { logBucket } = landingZone;
  const capacity = planSize(spec, context, {
    ...releaseLoads(retool, temporal),
    connectionsPerProcess: sandboxPool(retool),
  });
  const hostnames = planHostnames(spec.frontDoor, context);
  const frontDoor = planFrontDoor(spec.frontDoor, context, spec.access, {
    multiplayer: retool.features.multiplayer,
    mcp: retool.features.mcp,
    retoolVersion: retool.version.tag,
    logBucket,
  });
  const network = planSiteNetwork(spec, context, {
    addressesPerZone: capacity.plan.addressesPerZone,
    expectedAddresses: capacity.plan.expectedAddresses,
    leanAddresses: capacity.plan.leanAddresses,
    internetFacing: !frontDoor.plan.internal,
    dualStack: frontDoor.plan.dualStack,
    ...(logBucket === undefined ? {} : { flowLogDestination: flowLogDestination(logBucket, context.region) }),
  });
  const sandboxConnections = capacity.plan.databaseConnections;
  const databases = planDatabases(spec, context, { retool, temporal, sandboxConnections, people: peopleOf(spec) });
  const parts = {
    capacity,
    network,
    hostnames,
    frontDoor,
    cluster: planSiteCluster(spec, context, network.plan, { ...capacity.plan, autoscales: autoscales(retool) }),
    dns: planDns(spec.dns, context, hostnames.plan, spec.access),
    blobStorage: planBlob(spec.blobStorage, context),
    secrets: planSecrets(spec.secrets, spec.license, context, passwordUses(databases.plan)),
    secretDelivery: planSecretDelivery(spec.secretDelivery, context, landingZone.iam),
  };
  const [secrets, blobStorage] = [parts.secrets.plan, parts.blobStorage.plan];
  const shared = podSecretViolations(
    podSecrets({ retool, temporal, secrets, blobStorage, ...databases.plan }),
    secrets,
  );
  const overlaps = serviceOverlapViolations(parts.cluster.plan.serviceCidr, network.plan.vpcCidrs);
  return {
    plan: { ...plansOf(parts), ...databases.plan },
    violations: [
      ...violationsOf(parts),
      ...databases.violations,
      ...shared,
      ...overlaps,
      ...versionPairs(retool, parts.cluster.plan),
    ],
  };
}
