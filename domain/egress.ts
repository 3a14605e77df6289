import { z } from "zod";

import { type Arrow, TEMPORAL_CLIENTS, arrowsBetween } from "./arrows";
import { checkedSpec } from "./checked-spec";
import { type OptionalPart, type RetoolComponent, installedComponents } from "./egress-components";
import { type DatabaseServers, databaseRules } from "./egress-databases";
import { mergeRules } from "./egress-merge";
import { openRules } from "./egress-open";
import { platformRules } from "./egress-platform";
import { type EgressResource, egressResourceSchema, planResources } from "./egress-resources";
import { pythonIndexRule, retoolRules, telemetryRule, temporalRules } from "./egress-retool";
import type { EgressRule, EgressSource, TemporalEgress } from "./egress-rules";
import type { EnvironmentContext } from "./environment-context";
import type { Planned } from "./violation";

/**
 * How far names are enforced on what leaves the environment: not at all, where they are resolved, or on the wire.
 *
 * At every level policies limit who may leave and on which port.
 */
export type EgressLevel = "open" | "dns" | "firewall";

/** What a team decides about traffic that leaves Retool. */
export interface EgressSpec {
  /**
   * How far names are enforced: `open` limits who may leave and on which port, not to which names.
   *
   * @default "open"
   */
  readonly level?: "open";

  /**
   * Which containers may reach Temporal: all seven into which the chart writes its address, or only the two that Retool's
   * documents name (`api` and `workflow-worker`).
   *
   * The documents' two are not enough: jobs-runner, workflow-backend and the agent workers fail without it.
   *
   * @default "wired"
   */
  readonly temporalContainers?: "wired" | "documented";

  /**
   * Whether code in workflows may reach the Python package index of Retool's list. To install packages it needs the host
   * they are downloaded from as well, a resource of purpose `packages`.
   *
   * @default false
   */
  readonly pythonIndex?: boolean;

  /**
   * What else Retool may reach: data sources, Git hosts, identity and model providers, registries of packages and images.
   *
   * @default []
   */
  readonly resources?: readonly EgressResource[];
}

/** An {@link EgressSpec} at any level. */
export type LeveledEgressSpec = Omit<EgressSpec, "level"> & { readonly level?: EgressLevel };

/** What decides which rules there are, from other parts of the environment. */
export interface EgressInput {
  /** Where Temporal runs. */
  readonly temporal: TemporalEgress;
  /** Which parts of Retool are installed. */
  readonly features: EgressFeatures;
  /**
   * The PostgreSQL servers.
   *
   * @default - the platform database in the environment's database subnets, on port 5432
   */
  readonly databases?: DatabaseServers;
  /**
   * AWS services with an endpoint in the VPC, by the short names of their endpoint services (`sts`).
   *
   * @default []
   */
  readonly interfaceEndpoints?: readonly string[];
  /**
   * Registry that holds copies of all images of Retool.
   *
   * @default - Docker Hub, and GitHub's registry for the device plugin
   */
  readonly imageRegistry?: string;
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
export interface EgressPlan {
  /** How far names are enforced. */
  readonly level: EgressLevel;
  /** Which containers may reach Temporal. */
  readonly temporalContainers: "wired" | "documented";
  /** Components that are installed. */
  readonly components: readonly RetoolComponent[];
  /** Components that the load balancer reaches. */
  readonly frontDoor: readonly RetoolComponent[];
  /** Connections between components. */
  readonly arrows: readonly Arrow[];
  /** Connections that leave the pods of Retool, the nodes, or the machine that deploys. */
  readonly rules: readonly EgressRule[];
  /** What works and is still worth knowing. */
  readonly notes: readonly string[];
}

/** Shape of an {@link EgressSpec}. */
export const egressSchema = z.strictObject({
  level: z.enum(["open"]).optional(),
  temporalContainers: z.enum(["wired", "documented"]).optional(),
  pythonIndex: z.boolean().optional(),
  resources: z.array(egressResourceSchema).readonly().optional(),
});

/** Fills in defaults and lists every connection that Retool needs. */
export function planEgress(
  given: EgressSpec | undefined,
  context: EnvironmentContext,
  input: EgressInput,
): Planned<EgressPlan> {
  const { spec, shape } = checkedSpec(egressSchema, given, {}, "egress");
  const { plan, violations } = planEgressAtLevel(spec, context, input);
  return { plan, violations: [...shape, ...violations] };
}

/** Plans at any level what has the right shape. */
export function planEgressAtLevel(
  spec: LeveledEgressSpec,
  context: EnvironmentContext,
  input: EgressInput,
): Planned<EgressPlan> {
  const { level = "open", temporalContainers = "wired" } = spec;
  const components = installedComponents(partsOf(input));
  const clients = temporalContainers === "wired" ? TEMPORAL_CLIENTS : DOCUMENTED_TEMPORAL_CLIENTS;
  const resources = planResources(spec.resources ?? [], "egress.resources");
  const listed = mergeRules([
    ...databaseRules(input.databases),
    ...platformRules(components, platformChoice(context, input)),
    ...retoolRules(),
    ...temporalRules(input.temporal, clients),
    ...(input.features.telemetry ? [telemetryRule()] : []),
    ...(spec.pythonIndex === true ? [pythonIndexRule()] : []),
    ...resources.plan,
  ]);
  const rules = [...listed, ...(level === "open" ? openRules() : [])].flatMap((rule) => withSources(rule, components));
  return {
    plan: {
      level,
      temporalContainers,
      components,
      frontDoor: frontDoorTargets(input.features),
      arrows: arrowsBetween(components).filter((arrow) => isOpen(arrow, clients)),
      rules,
      notes: notesOn(spec, input.temporal, rules),
    },
    violations: resources.violations,
  };
}

/** Containers that Retool's documents name for Temporal's egress. */
const DOCUMENTED_TEMPORAL_CLIENTS: readonly RetoolComponent[] = ["api", "workflow-worker"];

function isOpen({ from, to }: Arrow, clients: readonly RetoolComponent[]): boolean {
  return to !== "temporal-frontend" || from.startsWith("temporal-") || clients.includes(from);
}

function platformChoice(
  { region, domain }: EnvironmentContext,
  { features, interfaceEndpoints = [], imageRegistry }: EgressInput,
): Parameters<typeof platformRules>[1] {
  return { podIdentity: features.podIdentity, region, domain, interfaceEndpoints, imageRegistry };
}

function partsOf({ temporal, features }: EgressInput): OptionalPart[] {
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
  const targets: readonly (readonly [RetoolComponent, boolean])[] = [
    ["api", true],
    ["sandbox-proxy", sandboxProxyHost],
    ["multiplayer", multiplayer],
  ];
  return targets.filter(([, isOn]) => isOn).map(([component]) => component);
}

/** Keeps the sources that are installed; a rule without any goes. */
function withSources(rule: EgressRule, components: readonly RetoolComponent[]): EgressRule[] {
  const installed = new Set<EgressSource>(["nodes", "deployer", ...components]);
  const sources = rule.sources.filter((source) => installed.has(source));
  return sources.length > 0 ? [{ ...rule, sources }] : [];
}

function notesOn(
  { level = "open", temporalContainers, pythonIndex = false }: LeveledEgressSpec,
  temporal: TemporalEgress,
  rules: readonly EgressRule[],
): string[] {
  const notes: readonly (readonly [boolean, string])[] = [
    [level === "open", "Names are not enforced: whoever may leave on a port may call any name there."],
    [
      temporal.kind === "retool-managed" && temporal.organizationId === undefined,
      "Any namespace of Temporal Cloud may be called: after enrolment set temporal.organizationId to allow one host alone.",
    ],
    [
      temporalContainers !== "documented",
      "Seven containers may reach Temporal, as the chart gives all of them its address; Retool's documents name two.",
    ],
    [
      pythonIndex,
      "Installing Python packages also needs the host they are downloaded from, which Retool's list lacks.",
    ],
    ...rules
      .filter(({ id, route }) => id.startsWith("resource/") && route === "private")
      .map(({ id }): [boolean, string] => [
        level === "firewall",
        `${id.replace("resource/", "")} names no host on the wire: it is reached inside private networks only, unless ` +
          "its addresses are listed.",
      ]),
  ];
  return notes.filter(([applies]) => applies).map(([, note]) => note);
}
