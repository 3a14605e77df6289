import { relative } from "node:path";

import Table from "cli-table3";

import { differences, local } from "../config/local";
import { type UrlRow, urlTable } from "../domain/front-door/report";
import { planEnvironment } from "../domain/environment/environment";
import type { Difference } from "../domain/environment/spec";
import { paths, PROJECT } from "./paths";
import { awsOnly, countByService, isSynthesized, resourceAddresses } from "./synthesized";

/** What is synthesized, counted; absent where an earlier deployment was only taken down and nothing is. */
interface ResourceCounts {
  /** Number of resources by AWS service. */
  readonly services: Readonly<Record<string, number>>;
  /** AWS resources of prod. */
  readonly prodResources: number;
  /** AWS resources that were applied here. */
  readonly appliedResources: number;
  /** Resources of prod that were not applied here. */
  readonly notApplied: readonly string[];
}

/** What a run did, as data: printed as text or, with `--json`, as it is. */
export interface LocalReport extends Partial<ResourceCounts> {
  /** Settings in which local differs from prod, and why. */
  readonly differences: readonly Difference[];
  /** Addresses that browsers open, and what answers there. */
  readonly urls: readonly UrlRow[];
  /** Outputs of the stack; absent where an earlier deployment was only taken down. */
  readonly outputs?: Readonly<Record<string, unknown>>;
  /** Verdict of the plan right after the apply; absent where nothing was applied. */
  readonly secondPlan?: "no changes";
  /** Whether Helm releases and Kubernetes objects went into a cluster. */
  readonly deployed: boolean;
  /** Whether everything was taken down again. */
  readonly destroyed: boolean;
  /** Seconds from start to end. */
  readonly seconds: number;
}

/** What a run found out. */
export interface RunFacts {
  /** Outputs of the stack; absent where an earlier deployment was only taken down. */
  readonly outputs: Readonly<Record<string, unknown>> | undefined;
  /** Whether Helm releases and Kubernetes objects went into a cluster. */
  readonly deployed: boolean;
  /** Whether everything was taken down again. */
  readonly destroyed: boolean;
  /** Seconds from start to end. */
  readonly seconds: number;
}

/** Puts a report together from what was synthesized and what the run found out. */
export function makeReport({ outputs, ...facts }: RunFacts): LocalReport {
  return {
    ...(isSynthesized("prod") && isSynthesized("local") ? countResources() : {}),
    differences: differences.filter(({ path }) => path !== "workloads" || !facts.deployed),
    urls: urlTable(planEnvironment(local)),
    ...(outputs === undefined ? {} : { outputs, secondPlan: "no changes" as const }),
    ...facts,
  };
}

function countResources(): ResourceCounts {
  const prod = awsOnly(resourceAddresses("prod"));
  const applied = resourceAddresses("local");
  const known = new Set(applied);
  return {
    services: Object.fromEntries(countByService(applied)),
    prodResources: prod.length,
    appliedResources: awsOnly(applied).length,
    notApplied: prod.filter((address) => !known.has(address)),
  };
}

/** Formats a report for a terminal. */
export function formatReport(report: LocalReport): string {
  return [
    ...countLines(report),
    "Where local differs from prod:",
    ...report.differences.map(({ path, why }) => `  ${path}: ${why}`),
    "Where requests go:",
    urlLines(report.urls),
    ...applyLines(report),
    ...(report.destroyed ? ["Destroyed: nothing is left in state"] : []),
    ...clusterLines(report),
    `Total: ${String(report.seconds)} s`,
  ].join("\n");
}

function countLines({ services, prodResources, appliedResources, notApplied = [] }: LocalReport): string[] {
  if (services === undefined) return [];
  const table = new Table({ head: ["service", "resources"], style: { head: [], border: [] } });
  for (const [service, count] of Object.entries(services)) table.push([service, count]);
  return [
    table.toString(),
    `AWS resources: ${String(appliedResources)} here, ${String(prodResources)} in prod`,
    ...notApplied.map((address) => `  only in prod: ${address}`),
  ];
}

function clusterLines({ deployed, destroyed }: LocalReport): string[] {
  if (!deployed)
    return [
      "No Retool pod was started: this proves the AWS half. To look at Retool itself, use Retool's Docker Compose.",
    ];
  return destroyed ? [] : ["Releases and objects are in the cluster; whether pods start is up to its nodes."];
}

function urlLines(urls: readonly UrlRow[]): string {
  const table = new Table({ head: ["url", "target group", "port", "what answers"], style: { head: [], border: [] } });
  for (const { host, path, target, port, purpose } of urls)
    table.push([`https://${host}${path}`, target, port, purpose]);
  return table.toString();
}

function applyLines({ outputs, secondPlan, deployed }: LocalReport): string[] {
  if (outputs === undefined || secondPlan === undefined) return [];
  return [
    "Outputs:",
    ...Object.entries(outputs).map(([name, value]) => `  ${name}: ${formatValue(value)}`),
    "Diagram: docs/diagram.svg",
    ...(deployed ? [] : [`Helm values and manifests: ${relative(PROJECT, paths.rendered)}/`]),
    `Second plan: ${secondPlan}`,
  ];
}

function formatValue(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
