import { z } from "zod";

import { integer } from "../common/setting";
import { type Feature, FEATURES } from "../catalog/row";
import type { JsonObject } from "../common/kubernetes";
import { type EnvironmentVariablesSpec, environmentVariablesShape } from "./variables";
import { type ImagesSpec, imagesSchema } from "./images";
import { type OutboundSpec, outboundShape } from "./outbound";
import { type PrioritySpec, priorityShape } from "./priority";
import { type Profile, type ServiceSpec, serviceShape, servicesShape } from "../catalog/services";
import { type UpgradeRecord, upgradesSchema } from "../upgrade/records";
import { type TelemetryTargetSpec, telemetryTargetSchema } from "./telemetry-target";

/**
 * How code-executor keeps users' code from the rest of its container.
 *
 * `seccomp`: nsjail under a seccomp profile, without privilege. `privileged`: nsjail in a privileged container, which can
 * leave its network and reach the node. `unsandboxed`: no nsjail at all, users' code shares the container.
 */
export type CodeExecution = "seccomp" | "privileged" | "unsandboxed";

/** The code executor's size and sandbox. */
export interface CodeExecutorSpec extends ServiceSpec {
  /**
   * How users' code is kept apart.
   *
   * @default "seccomp"
   */
  readonly sandboxing?: CodeExecution;
}

/** The migrations' runner: there is always exactly one. */
export interface JobsRunnerSpec extends Omit<ServiceSpec, "replicas" | "autoscaling"> {
  /**
   * Minutes that database migrations may take before Retool gives up on them; 1 to 600.
   *
   * @default 30
   */
  readonly migrationTimeoutMinutes?: number;
}

/** Parts of Retool that are off unless asked for. */
export interface FeaturesSpec {
  /**
   * Whether queries run in separate pods instead of in api.
   *
   * @default false
   */
  readonly dbconnector?: boolean;
  /**
   * Whether Retool Agents and their evaluations run.
   *
   * @default false
   */
  readonly agents?: boolean;
  /**
   * Whether several people can edit a classic app at once.
   *
   * @default false
   */
  readonly multiplayer?: boolean;
  /**
   * Whether MCP clients can connect.
   *
   * @default false
   */
  readonly mcp?: boolean;
}

/** What a team decides about the Retool release. */
export interface RetoolSpec extends EnvironmentVariablesSpec, OutboundSpec, PrioritySpec {
  /**
   * Exact version of the chart.
   *
   * @default - the version this package was tested with
   */
  readonly chartVersion?: string;

  /**
   * Figures of the deployment; every one of them can be set by itself as well.
   *
   * @default "production"
   */
  readonly profile?: Profile;

  /**
   * Why an environment called `prod` runs a version of the edge channel.
   *
   * @default - none; `prod` refuses the edge channel
   */
  readonly edgeReason?: string;

  /**
   * Pages, apps and users.
   *
   * @default - two pods, more with `builders` and `users`
   */
  readonly api?: ServiceSpec;

  /**
   * Migrations and background tasks.
   *
   * @default - one pod, always
   */
  readonly jobsRunner?: JobsRunnerSpec;

  /**
   * Queries and logs of workflows.
   *
   * @default - one pod, more with `builders` and `users`
   */
  readonly workflowsBackend?: ServiceSpec;

  /**
   * Steps of workflows.
   *
   * @default - two pods, more with `builders` and `users`
   */
  readonly workflowsWorker?: ServiceSpec;

  /**
   * Users' JavaScript and Python in workflows; it cannot be left out, because without it the backend is open to a published escape.
   *
   * @default - two pods, more with `builders` and `users`, under a seccomp profile
   */
  readonly codeExecutor?: CodeExecutorSpec;

  /**
   * Users' JavaScript in functions.
   *
   * @default - one pod, more with `builders` and `users`
   */
  readonly jsExecutor?: ServiceSpec;

  /**
   * The worker that coordinates agent sandboxes.
   *
   * @default - two pods, more with `builders`
   */
  readonly r2Worker?: ServiceSpec;

  /**
   * The controller that makes and removes agent sandboxes.
   *
   * @default - one pod
   */
  readonly sandboxController?: ServiceSpec;

  /**
   * The proxy between browsers and agent sandboxes.
   *
   * @default - two pods, more with `builders`
   */
  readonly sandboxProxy?: ServiceSpec;

  /**
   * Queries, where `features.dbconnector` is on.
   *
   * @default - one pod
   */
  readonly dbconnector?: ServiceSpec;

  /**
   * Steps of agents, where `features.agents` is on.
   *
   * @default - two pods
   */
  readonly agentWorker?: ServiceSpec;

  /**
   * Evaluations of agents, where `features.agents` is on.
   *
   * @default - two pods
   */
  readonly agentEvalWorker?: ServiceSpec;

  /**
   * Shared editing, where `features.multiplayer` is on.
   *
   * @default - one pod
   */
  readonly multiplayer?: ServiceSpec;

  /**
   * MCP clients, where `features.mcp` is on.
   *
   * @default - one pod
   */
  readonly mcp?: ServiceSpec;

  /**
   * Parts that are off unless asked for.
   *
   * @default - all are off
   */
  readonly features?: FeaturesSpec;

  /**
   * What is sent to Retool about how the deployment runs.
   *
   * @default "off"
   */
  readonly telemetry?: "off" | "metrics";

  /**
   * Where logs of Retool's pods and metrics of its workers (port 9090) go besides, by the telemetry container of the chart.
   *
   * @default - nowhere; logs are in CloudWatch (`observability.logs`)
   */
  readonly telemetryTarget?: TelemetryTargetSpec;

  /**
   * What orchestrates the app builder: queues in the platform database (Retool 4.47 and later) or Temporal.
   *
   * It is always set, as Retool otherwise decides once and remembers.
   *
   * @default - `postgres` where the version has it
   */
  readonly appOrchestration?: AppOrchestration;

  /**
   * Where audit events go besides the platform database.
   *
   * @default "stdout"
   */
  readonly auditEvents?: "database" | "stdout";

  /**
   * Where images come from.
   *
   * @default - Docker Hub, all of the environment's version
   */
  readonly images?: ImagesSpec;

  /**
   * Upgrades that this environment went through, oldest first; entries are added, never changed or removed. A snapshot of the
   * database is made before each; the first deployment has none.
   *
   * @default []
   */
  readonly upgrades?: readonly UpgradeRecord[];

  /**
   * Further values of the chart. Keys outside the list of open keys are refused, those that this package sets among them; below
   * an open key such as `backend` names are not checked, and Helm ignores a misspelled one.
   *
   * Objects are merged key by key, lists are appended.
   *
   * @default {}
   */
  readonly extraValues?: JsonObject;
}

/** What orchestrates the app builder. */
export type AppOrchestration = "postgres" | "temporal";

/** Minutes that migrations of the database may take unless another number is given. */
export const MIGRATION_MINUTES = 30;

/** Schema of a {@link RetoolSpec}, with bounds, units and defaults. */
export const retoolSchema = z.strictObject({
  ...servicesShape,
  // A number of pods has no place in the type; it is let through to be refused with the reason.
  jobsRunner: z
    .strictObject({
      replicas: serviceShape.replicas,
      resources: serviceShape.resources,
      migrationTimeoutMinutes: integer({ min: 1, max: 600, unit: "minutes" }).default(MIGRATION_MINUTES),
    })
    .optional(),
  codeExecutor: z
    .strictObject({ ...serviceShape, sandboxing: z.enum(["seccomp", "privileged", "unsandboxed"]).default("seccomp") })
    .prefault({}),
  chartVersion: z.string().optional(),
  profile: z.enum(["production", "evaluation"]).default("production"),
  edgeReason: z.string().optional(),
  features: z
    .strictObject(
      Object.fromEntries(FEATURES.map((feature) => [feature, z.boolean().default(false)])) as Record<
        Feature,
        z.ZodDefault<z.ZodBoolean>
      >,
    )
    .prefault({}),
  telemetry: z.enum(["off", "metrics"]).default("off"),
  telemetryTarget: telemetryTargetSchema.optional(),
  appOrchestration: z.enum(["postgres", "temporal"]).optional(),
  auditEvents: z.enum(["database", "stdout"]).default("stdout"),
  images: imagesSchema.optional(),
  upgrades: upgradesSchema.default([]),
  extraValues: z.record(z.string(), z.json()).default({}),
  ...environmentVariablesShape,
  ...outboundShape,
  ...priorityShape,
});

/** A {@link RetoolSpec} with every default that does not depend on its version. */
export type RetoolSettings = z.output<typeof retoolSchema>;
