import semver from "semver";

import { checkedSpec, withShape } from "../common/checked-spec";
import type { EnvironmentContext } from "../common/context";
import type { JsonObject } from "../common/kubernetes";
import { type EnvironmentVariablesPlan, environmentVariablesViolations, planEnvironmentVariables } from "./variables";
import type { People } from "../catalog/row";
import { DOCUMENTS } from "../common/documents";
import { extraValuesViolations } from "./extra-values";
import { type ImagesPlan, imageViolations, planImages } from "./images";
import { type Deviation, deviationsOf, warningsOf } from "./notes";
import {
  type CertificateAuthoritiesPlan,
  type OutboundProxySpec,
  outboundViolations,
  planAuthorities,
} from "./outbound";
import { priorityViolations } from "./priority";
import {
  type Profile,
  SERVICE_IDS,
  type ServiceId,
  type ServicePlan,
  type ServiceSpec,
  featureOf,
  planService,
  serviceViolations,
} from "../catalog/services";
import {
  type AppOrchestration,
  type CodeExecution,
  type FeaturesSpec,
  MIGRATION_MINUTES,
  type RetoolSettings,
  type RetoolSpec,
  retoolSchema,
} from "./spec";
import { type UpgradeSnapshot, planSnapshots, upgradeRecordViolations } from "../upgrade/records";
import { type RetoolVersion, isFromLine, planRetoolVersion } from "../versions/retool";
import { POSTGRES_ORCHESTRATION_FROM } from "../versions/retool-releases";
import { planTelemetryTarget, type TelemetryTargetPlan, telemetryTargetViolations } from "./telemetry-target";
import { versions } from "../versions/pins";
import type { Planned, Violation } from "../common/violation";

export type * from "./spec";
export { retoolSchema } from "./spec";
export type { Deviation } from "./notes";

/** A {@link RetoolSpec} with every default filled in; every service has its size, whether it is installed or not. */
export interface RetoolPlan extends Readonly<Record<ServiceId, ServicePlan>>, EnvironmentVariablesPlan {
  /** Version of Retool. */
  readonly version: RetoolVersion;
  /** Exact version of the chart. */
  readonly chartVersion: string;
  /** Size of the migrations' runner, and the minutes that migrations may take. */
  readonly jobsRunner: ServicePlan & { readonly migrationTimeoutMinutes: number };
  /** Size of the code executor, and how users' code is kept apart. */
  readonly codeExecutor: ServicePlan & { readonly sandboxing: CodeExecution };
  /** Which optional parts are installed. */
  readonly features: Required<FeaturesSpec>;
  /** What is sent to Retool. */
  readonly telemetry: "off" | "metrics";
  /** Where logs and metrics go besides. */
  readonly telemetryTarget: TelemetryTargetPlan | undefined;
  /** What orchestrates the app builder. */
  readonly appOrchestration: AppOrchestration;
  /** Where audit events go besides the platform database. */
  readonly auditEvents: "database" | "stdout";
  /** Where images come from. */
  readonly images: ImagesPlan;
  /** Authorities that Retool trusts besides the public ones. */
  readonly certificateAuthorities: CertificateAuthoritiesPlan | undefined;
  /** Proxy for connections to the internet. */
  readonly outboundProxy: OutboundProxySpec | undefined;
  /** PriorityClass of the pods. */
  readonly priorityClassName: string | undefined;
  /** Snapshots of the database from before each upgrade, oldest first; the release waits for the last. */
  readonly snapshots: readonly UpgradeSnapshot[];
  /** Further values of the chart. */
  readonly extraValues: JsonObject;
  /** Seconds that Helm waits for all pods: migrations, and the time pods take to start and to become ready. */
  readonly timeoutSeconds: number;
  /** What differs from the documents on purpose. */
  readonly deviations: readonly Deviation[];
  /** Warnings: what works and still needs attention. */
  readonly warnings: readonly string[];
}

/** Time that nodes take to appear, images to arrive and pods to become ready, besides the migrations; minutes. */
const STARTUP_MINUTES = 15;

/** Oldest chart with the fixes that a sandbox needs to start, keep its session and reach its bucket without keys. */
const OLDEST_CHART = "6.11.21";

/** Decides what the release installs; without people, the number of pods is that of the profile. */
export function planRetool(
  given: RetoolSpec | undefined,
  context: EnvironmentContext,
  retoolVersion: string,
  people?: People,
): Planned<RetoolPlan> {
  const root = "retool";
  const { spec, shape } = checkedSpec(retoolSchema, given, {}, root);
  const choice = { tag: retoolVersion, environment: context.name, edgeReason: spec.edgeReason };
  const version = planRetoolVersion(choice);
  return {
    plan: resolve(spec, version.plan, context, people),
    violations: withShape(shape, [
      ...version.violations,
      ...chartViolations(spec.chartVersion, `${root}.chartVersion`),
      ...serviceProblems(spec, root),
      ...orchestrationViolations(spec.appOrchestration, version.plan, `${root}.appOrchestration`),
      ...environmentVariablesViolations(spec, root),
      ...outboundViolations(spec, root),
      ...priorityViolations(spec, root),
      ...telemetryTargetViolations(spec.telemetryTarget, `${root}.telemetryTarget`),
      ...imageViolations(spec.images ?? {}, version.plan, `${root}.images`),
      ...upgradeRecordViolations(
        spec.upgrades,
        { version: version.plan, appOrchestration: spec.appOrchestration },
        `${root}.upgrades`,
      ),
      ...extraValuesViolations(
        spec.extraValues,
        `${root}.extraValues`,
        spec.chartVersion ?? versions.charts.retool.version,
      ),
      ...annotationViolations(spec, `${root}.extraValues.backend.annotations`),
    ]),
  };
}

function resolve(
  spec: RetoolSettings,
  version: RetoolVersion,
  { prefix }: EnvironmentContext,
  people: People | undefined,
): RetoolPlan {
  const { profile, images = {}, extraValues } = spec;
  const migrationTimeoutMinutes = spec.jobsRunner?.migrationTimeoutMinutes ?? MIGRATION_MINUTES;
  return {
    version,
    chartVersion: spec.chartVersion ?? versions.charts.retool.version,
    ...planServices(spec, profile, { people, migrationTimeoutMinutes }),
    ...planSwitches(spec, version),
    ...planEnvironmentVariables(spec),
    images: planImages(images, version),
    certificateAuthorities: planAuthorities(spec.certificateAuthorities),
    outboundProxy: spec.outboundProxy,
    priorityClassName: spec.priorityClassName,
    snapshots: planSnapshots(spec.upgrades, prefix),
    extraValues,
    timeoutSeconds: (migrationTimeoutMinutes + STARTUP_MINUTES) * 60,
    deviations: deviationsOf(profile),
    warnings: warningsOf(spec),
  };
}

type Services = Pick<RetoolPlan, ServiceId>;

function planServices(
  spec: RetoolSettings,
  profile: Profile,
  { people, migrationTimeoutMinutes }: { readonly people?: People; readonly migrationTimeoutMinutes: number },
): Services {
  const entries = SERVICE_IDS.map((id) => [id, planService(id, spec[id] ?? {}, profile, people)]);
  const services = Object.fromEntries(entries) as Record<ServiceId, ServicePlan>;
  return {
    ...services,
    jobsRunner: { ...services.jobsRunner, migrationTimeoutMinutes },
    codeExecutor: { ...services.codeExecutor, sandboxing: spec.codeExecutor.sandboxing },
  };
}

type Switches = Pick<RetoolPlan, "features" | "telemetry" | "telemetryTarget" | "appOrchestration" | "auditEvents">;

function planSwitches(spec: RetoolSettings, version: RetoolVersion): Switches {
  return {
    features: spec.features,
    telemetry: spec.telemetry,
    telemetryTarget: planTelemetryTarget(spec.telemetryTarget),
    appOrchestration: spec.appOrchestration ?? defaultOrchestration(version),
    auditEvents: spec.auditEvents,
  };
}

/** Whether the telemetry container runs. */
export function runsTelemetry({
  telemetry,
  telemetryTarget,
}: Pick<RetoolPlan, "telemetry" | "telemetryTarget">): boolean {
  return telemetry !== "off" || telemetryTarget !== undefined;
}

function defaultOrchestration(version: RetoolVersion): AppOrchestration {
  return isFromLine(version, POSTGRES_ORCHESTRATION_FROM) ? "postgres" : "temporal";
}

/** Whether a chart may be used at all; which versions fit together is asked of such a one only. */
export function isUsableChart(chart: string): boolean {
  return semver.valid(chart) === chart && semver.gte(chart, OLDEST_CHART);
}

function chartViolations(chart: string | undefined, path: string): Violation[] {
  if (chart === undefined) return [];
  const tested = versions.charts.retool.version;
  if (semver.valid(chart) !== chart) {
    return [{ path, problem: `"${chart}" is not an exact version`, remedy: `use one such as "${tested}"` }];
  }
  if (semver.gte(chart, OLDEST_CHART)) return [];
  return [
    {
      path,
      problem: `${chart} is older than ${OLDEST_CHART}, and its sandboxes lose sessions or do not start`,
      remedy: `use ${OLDEST_CHART} or later, or remove it to use ${tested}`,
    },
  ];
}

function serviceProblems(spec: RetoolSettings, root: string): Violation[] {
  return SERVICE_IDS.flatMap((id) => {
    const service: ServiceSpec | undefined = spec[id];
    if (service === undefined) return [];
    const path = `${root}.${id}`;
    return [...serviceViolations(id, service, spec.profile, path), ...unusedService(id, spec, root)];
  });
}

function unusedService(id: ServiceId, { features }: RetoolSettings, root: string): Violation[] {
  const feature = featureOf(id);
  if (feature === undefined || features[feature]) return [];
  return [
    {
      path: `${root}.${id}`,
      problem: `has a size, but ${root}.features.${feature} is off`,
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
      document: DOCUMENTS.orchestration,
    },
  ];
}

/** The chart writes a second annotation at another depth into dbconnector, whose Deployment is then no YAML. */
function annotationViolations({ features, extraValues }: RetoolSettings, path: string): Violation[] {
  const { annotations } = (extraValues["backend"] ?? {}) as { readonly annotations?: JsonObject };
  const count = Object.keys(annotations ?? {}).length;
  if (!features.dbconnector || count < 2) return [];
  return [
    {
      path,
      problem: `the ${count} annotations break the chart's dbconnector, which supports only one`,
      remedy: "keep one, or set features.dbconnector to false",
    },
  ];
}

/** Services that are installed, with the size of each. */
export function installedServices(plan: RetoolPlan): readonly (ServicePlan & { readonly id: ServiceId })[] {
  return SERVICE_IDS.filter((id) => {
    const feature = featureOf(id);
    return feature === undefined || plan.features[feature];
  }).map((id) => ({ id, ...plan[id] }));
}
