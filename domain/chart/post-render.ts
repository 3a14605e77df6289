import { CATALOG } from "../catalog/catalog";
import type { ServiceRow } from "../catalog/row";
import { serviceName } from "../catalog/services";
import { OWN_CLUSTER_NAMES, type PoolNames } from "../cluster/pool-names";
import { podsPerNode } from "../capacity/loads";
import type { JsonObject } from "../common/kubernetes";
import type { CaBundlePlan } from "../database/platform";
import { CODE_TOLERATION, retoolNodeSelector } from "../nodes/node-pools";
import { mostReplicas } from "../retool/loads";
import { type RetoolPlan, installedServices } from "../retool/retool";
import { kubernetesSecrets } from "../secrets/secrets";
import { DATABASE_CA } from "./databases";
import { CERTIFICATE_AUTHORITIES, TRUSTED_FILE } from "./variables";

/** What the pods of a Deployment get that the chart has no key for. */
export interface DeploymentPatch extends JsonObject {
  /** Name of the Deployment. */
  readonly deployment: string;
  /** Nodes of its pods; these take the place of the chart's. */
  readonly nodeSelector?: Readonly<Record<string, string>>;
  /** Taints that its pods accept besides those that the chart's accept. */
  readonly tolerations?: readonly JsonObject[];
  /** Service account of its pods; it takes the place of the chart's. */
  readonly serviceAccountName?: string;
  /** Where its pods may run; these take the place of the chart's. */
  readonly topologySpreadConstraints?: readonly JsonObject[];
  /** Requirements on the labels of its nodes, one of which must hold besides what the chart requires; Karpenter tries them in order. */
  readonly nodeRequirements?: readonly JsonObject[];
  /** How long the first container may take to answer its liveness probe for the first time. */
  readonly startupProbe?: {
    readonly periodSeconds: number;
    readonly timeoutSeconds: number;
    readonly failureThreshold: number;
  };
  /** Further variables of the first container. */
  readonly env?: readonly JsonObject[];
  /** Further volumes of the pod. */
  readonly volumes?: readonly JsonObject[];
  /** Where the first container has them. */
  readonly volumeMounts?: readonly JsonObject[];
}

/** What the Jobs of the sandboxes get that the chart has no key for. */
export interface JobTemplatePatch extends JsonObject {
  /** Name of the ConfigMap that holds the template from which the sandboxes' controller makes each Job. */
  readonly jobTemplate: string;
  /** Where the pods may run; it takes the place of the chart's. */
  readonly affinity: JsonObject;
}

/** What a program of this package adds to a rendered chart. */
export type ReleasePatch = DeploymentPatch | JobTemplatePatch;

/** ConfigMap of the template. */
const JOB_TEMPLATE = "retool-agent-sandbox-job-template";

/** What decides the patches besides what is installed. */
export interface PatchFacts {
  /**
   * Names of the pools of nodes.
   *
   * @default - those of our own cluster
   */
  readonly pools?: PoolNames;
  /**
   * Whether containers that run users' code have their own nodes.
   *
   * @default false
   */
  readonly hasCodePool?: boolean;
  /**
   * Authorities of the platform database.
   *
   * @default - its certificate is not checked
   */
  readonly databaseAuthorities?: CaBundlePlan;
  /**
   * Whether the service account that the chart gives all pods has the role of the bucket, so that pods that do not need the bucket
   * must have another one.
   *
   * @default false
   */
  readonly roleByServiceAccount?: boolean;
  /**
   * Region of the nodes, whose zones Karpenter tries one by one.
   *
   * @default - only the zone with the fewest pods of a service is tried
   */
  readonly region?: string;
}

/** The service account that every namespace has, without a role. */
export const WITHOUT_ROLE = "default";

/** Seconds between two questions of a startup probe. */
const PERIOD_SECONDS = 10;

/** Seconds that a pod takes to start besides the migrations it waits for. */
const STARTUP_SECONDS = 120;

/**
 * Lists what a program of this package adds to the chart before Helm installs it.
 *
 * @param retool - What is installed.
 * @param facts - What decides about them otherwise.
 */
export function releasePatches(retool: RetoolPlan, facts: PatchFacts = {}): ReleasePatch[] {
  return [...deploymentPatches(retool, facts), SANDBOX_JOBS];
}

/**
 * Puts a sandbox where most others are. The scheduler takes the emptiest node otherwise, and no sandbox ever moves: those that wait
 * idle, replaced every few minutes, would keep a node each after the day has ended. For a node that is full Karpenter drops the
 * preference and launches the next one as before.
 */
const SANDBOX_JOBS: JobTemplatePatch = {
  jobTemplate: JOB_TEMPLATE,
  affinity: {
    podAffinity: {
      preferredDuringSchedulingIgnoredDuringExecution: [
        {
          weight: 100,
          podAffinityTerm: {
            labelSelector: { matchLabels: CATALOG.sandbox.labels },
            topologyKey: "kubernetes.io/hostname",
          },
        },
      ],
    },
  },
};

/**
 * Lists what is added to the chart's Deployments.
 *
 * Chart 6.11.21 has no key for topology spread, none for the startup probe of any pod but api's, whose `failureThreshold` it
 * drops, and none for variables and volumes of the sandboxes' controller and proxies. It has one service account for all pods of Retool,
 * one list of tolerations, and one node selector for the sandboxes and for their controller and proxies: next to sandboxes each of
 * these would keep its node from ever being empty, and a database made here does not admit the nodes that run users' code, while both
 * need it.
 *
 * @param retool - What is installed.
 * @param facts - What decides about them otherwise.
 */
export function deploymentPatches(retool: RetoolPlan, facts: PatchFacts = {}): DeploymentPatch[] {
  const patches = installedServices(retool).map(({ id, ...service }): DeploymentPatch => {
    const row = CATALOG[serviceName(id)];
    return {
      deployment: row.deployment,
      ...accountOf(row, facts),
      ...(mostReplicas(service) < 2
        ? {}
        : { topologySpreadConstraints: spread(row.labels, service), ...zonesInTurn(service, facts) }),
      ...(row.image === "backend" ? { startupProbe: startupProbe(retool) } : {}),
      ...(row.sizing?.chartNodes === "sandbox" ? besideSandboxes(facts) : codeNodes(row, facts)),
      ...merged([
        ...(id === "sandboxProxy" ? proxyAuthorities(retool) : []),
        ...(row.sizing?.chartNodes === "sandbox" ? databaseAccess(facts) : []),
      ]),
    };
  });
  return patches.filter((patch) => Object.keys(patch).length > 1);
}

function accountOf(
  { needs, sharesServiceAccount }: ServiceRow,
  { roleByServiceAccount }: PatchFacts,
): Pick<DeploymentPatch, "serviceAccountName"> {
  const isWithout = roleByServiceAccount === true && sharesServiceAccount === true && !needs.includes("bucket");
  return isWithout ? { serviceAccountName: WITHOUT_ROLE } : {};
}

/** Controller and proxies of the sandboxes run on the nodes of Retool. */
function besideSandboxes({ pools = OWN_CLUSTER_NAMES }: PatchFacts): Pick<DeploymentPatch, "nodeSelector"> {
  return { nodeSelector: retoolNodeSelector(pools) };
}

/** Their affinity is a value of the chart. */
function codeNodes({ runsUserCode }: ServiceRow, { hasCodePool }: PatchFacts): Pick<DeploymentPatch, "tolerations"> {
  return runsUserCode === true && hasCodePool === true ? { tolerations: [CODE_TOLERATION] } : {};
}

/** Label that names the zone of a node. */
const ZONE = "topology.kubernetes.io/zone";

/** More zones than a cluster has, Local Zones included. */
const MORE_THAN_ZONES = 100;

/** More nodes than a cluster may have, so that the scheduler counts from zero as Karpenter does. */
const MORE_THAN_NODES = 10_000;

/**
 * At most half of a service's pods, rounded up, in one zone, so two of three may share one; and at most a quarter, rounded up, on
 * one node: up to four pods of a service each have a node, and twenty do not ask for twenty nodes.
 *
 * With `minDomains` above what there is, the skew is counted from zero and `maxSkew` is the most that one zone or node may hold. It makes
 * the next pod wait for a node in another zone, or for another node, instead of joining the first on any node that is ready first.
 * Counted from the emptiest zone instead, a zone that has no room, or none for us, would hold back every other: Karpenter counts
 * the zones of all its pools, lost ones included. While only one zone is left, each service keeps its pods there but cannot grow; one of
 * a fixed size replaces them there, and of an autoscaled one only the first pod of a revision starts. With `matchLabelKeys` pods of one
 * revision are spread only among each other, so a rolling update can start new pods next to the old ones.
 */
function spread(labels: Readonly<Record<string, string>>, service: Scaled): JsonObject[] {
  const replicas = mostReplicas(service);
  const perNode = podsPerNode(replicas);
  const always = {
    whenUnsatisfiable: "DoNotSchedule",
    nodeTaintsPolicy: "Honor",
    labelSelector: { matchLabels: labels },
    matchLabelKeys: ["pod-template-hash"],
  };
  return [
    { topologyKey: ZONE, ...zoneSkew(service), ...always },
    {
      maxSkew: perNode,
      minDomains: MORE_THAN_NODES,
      topologyKey: "kubernetes.io/hostname",
      ...always,
    },
  ];
}

type Scaled = Parameters<typeof mostReplicas>[0];

/** An autoscaled service has few pods or many, and half of many may be all of few, so its pods are spread evenly. */
function zoneSkew({ replicas, autoscaling }: Scaled): Readonly<Record<"maxSkew" | "minDomains", number>> {
  if (autoscaling !== undefined) return { maxSkew: 1, minDomains: 2 };
  return { maxSkew: Math.ceil(replicas / 2), minDomains: MORE_THAN_ZONES };
}

/** Last letters of the names of zones. */
const ZONE_LETTERS = ["a", "b", "c", "d", "e", "f"] as const;

/**
 * Any zone; and should that fail, each by itself, or all but one for an autoscaled service, which is counted from the emptiest zone.
 *
 * The scheduler takes these as one: any zone. Karpenter looks at the first only, and drops it when it can make no node for the pod. Without
 * the others it would insist on the zone with the fewest pods of the service among those of all pools in the cluster, although that zone
 * may be lost, out of capacity, or not among the subnets of our nodes: measured with 1.14.1, the pod waits for ever.
 *
 * Source: https://github.com/kubernetes-sigs/karpenter/blob/v1.14.1/pkg/controllers/provisioning/scheduling/topologygroup.go
 * (`nextDomainTopologySpread`) and preferences.go (`removeRequiredNodeAffinityTerm`).
 */
function zonesInTurn({ autoscaling }: Scaled, { region }: PatchFacts): Pick<DeploymentPatch, "nodeRequirements"> {
  if (region === undefined) return {};
  const operator = autoscaling === undefined ? "In" : "NotIn";
  const each = ZONE_LETTERS.map((letter) => ({ key: ZONE, operator, values: [`${region}${letter}`] }));
  return { nodeRequirements: [{ key: ZONE, operator: "Exists" }, ...each] };
}

/** The new pods of an upgrade wait for the migrations; the chart's liveness probes would restart them after a minute or three. */
function startupProbe({ jobsRunner }: RetoolPlan): DeploymentPatch["startupProbe"] {
  const seconds = jobsRunner.migrationTimeoutMinutes * 60 + STARTUP_SECONDS;
  return { periodSeconds: PERIOD_SECONDS, timeoutSeconds: 5, failureThreshold: Math.ceil(seconds / PERIOD_SECONDS) };
}

/** Variables of a container, and a file that it reads. */
type Trust = Required<Pick<DeploymentPatch, "env" | "volumes" | "volumeMounts">>;

function merged(parts: readonly Trust[]): Partial<Trust> {
  if (parts.length === 0) return {};
  return {
    env: parts.flatMap(({ env }) => env),
    volumes: parts.flatMap(({ volumes }) => volumes),
    volumeMounts: parts.flatMap(({ volumeMounts }) => volumeMounts),
  };
}

/** Only the proxy calls the registry of packages, and has none of the chart's keys for variables and volumes. */
function proxyAuthorities({ certificateAuthorities }: RetoolPlan): Trust[] {
  if (certificateAuthorities === undefined) return [];
  const env = [{ name: "NODE_EXTRA_CA_CERTS", value: TRUSTED_FILE }];
  return [{ env, ...mountOf(CERTIFICATE_AUTHORITIES, certificateAuthorities.configMap) }];
}

/** The password and the file for which the address of the database has no place; the chart gives the password only with its own address. */
function databaseAccess({ databaseAuthorities: authorities }: PatchFacts): Trust[] {
  if (authorities === undefined) return [];
  const { name, key } = kubernetesSecrets.databasePassword;
  const env = [{ name: "PGPASSWORD", valueFrom: { secretKeyRef: { name, key } } }];
  return [{ env, ...mountOf(DATABASE_CA, authorities.configMap) }];
}

function mountOf({ name, folder }: Readonly<Record<"name" | "folder", string>>, configMap: string): Omit<Trust, "env"> {
  return {
    volumes: [{ name, configMap: { name: configMap } }],
    volumeMounts: [{ name, mountPath: folder, readOnly: true }],
  };
}
