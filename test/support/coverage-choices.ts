import { CATALOG } from "../../domain/catalog/catalog";
import { servicesOfType, servicesThatNeed } from "../../domain/catalog/lookup";
import type { RetoolComponent } from "../../domain/catalog/row";
import { egressReport } from "../../domain/egress/report";
import { checkEnvironment, type EnvironmentPlan, planEnvironment } from "../../domain/environment/environment";
import type { EnvironmentSpec } from "../../domain/environment/spec";
import { planUpgrade } from "../../domain/upgrade/upgrade";
import type { UpgradePlan } from "../../domain/upgrade/plan";
import { NEWEST_EDGE_LINE, STABLE_LINES, supportWarnings } from "../../domain/versions/retool-releases";
import { parseRetoolVersion } from "../../domain/versions/retool";
import { type Claim, ruleOf, word } from "./coverage";
import { prod } from "./environments/prod";
import { TEMPORAL } from "./release-choices";

/** Paths of what is refused where production is changed. */
const refused = (change: Partial<EnvironmentSpec>): string[] =>
  checkEnvironment({ ...prod, ...change }).violations.map(({ path }) => path);
const isRefused = (path: string, change: Partial<EnvironmentSpec>): boolean => refused(change).includes(path);
const planned = (change: Partial<EnvironmentSpec>): EnvironmentPlan => planEnvironment({ ...prod, ...change });
const upgraded = (to: string): UpgradePlan =>
  planUpgrade({ from: "4.34.1-stable", to, appOrchestration: "temporal", migrationTimeoutMinutes: 30 }).plan;
const warned = (tag: string, today: string): boolean => supportWarnings(parseRetoolVersion(tag)!, today).length > 0;

const resource = (): readonly string[] =>
  planned({ egress: { resources: [{ to: "db.example.net", port: 5432 }] } }).egress.rules.find(({ destination }) =>
    JSON.stringify(destination).includes("db.example.net"),
  )?.sources ?? [];
const usersCode = (Object.keys(CATALOG) as RetoolComponent[]).filter((name) => CATALOG[name].runsUserCode === true);
const kinds = Object.values(TEMPORAL);
const local = kinds.find(({ kind, ...spec }) => kind === "local" && "database" in spec)!;
const onCassandra = kinds.find(({ kind, ...spec }) => kind === "local" && "cassandra" in spec)!;

const CONTAINERS: Readonly<Record<string, Claim>> = {
  D052: ({ plan, values }) => ({
    holds: [
      plan.egress.frontDoor.includes("api"),
      ["MAIN_BACKEND", "DB_CONNECTOR", "DB_SSH_CONNECTOR"].every((type) =>
        servicesOfType(type as never).includes("api"),
      ),
      !("SERVICE_TYPE" in values.env),
    ],
  }),
  D061: () => ({
    holds: [
      ...(["api", "workflow-worker", "workflow-backend"] as const).map((name) => resource().includes(name)),
      usersCode.every((name) => !resource().includes(name)),
      usersCode.every((name) => !servicesThatNeed("data-sources").includes(name)),
    ],
  }),
  D092: ({ values }) => ({
    holds: [
      CATALOG["js-executor"].serviceTypes === undefined,
      !JSON.stringify(values.rr.jsExecutor).includes("privileged"),
    ],
  }),
  D095: ({ values, patches }) => ({
    holds: [
      !JSON.stringify(values).includes('"privileged":true'),
      patches.every((patch) => !/securityContext|runtimeClass/.test(JSON.stringify(patch))),
    ],
    says: ["no container is privileged"],
  }),
  D102: () => ({
    holds: (["sandbox-controller", "sandbox-proxy"] as const).map((name) => CATALOG[name].serviceTypes === undefined),
  }),
  D103: ({ stack }) => ({
    holds: [
      stack.all("kubernetes_horizontal_pod_autoscaler_v2").length === 0,
      isRefused("retool.sandboxProxy.autoscaling", { retool: { sandboxProxy: { autoscaling: { maxReplicas: 5 } } } }),
      refused({ retool: { r2Worker: { autoscaling: { maxReplicas: 5 } } } }).length === 0,
    ],
  }),
  D113: ({ plan: { capacity } }) => ({
    holds: [capacity.podsAtPeak === capacity.builders + capacity.prewarmPoolSize],
  }),
  D148: ({ values, stack }) => ({ holds: [!/minio/i.test(JSON.stringify(values)), !/minio/i.test(stack.text())] }),
  D200: ({ plan }) => ({ holds: [plan.egress.frontDoor.includes("api"), resource().includes("api")] }),
};

const TEMPORAL_KINDS: Readonly<Record<string, Claim>> = {
  D040: (facts) => ({
    holds: [
      ruleOf(facts, "temporal/namespace").destination.kind === "subdomains",
      facts.stack
        .all("kubernetes_network_policy_v1")
        .some((policy) => JSON.stringify(policy).includes("7233") && JSON.stringify(policy).includes("0.0.0.0/0")),
    ],
  }),
  D042: () => ({
    holds: kinds.map((temporal) => {
      const rules = planned({ temporal }).egress.rules.filter(({ id }) => id.startsWith("temporal/"));
      return temporal.kind === "local" ? true : rules.length > 0;
    }),
  }),
  D151: () => ({
    holds: [
      isRefused("temporal.kind", { temporal: { kind: "none" } as never }),
      kinds.every((temporal) => refused({ temporal }).length === 0),
    ],
    says: [`${word(new Set(kinds.map(({ kind }) => kind)).size)} kinds`],
  }),
  D153: ({ plan }) => ({
    holds: [
      kinds
        .filter(({ kind }) => kind !== "retool-managed")
        .every((temporal) => planned({ temporal }).temporal.warnings.some((text) => text.includes("does not support"))),
      !plan.temporal.warnings.some((text) => text.includes("does not support")),
    ],
  }),
  D156: ({ plan }) => ({
    holds: [JSON.stringify(egressReport(plan.egress, plan.context)).includes("14 days")],
  }),
  D158: () => ({ holds: [isRefused("retoolVersion", { retoolVersion: "3.334.17-stable" })] }),
  D166: ({ plan }) => {
    const other = planned({ name: "sales", domain: "sales.example.com" });
    const restore = { kind: "snapshot", snapshot: "rds:retool-sales-2026-01-01" } as const;
    return {
      holds: [
        other.cluster.name !== plan.cluster.name,
        JSON.stringify(other.database) !== JSON.stringify(plan.database),
        isRefused("temporal.copyOf", { database: { generation: 2, restore } }),
      ],
    };
  },
  D168: () => ({
    holds: [
      isRefused("temporal.peakWorkflowsPerSecond", { temporal: { ...local, peakWorkflowsPerSecond: 11 } as never }),
      refused({ temporal: { ...onCassandra, peakWorkflowsPerSecond: 200 } as never }).length === 0,
    ],
  }),
  D215: () => ({
    holds: [CATALOG["workflow-worker"].serviceTypes?.join() === "WORKFLOW_TEMPORAL_WORKER"],
    says: ["WORKFLOW_TEMPORAL_WORKER"],
  }),
};

const VERSIONS: Readonly<Record<string, Claim>> = {
  D179: () => {
    const retoolVersion = `${NEWEST_EDGE_LINE}.0-edge`;
    return {
      holds: [
        isRefused("retoolVersion", { retoolVersion }),
        !isRefused("retoolVersion", { retoolVersion, retool: { edgeReason: "a beta feature" } }),
        !isRefused("retoolVersion", { retoolVersion, name: "staging" }),
      ],
    };
  },
  D180: () => ({ holds: [STABLE_LINES.length > 3, STABLE_LINES.every(({ released }) => released !== "")] }),
  D183: () => ({
    holds: [
      !warned("4.0.9-stable", "2026-10-11"),
      warned("4.0.9-stable", "2026-10-12"),
      warned("4.34.1-stable", "2026-11-24"),
    ],
    says: ["60 days"],
  }),
  D184: () => ({ holds: [!JSON.stringify(upgraded("4.34.9-stable").steps).includes("snapshot")] }),
  D187: () => ({ holds: [warned("4.92.0-edge", "2026-11-21")] }),
  D189: () => ({
    holds: [
      JSON.stringify(upgraded("4.86.0-stable").steps).includes("snapshot"),
      planned({
        retoolVersion: "4.86.0-stable",
        retool: { appOrchestration: "temporal", upgrades: [{ from: "4.34.1-stable", to: "4.86.0-stable" }] },
      }).retool.snapshots.length === 1,
    ],
  }),
  D194: () => ({
    holds: [JSON.stringify(upgraded("4.86.0-stable")).includes("kubectl logs -f deployment/retool-jobs-runner")],
  }),
  D197: () => ({ holds: [(upgraded("4.86.0-stable").steps.at(-1)?.what ?? "").includes("hard reload")] }),
};

/** Claims that only another configuration, another version or the tables of the package show. */
export const CHOICES: Readonly<Record<string, Claim>> = { ...CONTAINERS, ...TEMPORAL_KINDS, ...VERSIONS };
