import { z } from "zod";

import { type Arrow, TEMPORAL_CLIENTS, arrowsBetween } from "./arrows";
import { type OptionalPart, type RetoolComponent, installedComponents } from "./egress-components";
import {
  type EgressRule,
  type EgressSource,
  type TemporalEgress,
  openRules,
  platformRules,
  retoolRules,
  telemetryRule,
  temporalRules,
} from "./egress-rules";
import type { EnvironmentContext } from "./environment-context";
import type { Planned } from "./violation";

/** How far names are enforced on what leaves the environment. */
export type EgressLevel = "open";

/** What a team decides about traffic that leaves Retool. */
export interface EgressSpec {
  /**
   * How far names are enforced: `open` limits who may leave and on which port, not to which names.
   *
   * @default "open"
   */
  readonly level?: EgressLevel;

  /**
   * Which containers may reach Temporal: all seven into which the chart writes its address, or only the two that Retool's
   * documents name (`api` and `workflow-worker`).
   *
   * The documents' two are not enough: jobs-runner, workflow-backend and the agent workers fail without it.
   *
   * @default "wired"
   */
  readonly temporalContainers?: "wired" | "documented";
}

/** What decides which rules there are, from other parts of the environment. */
export interface EgressInput {
  /** Where Temporal runs. */
  readonly temporal: TemporalEgress;
  /** Which parts of Retool are installed. */
  readonly features: EgressFeatures;
  /**
   * Port of the PostgreSQL database.
   *
   * @default 5432
   */
  readonly databasePort?: number;
}

/** Parts of Retool that are installed only where asked for, and how two others are reached. */
export interface EgressFeatures {
  /** Whether queries run in pods of their own. */
  readonly dbconnector: boolean;
  /** Whether agents run. */
  readonly agents: boolean;
  /** Whether several people edit an app at once. */
  readonly multiplayer: boolean;
  /** Whether MCP clients can connect. */
  readonly mcp: boolean;
  /** Whether metrics are collected for Retool. */
  readonly telemetry: boolean;
  /** Whether the Git server runs in pods of its own. */
  readonly gitServer: boolean;
  /** Whether pods get AWS credentials from the Pod Identity agent. */
  readonly podIdentity: boolean;
  /** Whether browsers reach the sandbox proxy under a host name of its own. */
  readonly sandboxProxyHost: boolean;
}

/** An {@link EgressSpec} with every default filled in, and every connection that it allows. */
export interface EgressPlan extends Required<EgressSpec> {
  /** Components that are installed. */
  readonly components: readonly RetoolComponent[];
  /** Components that the load balancer reaches. */
  readonly frontDoor: readonly RetoolComponent[];
  /** Connections between components. */
  readonly arrows: readonly Arrow[];
  /** Connections that leave the pods of Retool. */
  readonly rules: readonly EgressRule[];
}

/** Shape of an {@link EgressSpec}. */
export const egressSchema = z.strictObject({
  level: z.enum(["open"]).optional(),
  temporalContainers: z.enum(["wired", "documented"]).optional(),
});

/** Fills in defaults and lists every connection that Retool needs. */
export function planEgress(
  spec: EgressSpec | undefined,
  context: EnvironmentContext,
  { temporal, features, databasePort = 5432 }: EgressInput,
): Planned<EgressPlan> {
  const temporalContainers = spec?.temporalContainers ?? "wired";
  const components = installedComponents(partsOf(temporal, features));
  const clients = temporalContainers === "wired" ? TEMPORAL_CLIENTS : DOCUMENTED_TEMPORAL_CLIENTS;
  const rules = [
    ...platformRules(components, { podIdentity: features.podIdentity, region: context.region, databasePort }),
    ...retoolRules(),
    ...temporalRules(temporal, clients),
    ...(features.telemetry ? [telemetryRule()] : []),
    ...openRules(),
  ];
  const plan: EgressPlan = {
    level: spec?.level ?? "open",
    temporalContainers,
    components,
    frontDoor: frontDoorTargets(features),
    arrows: arrowsBetween(components).filter(
      ({ from, to }) => to !== "temporal-frontend" || reachesTemporal(from, clients),
    ),
    rules: rules.flatMap((rule) => withSources(rule, components)),
  };
  return { plan, violations: [] };
}

/** Containers that Retool's documents name for Temporal's egress. */
const DOCUMENTED_TEMPORAL_CLIENTS: readonly RetoolComponent[] = ["api", "workflow-worker"];

function reachesTemporal(component: RetoolComponent, clients: readonly RetoolComponent[]): boolean {
  return component.startsWith("temporal-") || clients.includes(component);
}

function partsOf(temporal: TemporalEgress, features: EgressFeatures): OptionalPart[] {
  const switches: readonly (readonly [OptionalPart, boolean])[] = [
    ["dbconnector", features.dbconnector],
    ["agents", features.agents],
    ["multiplayer", features.multiplayer],
    ["mcp", features.mcp],
    ["telemetry", features.telemetry],
    ["git-server", features.gitServer],
    ["temporal", temporal.kind === "local"],
  ];
  return switches.filter(([, isOn]) => isOn).map(([part]) => part);
}

function frontDoorTargets({ sandboxProxyHost, multiplayer }: EgressFeatures): RetoolComponent[] {
  return [
    "api",
    ...(sandboxProxyHost ? (["sandbox-proxy"] as const) : []),
    ...(multiplayer ? (["multiplayer"] as const) : []),
  ];
}

/** Keeps the sources that are installed; a rule without any goes. */
function withSources(rule: EgressRule, components: readonly RetoolComponent[]): EgressRule[] {
  const installed = new Set<EgressSource>(["nodes", ...components]);
  const sources = rule.sources.filter((source) => installed.has(source));
  return sources.length > 0 ? [{ ...rule, sources }] : [];
}
