import { z } from "zod";

import { CATALOG } from "./catalog";
import {
  type Feature,
  FEATURES,
  type People,
  type Resources,
  type RetoolComponent,
  type ServiceId,
  type Sizing,
} from "./row";
import { RETOOL_COMPONENTS } from "./lookup";
import { integer } from "../common/setting";
import { checkedInteger } from "../common/checked-integer";
import { DOCUMENTS } from "../common/documents";
import type { Violation } from "../common/violation";

/** Figures of a deployment: for a team's daily work, or for a look at Retool with a handful of users. */
export type Profile = "production" | "evaluation";

export type { Resources, ServiceId } from "./row";

/** Requests and limits of each pod of a service. */
export interface ResourcesSpec {
  /**
   * CPU request of the pod, in millicores.
   *
   * @default - the figure of the documentation
   */
  readonly cpuMillicores?: number;
  /**
   * Memory request of the pod, in MiB.
   *
   * @default - the figure of the documentation
   */
  readonly memoryMiB?: number;
  /**
   * CPU that the pod may use, in millicores.
   *
   * @default - the figure of the documentation, or `cpuMillicores` where that is larger
   */
  readonly cpuLimitMillicores?: number;
  /**
   * Memory above which the pod is killed, MiB.
   *
   * @default - the figure of the documentation, or `memoryMiB` where that is larger
   */
  readonly memoryLimitMiB?: number;
}

/** How many pods follow the load. domain/retool/autoscaling.ts makes the HorizontalPodAutoscaler. */
export interface AutoscalingSpec {
  /** Most pods; the fewest are the service's `replicas`. */
  readonly maxReplicas: number;
  /**
   * Use of the requested CPU, in percent, that the autoscaler holds.
   *
   * @default 70
   */
  readonly cpuPercent?: number;
}

/** The size of one service. */
export interface ServiceSpec {
  /**
   * Number of pods.
   *
   * @default - the figure of the profile, and in production as many as `builders` and `users` need
   */
  readonly replicas?: number;
  /**
   * Size of each pod.
   *
   * @default - the figures of the documentation
   */
  readonly resources?: ResourcesSpec;
  /**
   * Makes a HorizontalPodAutoscaler, so that the number of pods follows the CPU load.
   *
   * @default - off unless asked for: the number of pods is `replicas`
   */
  readonly autoscaling?: AutoscalingSpec;
}

/** A service with every default filled in. */
export interface ServicePlan {
  /** Number of pods between upgrades, and the fewest where an autoscaler decides. */
  readonly replicas: number;
  /** Size of each pod. */
  readonly resources: Resources;
  /** Bounds of the autoscaler, where one decides. */
  readonly autoscaling: Required<AutoscalingSpec> | undefined;
}

const DEFAULT_CPU_PERCENT = 70;

/** Name of each service that can be sized, by its field below `retool`. */
const SIZED = Object.fromEntries(
  RETOOL_COMPONENTS.flatMap((name) => {
    const { sizing } = CATALOG[name];
    return sizing === undefined ? [] : [[sizing.setting, name]];
  }),
) as Record<ServiceId, RetoolComponent>;

const cpu = integer({ min: 10, max: 64_000, unit: "millicores" });
const memory = integer({ min: 32, max: 524_288, unit: "MiB" });

const resourcesSchema = z.strictObject({
  cpuMillicores: cpu.optional(),
  memoryMiB: memory.optional(),
  cpuLimitMillicores: cpu.optional(),
  memoryLimitMiB: memory.optional(),
});

/** Shape of the fields of a {@link ServiceSpec}. */
export const serviceShape = {
  replicas: integer({ min: 1, max: 100, unit: "pods" }).optional(),
  resources: resourcesSchema.optional(),
  autoscaling: z
    .strictObject({
      maxReplicas: integer({ min: 1, max: 100, unit: "pods" }),
      cpuPercent: integer({ min: 10, max: 95, unit: "percent" }).optional(),
    })
    .optional(),
};

/** All services that can be sized, in the order of the table. */
export const SERVICE_IDS = Object.keys(SIZED) as readonly ServiceId[];

/** Shape of the services of a specification, one optional key each. */
export const servicesShape = Object.fromEntries(
  SERVICE_IDS.map((id) => [id, z.strictObject(serviceShape).optional()]),
) as Record<ServiceId, z.ZodOptional<z.ZodObject<typeof serviceShape>>>;

/** Fills in a service's figures. */
export function planService(id: ServiceId, spec: ServiceSpec, profile: Profile, people?: People): ServicePlan {
  const facts = factsOf(id, profile);
  return {
    // With an autoscaler the figure of the profile is the fewest, and the load decides.
    replicas:
      spec.replicas ??
      (spec.autoscaling === undefined ? podsFor(facts, profile === "production" ? people : undefined) : facts.replicas),
    resources: resolveResources(facts.resources, spec.resources ?? {}),
    autoscaling: spec.autoscaling && { cpuPercent: DEFAULT_CPU_PERCENT, ...spec.autoscaling },
  };
}

/** The figure of the profile, or as many pods as the people need. */
function podsFor({ replicas, maxReplicas, growth }: Sizing, people: People | undefined): number {
  if (growth === undefined || people === undefined) return replicas;
  const needed = people.builders / growth.buildersPerPod + people.users / growth.usersPerPod;
  return Math.min(maxReplicas, Math.max(replicas, Math.ceil(needed)));
}

/** Finds what is impossible in a service's figures. */
export function serviceViolations(id: ServiceId, spec: ServiceSpec, profile: Profile, path: string): Violation[] {
  const facts = factsOf(id, profile);
  return [
    ...replicaViolations(facts, spec.replicas, `${path}.replicas`),
    ...resourceViolations(facts, spec.resources ?? {}, `${path}.resources`),
    ...autoscalingViolations(facts, spec, `${path}.autoscaling`),
  ];
}

/** The name of a service that can be sized. */
export function serviceName(id: ServiceId): RetoolComponent {
  return SIZED[id];
}

/** The feature that brings a service; undefined for one that is always there. */
export function featureOf(id: ServiceId): Feature | undefined {
  const { part } = CATALOG[SIZED[id]];
  return FEATURES.find((feature) => feature === part);
}

/** Services that a feature brings, in the order of the table. */
export function servicesOf(feature: Feature): ServiceId[] {
  return SERVICE_IDS.filter((id) => featureOf(id) === feature);
}

/** How a service is sized in production. */
export function sizingOf(id: ServiceId): Sizing {
  const { sizing } = CATALOG[SIZED[id]];
  if (sizing === undefined) throw new Error(`${id} has no size in the catalog`);
  return sizing;
}

/** An evaluation has one pod of each. */
function factsOf(id: ServiceId, profile: Profile): Sizing {
  const sizing = sizingOf(id);
  return profile === "production"
    ? sizing
    : { ...sizing, replicas: 1, resources: sizing.evaluation ?? sizing.resources };
}

function resolveResources(facts: Resources, spec: ResourcesSpec): Resources {
  const cpuMillicores = spec.cpuMillicores ?? facts.cpuMillicores;
  const memoryMiB = spec.memoryMiB ?? facts.memoryMiB;
  const cpuLimit =
    facts.cpuLimitMillicores === undefined ? undefined : Math.max(facts.cpuLimitMillicores, cpuMillicores);
  return {
    cpuMillicores,
    memoryMiB,
    cpuLimitMillicores: spec.cpuLimitMillicores ?? cpuLimit,
    memoryLimitMiB: spec.memoryLimitMiB ?? Math.max(facts.memoryLimitMiB, memoryMiB),
  };
}

function replicaViolations(facts: Sizing, replicas: number | undefined, path: string): Violation[] {
  if (replicas === undefined) return [];
  if (facts.whyNotMore !== undefined && Number.isInteger(replicas) && replicas > facts.maxReplicas) {
    const remedy = facts.maxReplicas === 1 ? "remove it: there is always exactly one" : `use 1 or ${facts.maxReplicas}`;
    const problem = `${replicas} is out of range: ${facts.whyNotMore}`;
    return [{ path, problem, remedy, document: DOCUMENTS.scaling }];
  }
  return [...checkedInteger(path, replicas, { min: 1, max: facts.maxReplicas, unit: "pods" }).violations];
}

function resourceViolations(
  { resources: facts, minimumMemory }: Sizing,
  spec: ResourcesSpec,
  path: string,
): Violation[] {
  const { cpuMillicores, cpuLimitMillicores, memoryMiB, memoryLimitMiB } = resolveResources(facts, spec);
  return [
    ...limitViolations(`${path}.cpuLimitMillicores`, cpuMillicores, cpuLimitMillicores),
    ...limitViolations(`${path}.memoryLimitMiB`, memoryMiB, memoryLimitMiB),
    ...memoryViolations(`${path}.memoryMiB`, memoryMiB, minimumMemory.request),
    ...memoryViolations(`${path}.memoryLimitMiB`, memoryLimitMiB, minimumMemory.limit),
  ];
}

/** Below its minimum a process is killed before it answers, again and again. */
function memoryViolations(path: string, given: number, minimum: number): Violation[] {
  if (given >= minimum) return [];
  return [{ path, problem: `${given} MiB is too little for this service to start`, remedy: `use ${minimum} or more` }];
}

function limitViolations(path: string, request: number, limit: number | undefined): Violation[] {
  if (limit === undefined || limit >= request) return [];
  return [
    {
      path,
      problem: `the limit of ${limit} is below the request of ${request}`,
      remedy: `use ${request} or more`,
    },
  ];
}

function autoscalingViolations(facts: Sizing, { replicas, autoscaling }: ServiceSpec, path: string): Violation[] {
  if (autoscaling === undefined) return [];
  if (!facts.autoscales) {
    const why = facts.whyNotMore ?? "its CPU does not reflect its load";
    return [{ path, problem: `does not suit this service: ${why}`, remedy: "remove it" }];
  }
  const least = (replicas ?? facts.replicas) + 1;
  const { maxReplicas, cpuPercent = DEFAULT_CPU_PERCENT } = autoscaling;
  return [
    ...checkedInteger(`${path}.maxReplicas`, maxReplicas, { min: least, max: facts.maxReplicas, unit: "pods" })
      .violations,
    ...checkedInteger(`${path}.cpuPercent`, cpuPercent, { min: 10, max: 95, unit: "percent" }).violations,
  ];
}
