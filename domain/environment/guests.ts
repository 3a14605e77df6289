import type { EgressResource } from "../egress/resources";
import { type EgressRule, formatDestination } from "../egress/rules";
import type { EnvironmentPlan } from "./environment";
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
export function guestNeeds({ context, blobStorage, egress }: EnvironmentPlan): GuestNeeds {
  const leaving = egress.rules.filter(
    ({ route, sources, destination }) =>
      route === "internet" && destination.kind !== "anywhere" && sources.some((source) => source !== "deployer"),
  );
  return {
    s3Buckets: blobStorage.kind === "s3" ? [blobStorage.bucketName, blobStorage.logBucketName] : [],
    resources: leaving.flatMap((rule) => resourceFor(rule, context.name)),
  };
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
