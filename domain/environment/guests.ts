import type { EgressResource } from "../egress/resources";
import { leadsToListener } from "../egress/listener-hosts";
import { type EgressRule, formatDestination } from "../egress/rules";
import { checkEnvironment, type EnvironmentPlan } from "./environment";
import { NAMES_ARE_OPEN, closedNotes } from "../egress/notes";
import { closedHosts } from "../egress/package-registries";
import type { EnvironmentSpec } from "./spec";

/** What the owner of a network carries for an instance that uses it: buckets for S3's endpoint, and an allowlist. */
export interface GuestNeeds {
  /** Buckets, as in `network.s3Buckets`. */
  readonly s3Buckets: readonly string[];
  /** What the instance calls, as in `egress.resources`. */
  readonly resources: readonly EgressResource[];
}

/**
 * What an instance needs from the owner of its network.
 *
 * Each entry has the purpose `images`, which opens names and addresses in both firewalls and gives no container of the owner
 * anything: policies of the instance itself decide who may leave.
 */
export function guestNeeds({ context, blobStorage, egress, observability }: EnvironmentPlan): GuestNeeds {
  const audit = observability.logs?.auditBucket;
  const carried = egress.rules.filter(isCarried);
  return {
    s3Buckets: [
      ...(blobStorage.kind === "s3" ? [blobStorage.bucketName, blobStorage.logBucketName] : []),
      ...(audit === undefined ? [] : [audit.bucketName]),
    ],
    resources: carried.flatMap((rule) => resourceFor(rule, context.name)),
  };
}

function isCarried(rule: EgressRule): boolean {
  const { route, sources, destination } = rule;
  const leaves = route === "internet" && destination.kind !== "anywhere";
  return (leaves && sources.some((source) => source !== "deployer")) || leadsToListener(rule);
}

function resourceFor(
  { destination, port, application, addresses, reason }: EgressRule,
  guest: string,
): EgressResource[] {
  if (port === "any" || destination.kind === "platform" || destination.kind === "namespace") return [];
  const to = formatDestination(destination);
  const spoken = destination.kind === "range" ? {} : { application, ...(addresses === undefined ? {} : { addresses }) };
  return [{ to, port, purpose: "images", ...spoken, reason: `${guest}: ${reason}` }];
}

/** An environment by its key, with its plan. */
export interface PlannedSpec {
  /** Key among all environments. */
  readonly key: string;
  /** What a team wrote. */
  readonly spec: EnvironmentSpec;
  /** What was made of it. */
  readonly plan: EnvironmentPlan;
}

/**
 * The specs with what the owner of each shared network carries for the instances that use it.
 *
 * An instance uses the network of the environment that made its cluster.
 */
export function withGuests(environments: readonly PlannedSpec[]): EnvironmentSpec[] {
  return environments.map((owner) => {
    const needs = environments.filter((other) => isGuest(owner, other)).map(({ plan }) => guestNeeds(plan));
    return needs.length === 0 ? owner.spec : carrying(owner.spec, needs);
  });
}

/** Whether an environment uses the network and the cluster that another one makes. */
export function isGuest({ plan: owner }: Pick<PlannedSpec, "plan">, { plan }: Pick<PlannedSpec, "plan">): boolean {
  const isOwner = owner.network.kind === "new" && owner.cluster.kind === "new";
  const uses = plan.network.kind === "existing" && plan.cluster.kind === "existing";
  const isSamePlace = owner.context.account === plan.context.account && owner.context.region === plan.context.region;
  return isOwner && uses && isSamePlace && owner.cluster.name === plan.cluster.name;
}

/**
 * Plans of environments as they are deployed together: an owner of a shared network with what it carries for its guests, and
 * each guest with the firewalls that decide for it.
 *
 * An owner that its guests' needs make wrong keeps its own plan; synthesis says what is wrong.
 */
export function sharedPlans(environments: readonly PlannedSpec[]): Readonly<Record<string, EnvironmentPlan>> {
  const specs = withGuests(environments);
  const carried = environments.map((environment, index) => {
    const guests = environments.filter((other) => isGuest(environment, other));
    const spec = specs[index];
    if (spec === undefined || guests.length === 0) return environment;
    const { plan, violations } = checkEnvironment(spec);
    return { ...environment, plan: violations.length > 0 ? environment.plan : withNote(plan, ownersNote(guests)) };
  });
  return Object.fromEntries(
    carried.map(({ key, plan }) => {
      const owner = carried.find((other) => isGuest(other, { plan }));
      return [key, owner === undefined ? plan : guestOf(owner.plan, plan)];
    }),
  );
}

function ownersNote(guests: readonly PlannedSpec[]): string {
  const names = guests.map(({ key }) => key).join(" and ");
  return `This network's endpoint and firewalls decide for ${names} as well and carry what they call: deploy this environment before them.`;
}

/** What a guest says of names does not hold where the owner's firewalls check them. */
function guestOf(owner: EnvironmentPlan, plan: EnvironmentPlan): EnvironmentPlan {
  const { level, mode } = owner.egress;
  const owned = { name: owner.context.name, level, mode };
  const rules = plan.egress.rules.map((rule) => throughEndpoint(rule, owner));
  const closed = level === "open" || mode === "alert" ? plan.egress.closed : closedByOwner(owner, plan);
  const notes = [
    ...plan.egress.notes.filter((note) => level === "open" || note !== NAMES_ARE_OPEN),
    ...(closed === plan.egress.closed ? [] : closedNotes(closed)),
  ];
  const egress = { ...plan.egress, owner: owned, rules, closed, notes: [...new Set(notes)] };
  return withNote({ ...plan, egress }, guestsNote(owned));
}

/** Registries that a guest's own policies open, and the owner's list does not. */
function closedByOwner(
  { egress: theirs }: EnvironmentPlan,
  { egress }: EnvironmentPlan,
): EnvironmentPlan["egress"]["closed"] {
  const listed = egress.rules.filter(({ destination }) => destination.kind !== "anywhere");
  return closedHosts(listed, egress.components).filter(
    ({ host }) => !theirs.rules.some(({ destination }) => formatDestination(destination) === host),
  );
}

/** An AWS API that the owner's network has an endpoint of is reached through it. */
function throughEndpoint(rule: EgressRule, { egress }: EnvironmentPlan): EgressRule {
  const theirs = egress.rules.find(({ id }) => id === rule.id && id.startsWith("aws/"));
  return theirs === undefined ? rule : { ...rule, route: theirs.route };
}

function guestsNote({ name, level, mode }: NonNullable<EnvironmentPlan["egress"]["owner"]>): string {
  const decides = {
    open: "no firewall looks at names",
    dns: `its DNS firewall decides which names are resolved (mode ${mode})`,
    firewall: `its DNS firewall and its network firewall decide which names and addresses pass (mode ${mode})`,
  }[level];
  return `The network is ${name}'s: ${decides}. After a change of what is called here, deploy ${name} first.`;
}

function withNote(plan: EnvironmentPlan, note: string): EnvironmentPlan {
  return { ...plan, egress: { ...plan.egress, notes: [...plan.egress.notes, note] } };
}

function carrying(spec: EnvironmentSpec, needs: readonly GuestNeeds[]): EnvironmentSpec {
  const { network, egress } = spec;
  if (network !== undefined && "kind" in network) return spec;
  const buckets = [...(network?.s3Buckets ?? []), ...needs.flatMap(({ s3Buckets }) => s3Buckets)];
  const resources = [...(egress?.resources ?? []), ...needs.flatMap((need) => need.resources)];
  return {
    ...spec,
    network: { ...network, s3Buckets: [...new Set(buckets)] },
    egress: { ...egress, resources },
  };
}
