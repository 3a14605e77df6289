import { CATALOG } from "../catalog/catalog";
import { RETOOL_COMPONENTS } from "../catalog/lookup";
import type { RetoolComponent } from "../catalog/row";
import { serviceName } from "../catalog/services";
import type { EnvironmentPlan } from "../environment/environment";
import { installedServices, runsTelemetry } from "../retool/retool";
import { type DeploymentState, minutesBetween, type PodState, type Workloads } from "./observed";

/** What is wrong with a pod: no node, no image, no configuration, it stops, or it does not become ready. */
export type FaultKind = "pending" | "image" | "configuration" | "crash" | "memory" | "unready";

/** A pod that does not do its work. */
export interface PodFault {
  /** Name of the pod. */
  readonly pod: string;
  /** What is wrong. */
  readonly kind: FaultKind;
  /** In Kubernetes' words. */
  readonly text: string;
  /** Minutes since the pod was created. */
  readonly minutes: number;
}

/** What pods with the same cause have in common: a limit of memory belongs to one service, a node to none. */
export function causeOf(service: RetoolComponent, { kind, text }: PodFault): string {
  if (kind === "memory") return `${kind} ${service}`;
  return kind === "unready" ? kind : `${kind} ${text}`;
}

/** A service of Retool: what is planned, and what runs. */
export interface ServiceStatus {
  /** Name of the service. */
  readonly service: RetoolComponent;
  /** Name of its Deployment. */
  readonly deployment: string;
  /** Fewest pods that are planned. */
  readonly fewest: number;
  /** Most pods that are planned: more than the fewest where an autoscaler decides. */
  readonly most: number;
  /** Pods that the Deployment asks for; undefined where there is no Deployment. */
  readonly wanted: number | undefined;
  /** Pods that are ready. */
  readonly ready: number;
  /** Pods of the newest template. */
  readonly updated: number;
  /** Whether old and new pods exist next to each other. */
  readonly rolling: boolean;
  /** Whether it has pods, and all of them were ready and are not any more. */
  readonly lostReadiness: boolean;
  /** Restarts of all its pods. */
  readonly restarts: number;
  /** Tag that should run; undefined where the chart decides. */
  readonly plannedTag: string | undefined;
  /** Tag that runs; undefined where there is no Deployment. */
  readonly tag: string | undefined;
  /** Why the API server refuses its pods; undefined where it takes them. */
  readonly refused: string | undefined;
  /** Pods that do not do their work. */
  readonly faults: readonly PodFault[];
  /** Why a container stopped within the last hour, each reason once. */
  readonly stops: readonly string[];
}

interface PlannedService {
  readonly service: RetoolComponent;
  readonly fewest: number;
  readonly most: number;
}

/** Services of an environment with the number of their pods, in the order of the catalog. */
export function plannedServices({ retool, temporal }: EnvironmentPlan): PlannedService[] {
  const sized = installedServices(retool).map(({ id, replicas, autoscaling }) => ({
    service: serviceName(id),
    fewest: replicas,
    most: autoscaling?.maxReplicas ?? replicas,
  }));
  const unsized = RETOOL_COMPONENTS.filter(
    (name) =>
      (name === "telemetry" && runsTelemetry(retool)) ||
      (CATALOG[name].part === "temporal" && temporal.cluster !== undefined),
  ).map((service) => ({ service, fewest: 1, most: 1 }));
  return [...sized, ...unsized];
}

/** Compares the services of an environment with what runs. */
export function serviceStatuses(plan: EnvironmentPlan, { deployments, pods }: Workloads, at: string): ServiceStatus[] {
  return plannedServices(plan).map((planned) => {
    const { deployment, image } = CATALOG[planned.service];
    const found = deployments.find(({ name }) => name === deployment);
    const own = found === undefined ? [] : pods.filter((pod) => isOf(pod, found) && pod.phase !== "Succeeded");
    return {
      ...planned,
      ...countsOf(found),
      deployment,
      lostReadiness: lost(own.filter(({ ending }) => !ending)),
      restarts: own.reduce((sum, { restarts }) => sum + restarts, 0),
      plannedTag: image === undefined ? undefined : plan.retool.images[image].tag,
      faults: own.flatMap((pod) => faultOf(pod, at)),
      stops: [...new Set(own.flatMap((pod) => stopOf(pod, at)))],
    };
  });
}

function lost(pods: readonly PodState[]): boolean {
  return pods.length > 0 && pods.every(({ lostReadiness }) => lostReadiness);
}

type Counts = Pick<ServiceStatus, "wanted" | "ready" | "updated" | "rolling" | "tag" | "refused">;

/** Counts of a service without a Deployment. */
const NONE = { wanted: undefined, ready: 0, updated: 0, rolling: false, tag: undefined, refused: undefined } as const;

function countsOf(deployment: DeploymentState | undefined): Counts {
  if (deployment === undefined) return NONE;
  const { wanted, ready, updated, existing, image, refused } = deployment;
  return { wanted, ready, updated, rolling: updated < wanted || existing > updated, tag: tagOf(image), refused };
}

/** Deployments of services that are not in the plan. */
export function unplannedDeployments(plan: EnvironmentPlan, { deployments }: Workloads): string[] {
  const planned = new Set(plannedServices(plan).map(({ service }) => CATALOG[service].deployment));
  const known = new Set(RETOOL_COMPONENTS.map((name) => CATALOG[name].deployment));
  return deployments.map(({ name }) => name).filter((name) => known.has(name) && !planned.has(name));
}

/** Whether a service has all its pods, of the planned version, and nothing is wrong with them. */
export function isSettled(service: ServiceStatus): boolean {
  const { wanted, fewest, most, ready, rolling, faults } = service;
  return (
    wanted !== undefined &&
    wanted >= fewest &&
    wanted <= most &&
    ready >= wanted &&
    !rolling &&
    faults.length === 0 &&
    !runsAnotherTag(service)
  );
}

/** Whether a service runs another version than the planned one. */
export function runsAnotherTag({ tag, plannedTag }: ServiceStatus): boolean {
  return tag !== undefined && plannedTag !== undefined && tag !== plannedTag;
}

/** Whether a Deployment selects a pod. */
export function isOf({ labels }: PodState, { selector }: Pick<DeploymentState, "selector">): boolean {
  const wanted = Object.entries(selector);
  return wanted.length > 0 && wanted.every(([key, value]) => labels[key] === value);
}

/** What follows the name of an image: `4.0.9-stable`, or with a digest behind it. */
export function tagOf(image: string): string {
  const path = image.slice(image.lastIndexOf("/") + 1);
  const [, tag = "latest"] = /^[^:@]*:?(.*)$/.exec(path) ?? [];
  return tag;
}

/** A pod may take so long to start before it counts as a fault. */
const STARTING_MINUTES = 10;

/** The code with which Kubernetes notes that a container took more memory than its limit. */
const OUT_OF_MEMORY = "OOMKilled";

function faultOf(pod: PodState, at: string): PodFault[] {
  if (pod.ready || pod.ending) return [];
  const cause = waitOf(pod) ?? stopping(pod, at);
  if (cause !== undefined) return [{ ...cause, pod: pod.name, minutes: minutesBetween(pod.created, at) }];
  // One that served for days and lost its node a minute ago is not ready for a minute.
  const minutes = minutesBetween(pod.notReadySince ?? pod.created, at);
  return minutes < STARTING_MINUTES ? [] : [{ ...unready(minutes), pod: pod.name, minutes }];
}

type Cause = Pick<PodFault, "kind" | "text">;

const unready = (minutes: number): Cause => ({ kind: "unready", text: `not ready for ${minutes} minutes` });

function waitOf({ phase, unschedulable, waiting, stopped }: PodState): Cause | undefined {
  if (unschedulable !== undefined) return { kind: "pending", text: unschedulable };
  if (waiting?.reason === "CrashLoopBackOff") return backOff(stopped);
  if (waiting !== undefined)
    return { kind: waiting.reason.includes("Image") ? "image" : "configuration", text: wordsOf(waiting) };
  if (phase !== "Failed") return undefined;
  return { kind: "crash", text: stopped === undefined ? "Failed" : wordsOf(stopped) };
}

function backOff(stopped: PodState["stopped"]): Cause {
  if (stopped?.reason === OUT_OF_MEMORY) return { kind: "memory", text: `${OUT_OF_MEMORY}, again and again` };
  const end = stopped === undefined ? "" : `, last end: ${wordsOf(stopped)}`;
  return { kind: "crash", text: `CrashLoopBackOff${end}` };
}

/** A container that runs between two stops is as unhealthy as one that waits for its next start. */
function stopping({ stopped, restarts }: PodState, at: string): Cause | undefined {
  if (stopped === undefined || restarts < 2 || minutesBetween(stopped.at, at) >= STARTING_MINUTES) return undefined;
  if (stopped.reason === OUT_OF_MEMORY) return { kind: "memory", text: `${OUT_OF_MEMORY}, ${restarts} restarts` };
  return { kind: "crash", text: `${restarts} restarts, last end: ${wordsOf(stopped)}` };
}

function stopOf({ stopped, ready }: PodState, at: string): string[] {
  return ready && stopped !== undefined && minutesBetween(stopped.at, at) < 60 ? [wordsOf(stopped)] : [];
}

/** Longest message that fits on a screen. */
const LONGEST = 200;

function wordsOf({ reason, message }: { readonly reason: string; readonly message: string }): string {
  const line = message.trim().replaceAll(/\s+/g, " ");
  if (line === "") return reason;
  return `${reason}: ${line.length > LONGEST ? `${line.slice(0, LONGEST - 1)}…` : line}`;
}
