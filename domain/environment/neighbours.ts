import type { EnvironmentPlan } from "./environment";
import { isGuest } from "./guests";
import { stacksOf } from "./layers";
import { DEFAULT_QUEUE } from "../temporal/temporal";
import type { Violation } from "../common/violation";

/** An environment by its key among all of them. */
interface Neighbour {
  readonly key: string;
  readonly plan: EnvironmentPlan;
}

/**
 * Finds what environments would take from each other: several instances of Retool may share a cluster, an account and a
 * Temporal, as long as each has its own namespace, host, storage and Temporal namespace.
 */
export function neighbourViolations(environments: Readonly<Record<string, EnvironmentPlan>>): Violation[] {
  const all = Object.entries(environments).map(([key, plan]) => ({ key, plan }));
  return [
    ...all.flatMap(({ key, plan }) => keyViolations(key, plan.context.name)),
    ...all.flatMap((later, index) => all.slice(0, index).flatMap((earlier) => takenViolations(earlier, later))),
  ];
}

/**
 * An environment has one name: commands find it by its key, stacks and resources have its name. A name that is missing, or no
 * text, is refused with the rest of its environment.
 */
export function keyViolations(key: string, name: unknown): Violation[] {
  if (name === key || typeof name !== "string") return [];
  return [
    {
      path: `${key}.name`,
      problem: `"${name}" is not the key of this environment, and commands, stacks and resources go by one name`,
      remedy: `rename the key to "${name}", which changes nothing in AWS, or use the name "${key}" if it was never deployed`,
    },
  ];
}

function takenViolations(earlier: Neighbour, later: Neighbour): Violation[] {
  // Everything has the environment's name in its own: what else both would share follows from that.
  if (earlier.plan.context.name === later.plan.context.name) return [];
  const sameStack = stackRule(earlier, later);
  return sameStack.length > 0 ? sameStack : RULES.flatMap((rule) => rule(earlier, later));
}

type Rule = (earlier: Neighbour, later: Neighbour) => Violation[];

const RULES: readonly Rule[] = [
  namespaceRule,
  singletonRule,
  kubernetesRule,
  hostRule,
  databaseRule,
  storageRule,
  temporalNamespaceRule,
  temporalQueueRule,
  temporalDatabaseRule,
  resolverRule,
];

/** A VPC's resolver has one list of names: of two, the one that is asked first would refuse all that only the other lists. */
function resolverRule(earlier: Neighbour, later: Neighbour): Violation[] {
  const [owner, guest] = isGuest(earlier, later) ? [earlier, later] : [later, earlier];
  if (!isGuest(owner, guest)) return foreignResolver(earlier, later);
  if (guest.plan.dnsFirewall === undefined) return [];
  const path = `${guest.key}.egress.level`;
  const level = `"${guest.plan.egress.level}"`;
  return [
    owner.plan.dnsFirewall === undefined
      ? {
          path,
          problem: `${level} here would also block ${owner.key}, whose egress.level is "open": both share the one resolver of the VPC`,
          remedy: `remove it, and set the level of ${owner.key}: its list includes the destinations of ${guest.key}`,
        }
      : {
          path,
          problem: `${level} would add a second DNS firewall to the network of ${owner.key}`,
          remedy: `remove it: ${owner.key} lists the destinations of ${guest.key}, and its firewalls enforce them`,
        },
  ];
}

/** Two lists before the resolver of a VPC that neither made. */
function foreignResolver({ key, plan: theirs }: Neighbour, { key: ours, plan }: Neighbour): Violation[] {
  const [first, second] = [theirs.network, plan.network];
  const isSame = first.kind === "existing" && second.kind === "existing" && first.vpcId === second.vpcId;
  if (!isSame || theirs.dnsFirewall === undefined || plan.dnsFirewall === undefined) return [];
  return [
    {
      path: `${ours}.egress.level`,
      problem: `"${plan.egress.level}" would put a second list of names before the resolver of ${first.vpcId}, where ${key} has one`,
      remedy: `use "open" here, and list what ${ours} calls in ${key} (npx cdktf-retool egress ${ours} --format owner)`,
    },
  ];
}

/** `prod-cluster` is a name for an environment, unless it is also a layer of `prod`. */
function stackRule({ key, plan }: Neighbour, later: Neighbour): Violation[] {
  const taken = new Set(stacksOf(plan).map(({ name }) => name));
  const [shared] = stacksOf(later.plan).filter(({ name }) => taken.has(name));
  if (shared === undefined) return [];
  return [
    {
      path: `${later.key}.name`,
      problem: `"${later.plan.context.name}" would have the stack ${shared.name}, which is also a stack of ${key}`,
      remedy: "use a different one",
    },
  ];
}

function namespaceRule(earlier: Neighbour, later: Neighbour): Violation[] {
  const { namespace } = later.plan.context;
  if (!shareCluster(earlier, later) || earlier.plan.context.namespace !== namespace) return [];
  return [
    {
      path: `${later.key}.namespace`,
      problem: `"${namespace}" is also the namespace of ${earlier.key} in cluster ${later.plan.cluster.name}`,
      remedy: `use a different one, such as "${later.plan.context.prefix}"`,
    },
  ];
}

/** What a cluster can have only once, and who installs it. */
function singletonRule(earlier: Neighbour, later: Neighbour): Violation[] {
  if (!shareCluster(earlier, later)) return [];
  const first = new Set(singletonsOf(earlier.plan));
  return singletonsOf(later.plan)
    .filter((singleton) => first.has(singleton))
    .map((singleton) => ({
      path: `${later.key}.cluster.has.${singleton}`,
      problem: `is not set, so it would be installed a second time in cluster ${later.plan.cluster.name} (${earlier.key} already installs it)`,
      remedy: "describe the existing installation here",
    }));
}

/** A cluster has the version that the environment which creates it says. */
function kubernetesRule(earlier: Neighbour, later: Neighbour): Violation[] {
  if (!shareCluster(earlier, later)) return [];
  const [owner, guest] = earlier.plan.cluster.kind === "new" ? [earlier, later] : [later, earlier];
  const [{ kind, kubernetesVersion: version }, { cluster }] = [owner.plan.cluster, guest.plan];
  if (kind !== "new" || cluster.kind !== "existing" || cluster.kubernetesVersion === version) return [];
  return [
    {
      path: `${guest.key}.cluster.kubernetesVersion`,
      problem: `"${cluster.kubernetesVersion}", but ${owner.key} creates this cluster with ${version}`,
      remedy: `use "${version}"`,
    },
  ];
}

const ADDON_SINGLETONS = { "eks-pod-identity-agent": "podIdentityAgent", "metrics-server": "metricsServer" } as const;

/** Controllers and add-ons that an environment installs, by the names that `cluster.has` gives them. */
function singletonsOf({ cluster, blobStorage }: EnvironmentPlan): string[] {
  const tokens = blobStorage.kind === "s3" && blobStorage.access.identity === "irsa" ? ["oidcProvider"] : [];
  const byAddon: Readonly<Record<string, string | undefined>> = ADDON_SINGLETONS;
  if (cluster.kind === "new") {
    const own = [...cluster.addons.beforeNodes, ...cluster.addons.afterNodes];
    return ["karpenter", "loadBalancerController", ...tokens, ...own.flatMap(({ name }) => byAddon[name] ?? [])];
  }
  const { karpenter, loadBalancerController, addons } = cluster;
  return [
    ...(karpenter === undefined ? ["karpenter"] : []),
    ...(loadBalancerController === undefined ? ["loadBalancerController"] : []),
    ...(cluster.oidcProvider ? [] : tokens),
    ...addons.flatMap(({ name }) => byAddon[name] ?? []),
  ];
}

function hostRule(earlier: Neighbour, later: Neighbour): Violation[] {
  if (!shareAccount(earlier, later)) return [];
  const taken = new Set(earlier.plan.hostnames.hosts);
  return later.plan.hostnames.hosts
    .filter((host) => taken.has(host))
    .map((host) => ({
      path: `${later.key}.domain`,
      problem: `${host} also leads to ${earlier.key}`,
      remedy: "use another domain",
    }));
}

function databaseRule({ key, plan: { database: theirs } }: Neighbour, later: Neighbour): Violation[] {
  const ours = later.plan.database;
  if (ours.kind !== "existing" || theirs.kind !== "existing") return [];
  const isSame = ours.host === theirs.host && ours.port === theirs.port && ours.databaseName === theirs.databaseName;
  if (!isSame) return [];
  return [
    {
      path: `${later.key}.database`,
      problem: `${ours.databaseName} on ${ours.host} is also the platform database of ${key}`,
      remedy: "give each instance its own database",
    },
  ];
}

function storageRule(earlier: Neighbour, later: Neighbour): Violation[] {
  const [theirs, ours] = [storageOf(earlier.plan), storageOf(later.plan)];
  if (theirs !== ours) return [];
  return [
    {
      path: `${later.key}.blobStorage`,
      problem: `${ours} is also the storage of ${earlier.key}, and each would delete objects of the other`,
      remedy: "give each instance its own storage; for a copy, copy the objects",
    },
  ];
}

function storageOf({ blobStorage }: EnvironmentPlan): string {
  if (blobStorage.kind === "s3") return blobStorage.bucketName;
  const [provider = {}] = Object.values(blobStorage.values) as Readonly<Record<string, string>>[];
  const hosts = blobStorage.endpoints.map(({ host }) => host).join(", ");
  return `${provider["bucket"] ?? provider["container"] ?? ""} at ${hosts}`;
}

function temporalNamespaceRule(earlier: Neighbour, later: Neighbour): Violation[] {
  const [theirs, ours] = [earlier.plan.temporal, later.plan.temporal];
  const { frontend } = ours;
  if (frontend === undefined || theirs.frontend === undefined) return [];
  const isSame = frontend.host === theirs.frontend.host && frontend.namespace === theirs.frontend.namespace;
  if (!isSame || isOfOneOrigin(earlier, later)) return [];
  return [
    {
      path: `${later.key}.temporal.namespace`,
      problem: `"${frontend.namespace}" on ${frontend.host} is also the Temporal namespace of ${earlier.key}, and each would run the other's workflows`,
      remedy: `create a namespace for ${later.key}, or set temporal.copyOf if its data is a copy`,
    },
  ];
}

/** Copies work next to their original and next to each other, as long as each has its own queue. */
function temporalQueueRule(earlier: Neighbour, later: Neighbour): Violation[] {
  const [theirs, ours] = [earlier.plan.temporal, later.plan.temporal];
  const isLocal = theirs.kind === "local" || ours.kind === "local";
  const queue = ours.taskQueue ?? DEFAULT_QUEUE;
  if (isLocal || !isOfOneOrigin(earlier, later) || queue !== (theirs.taskQueue ?? DEFAULT_QUEUE)) return [];
  return [
    {
      path: `${later.key}.temporal.taskQueue`,
      problem: `"${queue}" is also the queue of ${earlier.key}, whose data has the same origin, and each would run the other's workflows`,
      remedy: "remove it in both, or use another name",
    },
  ];
}

/** Whether the data of one is said to be a copy of the other's, or both to be copies of the same. */
function isOfOneOrigin({ plan: { temporal: a, context: first } }: Neighbour, { plan }: Neighbour): boolean {
  const { temporal: b, context: second } = plan;
  const isCopy = a.copyOf !== undefined || b.copyOf !== undefined;
  return isCopy && (a.copyOf ?? first.name) === (b.copyOf ?? second.name);
}

function temporalDatabaseRule(earlier: Neighbour, later: Neighbour): Violation[] {
  const [theirs, ours] = [earlier.plan.temporal.cluster?.server, later.plan.temporal.cluster?.server];
  if (ours === undefined || theirs?.host !== ours.host || theirs.port !== ours.port) return [];
  return [
    {
      path: `${later.key}.temporal.database`,
      problem: `${ours.host} also holds the Temporal databases of ${earlier.key}, under the same names`,
      remedy: "give each instance its own database server",
    },
  ];
}

function shareAccount({ plan: { context: a } }: Neighbour, { plan: { context: b } }: Neighbour): boolean {
  return a.account === b.account;
}

function shareCluster(earlier: Neighbour, later: Neighbour): boolean {
  const [{ context: a, cluster: first }, { context: b, cluster: second }] = [earlier.plan, later.plan];
  return shareAccount(earlier, later) && a.region === b.region && first.name === second.name;
}
