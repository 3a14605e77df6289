import { TerraformProvider, TerraformStack } from "cdktf";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

import type { IBlobStorage, IEncryptionKey, IManagedSecret, IPostgresDatabase } from "../constructs/common/contracts";
import { NodePools } from "../constructs/nodes/node-pools";
import { userCodeSecurityGroups } from "../constructs/nodes/user-code-security-group";
import { TemporalPrivateLink } from "../constructs/temporal/temporal-private-link";
import { parseIpv4 } from "../domain/common/address-range";
import { amiAliasOf } from "../domain/cluster/node-release";
import type { AllowedDestination } from "../domain/egress/plain";
import type { EnvironmentPlan } from "../domain/environment/environment";
import { planRelease, releaseDestinations, type ReleaseSpec } from "../domain/environment/release";
import type { PlainFrontDoorSpec, ServiceTarget } from "../domain/front-door/plain";
import { Blobs } from "../stacks/blobs";
import { declareTls } from "../stacks/providers";
import { RetoolNamespace } from "../stacks/retool-namespace";
import { RetoolSecrets } from "../stacks/retool-secrets";
import { EncryptionKey } from "./encryption-key";
import type { SharedKarpenter } from "./karpenter";
import type { KubernetesHost } from "./kubernetes-host";
import { type CommonProps, contextOf, partName, planned, settingsOf } from "./scope";
import { tag } from "./tags";

const NAMESPACE = "retool";

/** A database with its password; a snapshot is made before an upgrade where it is an RDS instance. */
export interface PlatformDatabase extends IPostgresDatabase {
  /** Password of the user. */
  readonly password: IManagedSecret;
  /**
   * Identifier of the RDS instance.
   *
   * @default - none: upgrades make no snapshot
   */
  readonly instanceIdentifier?: string;
  /**
   * Address ranges of the server, which pods may reach.
   *
   * @default - the database subnets of the cluster's network
   */
  readonly addresses?: readonly string[];
}

/** Settings of a {@link RetoolRelease}; the siblings, domain, version and license have no default. */
export interface RetoolReleaseProps extends CommonProps, ReleaseSpec {
  /** Cluster that runs Retool, in a network whose address ranges are known. */
  readonly cluster: KubernetesHost;
  /** Karpenter of the cluster, with the key of its nodes' disks; Retool gets its own pools. */
  readonly karpenter: SharedKarpenter;
  /** Platform database; let the cluster in by `allowFrom`. */
  readonly database: PlatformDatabase;
  /**
   * Namespace of Retool; nothing else is in it.
   *
   * @default "retool"
   */
  readonly namespace?: string;
  /**
   * Key of secrets and bucket.
   *
   * @default - a new one
   */
  readonly encryptionKey?: IEncryptionKey;
}

/**
 * Self-hosted Retool in a cluster: namespace, network policies, keys, bucket, pools of nodes and the release of the chart.
 *
 * What users open is a {@link FrontDoor} with `entrance`; until there is one, Retool answers inside the cluster only. The pools add
 * two or three nodes, about $250 a month, and one for each few builders while they work.
 *
 * @example
 * ```ts
 * const domain = "retool.example.com";
 * const site = { cluster, karpenter, database };
 * const retool = new RetoolRelease(this, "Retool", { ...site, domain, retoolVersion: "4.34.1-stable", license: "retool/license" });
 * const frontDoor = new FrontDoor(this, "FrontDoor", { network, certificate, nodes: cluster, zone, ...retool.entrance });
 * frontDoor.serve(cluster, retool.namespace, retool.ready);
 * ```
 * @throws `ConfigurationError` with every problem of the settings.
 */
export class RetoolRelease extends Construct {
  /** Namespace of Retool. */
  public readonly namespace: string;
  /** Settings of the load balancer: Services, names and the time that a connection may be silent. */
  public readonly entrance: PlainFrontDoorSpec & { readonly names: readonly string[] };
  /** Names of the certificate, the common name first. */
  public readonly certificateNames: readonly string[];
  /** Key of secrets and bucket. */
  public readonly encryptionKey: IEncryptionKey;
  /** The bucket. */
  public readonly blobStorage: IBlobStorage | undefined;
  /** Keys and passwords in Secrets Manager. */
  public readonly secrets: RetoolSecrets;
  /** The release, and what it waits for. */
  public readonly ready: readonly ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: RetoolReleaseProps) {
    super(scope, id);
    tag(this, props.tags);
    const { cluster, database } = props;
    const { network } = cluster;
    const plan = planOf(scope, id, props);
    const { dataProtection } = plan.context;
    const key =
      props.encryptionKey ??
      new EncryptionKey(this, "Key", { ...partName(props, "key"), dataProtection: props.dataProtection });
    declareTlsOnce(TerraformStack.of(this));
    this.secrets = new RetoolSecrets(this, "Secrets", {
      plan: plan.secrets,
      encryptionKey: key,
      databasePassword: database.password,
    });
    const blobs = new Blobs(this, { plan: plan.blobStorage, dataProtection, cluster, encryptionKey: key });
    const { privateLink } = plan.temporal;
    const link = privateLink && new TemporalPrivateLink(this, "TemporalPrivateLink", { plan: privateLink, network });
    const { secrets } = this;
    const installed = new RetoolNamespace(this, "Namespace", {
      plan,
      platform: { blobStorage: blobs.storage, secrets, cluster, frontDoor: { targets: [], attached: [] } },
      encryptionKey: key,
      databases: {
        platform: databaseOf(database),
        retoolDatabase: undefined,
        temporal: undefined,
      },
      workloads: cluster.workloads,
      after: [...this.definePools(plan, props), ...blobs.ready, ...(link?.ready ?? [])],
    });
    this.namespace = plan.context.namespace;
    this.entrance = entranceOf(plan, props);
    this.certificateNames = plan.hostnames.certificateNames;
    this.encryptionKey = key;
    this.blobStorage = blobs.storage;
    this.ready = installed.ready;
  }

  /**
   * What {@link EgressControl} must allow for Retool with these settings, in a network that it guards.
   *
   * @param scope - A construct in the same stack.
   * @param settings - Those of the release.
   * @throws `ConfigurationError` with every problem of the settings.
   */
  public static destinations(scope: Construct, settings: ReleaseSpec): readonly AllowedDestination[] {
    const context = { ...contextOf(scope, "destinations", {}), namespace: NAMESPACE };
    return planned([scope, "destinations", {}], releaseDestinations(settings, context), "");
  }

  private definePools(
    plan: EnvironmentPlan,
    { cluster, karpenter, tags = {} }: RetoolReleaseProps,
  ): readonly ITerraformDependable[] {
    const { network } = cluster;
    const securityGroupIds = [cluster.clusterSecurityGroupId, ...(cluster.nodeSecurityGroupIds ?? [])];
    return new NodePools(this, "Pools", {
      plan: plan.capacity,
      names: plan.cluster.pools,
      subnetIds: network.privateSubnetIds,
      sandboxSubnetIds: network.sandboxSubnetIds,
      securityGroupIds,
      ...userCodeSecurityGroups(this, plan.capacity, {
        prefix: plan.context.prefix,
        network,
        clusterSecurityGroupIds: securityGroupIds,
      }),
      encryptionKey: karpenter.encryptionKey,
      amiAlias: amiAliasOf(cluster.nodeReleaseVersion),
      tags,
      karpenter,
      workloads: cluster.workloads,
    }).ready;
  }
}

const UNKNOWN_RANGES = {
  path: "cluster.network",
  problem: "its address ranges are not known, and network policies need them",
  remedy: "use a Network of this package, or add ranges to Network.fromIds",
};

function planOf(scope: Construct, id: string, props: RetoolReleaseProps): EnvironmentPlan {
  const { cluster, karpenter, database, namespace = NAMESPACE, ...spec } = settingsOf(props, "encryptionKey");
  const { ranges } = cluster.network;
  const isReachKnown = (database.addresses ?? ranges) !== undefined;
  const { name, kubernetesVersion, nodeReleaseVersion, serviceCidr, controlPlaneCidrs } = cluster;
  const site = {
    cluster: { name, kubernetesVersion, nodeReleaseVersion, serviceCidr, controlPlaneCidrs },
    karpenter: karpenter.existing,
    ranges: ranges ?? { vpc: [], private: [], public: [], database: [] },
    database: {
      port: database.port,
      ...(parseIpv4(`${database.host}/32`) === undefined || !isReachKnown ? {} : { address: database.host }),
      ...(database.addresses === undefined ? {} : { addresses: database.addresses }),
    },
    passwordRevision: database.password.revision,
  };
  const { plan, violations } = planRelease(spec, { ...contextOf(scope, id, props), namespace }, site);
  const others = violations.filter(({ path }) => !path.startsWith("network.ranges"));
  const all = ranges === undefined ? [UNKNOWN_RANGES, ...others] : violations;
  return planned([scope, id, props], { plan, violations: all }, "");
}

function databaseOf({
  host,
  port,
  databaseName,
  username,
  instanceIdentifier,
}: PlatformDatabase): ConstructorParameters<typeof RetoolNamespace>[2]["databases"]["platform"] {
  return { host, port, databaseName, username, instanceIdentifier };
}

/** The plan's targets and rules as the props of a load balancer that knows nothing of Retool. */
function entranceOf(
  { frontDoor, hostnames }: EnvironmentPlan,
  { access = "internal" }: RetoolReleaseProps,
): RetoolRelease["entrance"] {
  const { targets, rules, idleTimeoutSeconds } = frontDoor;
  const services = targets.map((target): [string, ServiceTarget] => {
    const { hosts = [], paths = [] } = rules.find((rule) => rule.target === target.name) ?? {};
    const { serviceName: service, servicePort: port, containerPort, healthPort, healthPath } = target;
    const drainSeconds = target.deregistrationDelaySeconds;
    return [target.name, { service, port, containerPort, healthPort, healthPath, hosts, paths, drainSeconds }];
  });
  return { targets: Object.fromEntries(services), access, idleTimeoutSeconds, names: hostnames.records };
}

/** The pair of keys of the sandboxes is made by it. */
function declareTlsOnce(stack: TerraformStack): void {
  const isTls = (child: unknown): boolean =>
    TerraformProvider.isTerraformProvider(child) && child.terraformResourceType === "tls";
  if (!stack.node.findAll().some(isTls)) declareTls(stack);
}
