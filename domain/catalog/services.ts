import { z } from "zod";

import { checkedInteger } from "../common/checked-integer";
import { DOCUMENTS } from "../common/documents";
import type { Violation } from "../common/violation";

/** Figures of a deployment: for a team's daily work, or for a look at Retool with a handful of users. */
export type Profile = "production" | "evaluation";

/** A Deployment of Retool by the name that Retool's documentation gives it. */
export type ServiceId =
  | "api"
  | "jobsRunner"
  | "workflowsBackend"
  | "workflowsWorker"
  | "codeExecutor"
  | "jsExecutor"
  | "r2Worker"
  | "sandboxController"
  | "sandboxProxy"
  | "dbconnector"
  | "agentWorker"
  | "agentEvalWorker"
  | "multiplayer"
  | "mcp";

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
   * CPU that the pod may use, in thousandths.
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

/** How many pods follow the load. */
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
   * @default - the figure of the profile
   */
  readonly replicas?: number;
  /**
   * Size of each pod.
   *
   * @default - the figures of the documentation
   */
  readonly resources?: ResourcesSpec;
  /**
   * Whether the number of pods follows the load.
   *
   * @default - it does not
   */
  readonly autoscaling?: AutoscalingSpec;
}

/** Requests and limits of each pod of a service. */
export interface Resources {
  /** CPU request of the pod, in millicores. */
  readonly cpuMillicores: number;
  /** Memory request of the pod, in MiB. */
  readonly memoryMiB: number;
  /** CPU that the pod may use, in thousandths; undefined where nothing limits it. */
  readonly cpuLimitMillicores: number | undefined;
  /** Memory above which the pod is killed, MiB. */
  readonly memoryLimitMiB: number;
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

/** What Retool's documentation and chart say about a service. */
interface ServiceFacts {
  readonly replicas: number;
  readonly maxReplicas: number;
  readonly whyNotMore?: string;
  readonly autoscales: boolean;
  readonly resources: Resources;
}

const RESOURCE_RULES = {
  cpuMillicores: { min: 10, max: 64_000, unit: "thousandths of a CPU" },
  memoryMiB: { min: 32, max: 524_288, unit: "MiB" },
  cpuLimitMillicores: { min: 10, max: 64_000, unit: "thousandths of a CPU" },
  memoryLimitMiB: { min: 32, max: 524_288, unit: "MiB" },
} as const;

const MOST_REPLICAS = 100;
const DEFAULT_CPU_PERCENT = 70;

function size(
  cpuMillicores: number,
  memoryMiB: number,
  cpuLimitMillicores: number | undefined,
  memoryLimitMiB: number,
): Resources {
  return { cpuMillicores, memoryMiB, cpuLimitMillicores, memoryLimitMiB };
}

const scaled = { replicas: 1, maxReplicas: MOST_REPLICAS, autoscales: true };
const single = { replicas: 1, maxReplicas: 1, autoscales: false };

/**
 * The figures of the documentation for daily work.
 *
 * Sources: the comments and defaults of chart 6.11.21, and the table of
 * https://docs.retool.com/self-hosted/concepts/scaling. Two differ on purpose and are listed in the plan's deviations: the
 * controller's CPU limit and the number of proxies.
 */
const SERVICES: Readonly<Record<ServiceId, ServiceFacts>> = {
  api: { ...scaled, replicas: 2, resources: size(2048, 4096, 4096, 8192) },
  jobsRunner: {
    ...single,
    whyNotMore: "it runs database migrations, and two would collide",
    resources: size(1000, 2048, 2000, 4096),
  },
  workflowsBackend: { ...scaled, resources: size(2048, 4096, 4096, 8192) },
  workflowsWorker: { ...scaled, resources: size(1000, 2048, 2000, 8192) },
  codeExecutor: { ...scaled, resources: size(1000, 1024, 2000, 2048) },
  jsExecutor: { ...scaled, resources: size(2000, 6144, 2000, 6144) },
  r2Worker: { ...scaled, resources: size(1000, 2048, 2000, 4096) },
  // One leads and the others wait; more than two add nothing.
  sandboxController: {
    ...single,
    maxReplicas: 2,
    whyNotMore: "one leads and one may wait to take over",
    resources: size(250, 256, 1000, 512),
  },
  sandboxProxy: { ...scaled, replicas: 2, autoscales: false, resources: size(250, 256, 1000, 512) },
  dbconnector: { ...scaled, resources: size(2048, 4096, 4096, 8192) },
  agentWorker: { ...scaled, resources: size(1000, 2048, 2000, 4096) },
  agentEvalWorker: { ...scaled, resources: size(1000, 2048, 2000, 4096) },
  multiplayer: { ...scaled, autoscales: false, resources: size(200, 256, undefined, 2048) },
  mcp: {
    ...single,
    whyNotMore: "it keeps its sessions in memory",
    resources: size(200, 256, undefined, 4096),
  },
};

/**
 * What a look at Retool needs less: one pod of each.
 *
 * The chart asks to double the figures of a single api pod. Its limits are doubled; its requests are not, as few people use it.
 */
const EVALUATION: Partial<Record<ServiceId, Partial<ServiceFacts>>> = {
  api: { replicas: 1, resources: size(2048, 4096, 8192, 16_384) },
  sandboxProxy: { replicas: 1 },
};

const resourcesSchema = z.strictObject({
  cpuMillicores: z.number().optional(),
  memoryMiB: z.number().optional(),
  cpuLimitMillicores: z.number().optional(),
  memoryLimitMiB: z.number().optional(),
});

/** Shape of the fields of a {@link ServiceSpec}. */
export const serviceShape = {
  replicas: z.number().optional(),
  resources: resourcesSchema.optional(),
  autoscaling: z.strictObject({ maxReplicas: z.number(), cpuPercent: z.number().optional() }).optional(),
};

/** All services, in the order of the documentation. */
export const SERVICE_IDS = Object.keys(SERVICES) as readonly ServiceId[];

/** Shape of the services of a specification, one optional key each. */
export const servicesShape = Object.fromEntries(
  SERVICE_IDS.map((id) => [id, z.strictObject(serviceShape).optional()]),
) as Record<ServiceId, z.ZodOptional<z.ZodObject<typeof serviceShape>>>;

/** Fills in a service's figures. */
export function planService(id: ServiceId, spec: ServiceSpec, profile: Profile): ServicePlan {
  const facts = factsOf(id, profile);
  return {
    replicas: spec.replicas ?? facts.replicas,
    resources: resolveResources(facts.resources, spec.resources ?? {}),
    autoscaling: spec.autoscaling && { cpuPercent: DEFAULT_CPU_PERCENT, ...spec.autoscaling },
  };
}

/** Finds what is impossible in a service's figures. */
export function serviceViolations(id: ServiceId, spec: ServiceSpec, profile: Profile, path: string): Violation[] {
  const facts = factsOf(id, profile);
  return [
    ...replicaViolations(facts, spec.replicas, `${path}.replicas`),
    ...resourceViolations(facts.resources, spec.resources ?? {}, `${path}.resources`),
    ...autoscalingViolations(facts, spec, `${path}.autoscaling`),
  ];
}

function factsOf(id: ServiceId, profile: Profile): ServiceFacts {
  return profile === "production" ? SERVICES[id] : { ...SERVICES[id], ...EVALUATION[id] };
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

function replicaViolations(facts: ServiceFacts, replicas: number | undefined, path: string): Violation[] {
  if (replicas === undefined) return [];
  if (facts.whyNotMore !== undefined && Number.isInteger(replicas) && replicas > facts.maxReplicas) {
    const remedy = facts.maxReplicas === 1 ? "remove it, there is always exactly one" : `use 1 or ${facts.maxReplicas}`;
    const problem = `${replicas} is not possible: ${facts.whyNotMore}`;
    return [{ path, problem, remedy, document: DOCUMENTS.scaling }];
  }
  return [...checkedInteger(path, replicas, { min: 1, max: facts.maxReplicas, unit: "pods" }).violations];
}

function resourceViolations(facts: Resources, spec: ResourcesSpec, path: string): Violation[] {
  const given = Object.entries(spec).filter(([, value]) => value !== undefined) as [keyof ResourcesSpec, number][];
  const wrong = given.flatMap(
    ([key, value]) => checkedInteger(`${path}.${key}`, value, RESOURCE_RULES[key]).violations,
  );
  if (wrong.length > 0) return wrong;
  const { cpuMillicores, cpuLimitMillicores, memoryMiB, memoryLimitMiB } = resolveResources(facts, spec);
  return [
    ...limitViolations(`${path}.cpuLimitMillicores`, cpuMillicores, cpuLimitMillicores),
    ...limitViolations(`${path}.memoryLimitMiB`, memoryMiB, memoryLimitMiB),
  ];
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

function autoscalingViolations(facts: ServiceFacts, { replicas, autoscaling }: ServiceSpec, path: string): Violation[] {
  if (autoscaling === undefined) return [];
  if (!facts.autoscales) {
    const why = facts.whyNotMore ?? "its load is not visible in its CPU";
    return [{ path, problem: `cannot help this service: ${why}`, remedy: "remove it" }];
  }
  const least = (replicas ?? facts.replicas) + 1;
  const { maxReplicas, cpuPercent = DEFAULT_CPU_PERCENT } = autoscaling;
  return [
    ...checkedInteger(`${path}.maxReplicas`, maxReplicas, { min: least, max: MOST_REPLICAS, unit: "pods" }).violations,
    ...checkedInteger(`${path}.cpuPercent`, cpuPercent, { min: 10, max: 95, unit: "percent" }).violations,
  ];
}
