import { checkedInteger } from "./checked-integer";
import { checkedSpec } from "./checked-spec";
import type { EnvironmentContext } from "./environment-context";
import {
  type Profile,
  SERVICE_IDS,
  type ServiceId,
  type ServicePlan,
  type ServiceSpec,
  planService,
  serviceViolations,
} from "./retool-services";
import {
  type AppOrchestration,
  type CodeExecution,
  type FeaturesSpec,
  type RetoolSpec,
  retoolSchema,
} from "./retool-spec";
import { type RetoolVersion, isFromLine, planRetoolVersion } from "./retool-version";
import { versions } from "./versions";
import type { Planned, Violation } from "./violation";

export type * from "./retool-spec";
export { retoolSchema } from "./retool-spec";

/** Something that differs from Retool's documents or chart on purpose. */
export interface Deviation {
  /** What it is about. */
  readonly subject: string;
  /** What the documents or the chart say. */
  readonly documented: string;
  /** What is done here. */
  readonly here: string;
  /** Why. */
  readonly reason: string;
}

/** A {@link RetoolSpec} with every default filled in. */
export interface RetoolPlan {
  /** Version of Retool. */
  readonly version: RetoolVersion;
  /** Exact version of the chart. */
  readonly chartVersion: string;
  /** Figures of the deployment. */
  readonly profile: Profile;
  /** Size of every service, whether it is installed or not. */
  readonly services: Readonly<Record<ServiceId, ServicePlan>>;
  /** Which optional parts are installed. */
  readonly features: Required<FeaturesSpec>;
  /** How users' code is kept apart. */
  readonly codeExecution: CodeExecution;
  /** What is sent to Retool. */
  readonly telemetry: "off" | "metrics";
  /** What orchestrates the app builder. */
  readonly appOrchestration: AppOrchestration;
  /** Whether audit events are copied to the pods' output. */
  readonly auditEventsToStdout: boolean;
  /** Seconds that database migrations may take. */
  readonly migrationTimeoutSeconds: number;
  /** Seconds that Helm waits for all pods: migrations, and the time pods take to start and to become ready. */
  readonly timeoutSeconds: number;
  /** What differs from the documents on purpose. */
  readonly deviations: readonly Deviation[];
}

const FEATURES_OFF: Required<FeaturesSpec> = { dbconnector: false, agents: false, multiplayer: false, mcp: false };

/** Services that a feature brings. */
const FEATURE_SERVICES: Partial<Record<ServiceId, keyof FeaturesSpec>> = {
  dbconnector: "dbconnector",
  agentWorker: "agents",
  agentEvalWorker: "agents",
  multiplayer: "multiplayer",
  mcp: "mcp",
};

const MIGRATION_MINUTES = { default: 30, min: 1, max: 600, unit: "minutes" };

/** Time that nodes take to appear, images to arrive and pods to become ready, beside the migrations; minutes. */
const STARTUP_MINUTES = 15;

/** First line in which PostgreSQL can orchestrate the app builder. */
const POSTGRES_ORCHESTRATION_FROM = "4.47";

/** Decides what the release installs. */
export function planRetool(
  given: RetoolSpec | undefined,
  context: EnvironmentContext,
  retoolVersion: string,
  root = "retool",
): Planned<RetoolPlan> {
  const { spec, shape } = checkedSpec<RetoolSpec>(retoolSchema, given, {}, root);
  const choice = { tag: retoolVersion, environment: context.name, edgeReason: spec.edgeReason };
  const version = planRetoolVersion(choice);
  const migration = spec.jobsRunner?.migrationTimeoutMinutes ?? MIGRATION_MINUTES.default;
  return {
    plan: resolve(spec, version.plan, migration),
    violations: [
      ...shape,
      ...version.violations,
      ...serviceProblems(spec, root),
      ...checkedInteger(`${root}.jobsRunner.migrationTimeoutMinutes`, migration, MIGRATION_MINUTES).violations,
      ...orchestrationViolations(spec.appOrchestration, version.plan, `${root}.appOrchestration`),
    ],
  };
}

function resolve(spec: RetoolSpec, version: RetoolVersion, migrationMinutes: number): RetoolPlan {
  const profile = spec.profile ?? "production";
  return {
    version,
    chartVersion: spec.chartVersion ?? versions.charts.retool.version,
    profile,
    services: planServices(spec, profile),
    features: { ...FEATURES_OFF, ...spec.features },
    codeExecution: spec.codeExecutor?.sandboxing ?? "seccomp",
    telemetry: spec.telemetry ?? "off",
    appOrchestration: spec.appOrchestration ?? defaultOrchestration(version),
    auditEventsToStdout: (spec.auditEvents ?? "stdout") === "stdout",
    migrationTimeoutSeconds: migrationMinutes * 60,
    timeoutSeconds: (migrationMinutes + STARTUP_MINUTES) * 60,
    deviations: deviationsOf(profile),
  };
}

function planServices(spec: RetoolSpec, profile: Profile): Record<ServiceId, ServicePlan> {
  const entries = SERVICE_IDS.map((id) => [id, planService(id, spec[id] ?? {}, profile)]);
  return Object.fromEntries(entries) as Record<ServiceId, ServicePlan>;
}

function defaultOrchestration(version: RetoolVersion): AppOrchestration {
  return isFromLine(version, POSTGRES_ORCHESTRATION_FROM) ? "postgres" : "temporal";
}

function serviceProblems(spec: RetoolSpec, root: string): Violation[] {
  return SERVICE_IDS.flatMap((id) => {
    const service: ServiceSpec | undefined = spec[id];
    if (service === undefined) return [];
    const path = `${root}.${id}`;
    return [...serviceViolations(id, service, spec.profile ?? "production", path), ...unusedService(id, spec, root)];
  });
}

function unusedService(id: ServiceId, { features }: RetoolSpec, root: string): Violation[] {
  const feature = FEATURE_SERVICES[id];
  if (feature === undefined || features?.[feature] === true) return [];
  return [
    {
      path: `${root}.${id}`,
      problem: `is sized, but ${root}.features.${feature} is off`,
      remedy: `set ${root}.features.${feature} to true, or remove it`,
    },
  ];
}

function orchestrationViolations(
  given: AppOrchestration | undefined,
  version: RetoolVersion,
  path: string,
): Violation[] {
  if (given !== "postgres" || isFromLine(version, POSTGRES_ORCHESTRATION_FROM)) return [];
  return [
    {
      path,
      problem: `"postgres" needs Retool ${POSTGRES_ORCHESTRATION_FROM} or later, and this is ${version.tag}`,
      remedy: 'use "temporal", or a newer version',
    },
  ];
}

function deviationsOf(profile: Profile): Deviation[] {
  const controller: Deviation = {
    subject: "CPU limit of the sandbox controller",
    documented: "a quarter of a core; 500m in the chart",
    here: "1 core",
    reason: "at 500m it needs 56 seconds to start, and is killed after 60 (tryretool/retool-helm pull request 362)",
  };
  const proxy: Deviation = {
    subject: "Pods of the sandbox proxy",
    documented: "one",
    here: "two",
    reason: "every editing session passes through it, and a single pod ends them all when its node is replaced",
  };
  return profile === "production" ? [controller, proxy] : [controller];
}

/** Services that are installed, with the size of each. */
export function installedServices(plan: RetoolPlan): readonly (ServicePlan & { readonly id: ServiceId })[] {
  return SERVICE_IDS.filter((id) => {
    const feature = FEATURE_SERVICES[id];
    return feature === undefined || plan.features[feature];
  }).map((id) => ({ id, ...plan.services[id] }));
}
