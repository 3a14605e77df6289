import type { z } from "zod";

import { type Arrow, arrowsBetween } from "../catalog/calls";
import { checkedSpec, withShape } from "../common/checked-spec";
import { FEATURES, type OptionalPart, type RetoolComponent } from "../catalog/row";
import { installedComponents } from "../catalog/lookup";
import { databaseRules } from "./databases";
import { configuredRules } from "./configured";
import { type LevelCost, levelCosts, type NetworkSize } from "./costs";
import type { OwnRanges } from "./closed-ranges";
import { deployerRules } from "./deployer";
import type { EgressFeatures, EgressInput } from "./input";
import { leadsToListener, listenerRules } from "./listener-hosts";
import { mergeRules } from "./merge";
import { openRules } from "./open";
import { platformRules } from "./platform";
import { planResources } from "./resources";
import { retoolRules, telemetryRule } from "./retool-hosts";
import type { EgressRule, EgressSource } from "./rules";
import { type EgressLevel, type EgressMode, type EgressSpec, egressSchema, levelViolations } from "./spec";
import { type ClosedHost, PUBLIC_REGISTRIES, closedHosts, packageRegistry, registryRules } from "./package-registries";
import { temporalRules } from "./temporal";
import { bucketNotes } from "./buckets";
import { variableNotes } from "./variables";
import { closedNotes, egressNotes } from "./notes";
import type { EnvironmentContext } from "../common/context";
import type { Planned } from "../common/violation";

export type * from "./input";
export { type EgressLevel, type EgressMode, type EgressSpec, egressSchema } from "./spec";

/** An {@link EgressSpec} with every default filled in, and every connection that it allows. */
export interface EgressPlan {
  /** How far names are enforced. */
  readonly level: EgressLevel;
  /** Whether what is not allowed is refused, or only reported. */
  readonly mode: EgressMode;
  /** Whether Retool's addresses are passed as well as its names. */
  readonly retoolAddresses: boolean;
  /** Whether AWS refuses to change the firewall. */
  readonly changeProtection: boolean;
  /** Days that logs are kept. */
  readonly logRetentionDays: number;
  /** Components that are installed. */
  readonly components: readonly RetoolComponent[];
  /** Components that the load balancer reaches. */
  readonly frontDoor: readonly RetoolComponent[];
  /** Connections between components. */
  readonly arrows: readonly Arrow[];
  /** Connections that leave the pods of Retool, the nodes, or the machine that deploys. */
  readonly rules: readonly EgressRule[];
  /** Address of the mirror that apps get npm packages from; absent for the public registry, and where there is none. */
  readonly npmRegistry?: string;
  /** Mirror that code in workflows gets Python packages from, with its address where more than a host is named. */
  readonly pythonMirror?: { readonly url?: string };
  /** Hosts that Retool's documents or its chart name, and that nothing opens. */
  readonly closed: readonly ClosedHost[];
  /** What each level costs. */
  readonly costs: Readonly<Record<EgressLevel, LevelCost>>;
  /** Environment that owns the network, whose firewalls decide; absent where this one does, or where nobody here knows. */
  readonly owner?: { readonly name: string; readonly level: EgressLevel; readonly mode: EgressMode };
  /** Ranges of the environment itself, which no rule opens to everybody. */
  readonly ranges?: OwnRanges;
  /** Warnings: what works and still needs attention. */
  readonly notes: readonly string[];
}

/** Fills in defaults and lists every connection that Retool needs. */
export function planEgress(
  given: EgressSpec | undefined,
  context: EnvironmentContext,
  input: EgressInput,
): Planned<EgressPlan> {
  const { spec, shape } = checkedSpec(egressSchema, given, {}, "egress");
  const settings = resolve(spec, context);
  const components = installedComponents(partsOf(input));
  const resources = planResources(spec.resources, "egress.resources", input.ranges);
  const listed = mergeRules([
    ...databaseRules(input.databases),
    ...platformRules(components, platformChoice(context, input)),
    ...retoolRules(),
    ...temporalRules(input.temporal),
    ...configuredRules(input.configured),
    ...(input.features.telemetry && input.configured?.telemetry?.toRetool !== false ? [telemetryRule()] : []),
    ...registryRules("appPackages", spec.appPackages),
    ...registryRules("pythonPackages", spec.pythonPackages),
    ...resources.plan,
    ...listenerRules(input.listenerNames),
    ...deployerRules(context, input.interfaceEndpoints, input.deployer),
  ]);
  const rules = [...listed, ...(settings.level === "open" ? openRules() : [])].flatMap((rule) =>
    withSources(spec.runner ? fromRunner(rule) : rule, components),
  );
  const closed = closedHosts(rules, components);
  return {
    plan: {
      ...settings,
      npmRegistry: npmMirror(spec.appPackages),
      pythonMirror: pythonMirror(spec.pythonPackages),
      closed,
      ranges: input.ranges,
      components,
      frontDoor: frontDoorTargets(input.features),
      arrows: arrowsBetween(components),
      rules,
      costs: levelCosts(rules, input.network ?? USUAL_NETWORK),
      notes: [
        ...egressNotes(settings, input.temporal, rules),
        ...closedNotes(closed),
        ...inputNotes(input, { rules, resources: resources.plan }, context),
      ],
    },
    violations: withShape(shape, [
      ...resources.violations,
      ...levelViolations(spec, given, input.network?.natGateways !== 0),
    ]),
  };
}

/** Warnings that follow from other parts of the environment. */
function inputNotes(
  { configured: { named = [] } = {}, s3Buckets = [] }: EgressInput,
  { rules, resources }: { readonly rules: readonly EgressRule[]; readonly resources: readonly EgressRule[] },
  { region }: EnvironmentContext,
): string[] {
  const others = rules.filter((rule) => !leadsToListener(rule));
  return [...variableNotes(named, others), ...bucketNotes(resources, s3Buckets, region)];
}

type Settings = Pick<EgressPlan, "level" | "mode" | "retoolAddresses" | "changeProtection" | "logRetentionDays">;

/** Where the chart finds npm packages. */
function npmMirror(appPackages: string | undefined): string | undefined {
  const registry = appPackages === undefined ? undefined : packageRegistry("appPackages", appPackages);
  return registry?.url;
}

/** Where pip finds packages, unless in the public index; a host does not say where on it the index is. */
function pythonMirror(text: string | undefined): EgressPlan["pythonMirror"] {
  const registry = text === undefined ? undefined : packageRegistry("pythonPackages", text);
  if (registry === undefined || registry.hosts === PUBLIC_REGISTRIES.pythonPackages.closed) return undefined;
  return text?.includes("://") === true ? { url: registry.url } : {};
}

const USUAL_NETWORK: NetworkSize = { zones: 3, natGateways: 3 };

/** Nothing here depends on the list: an entry opens what it names, and weakens nothing else. */
function resolve(spec: z.output<typeof egressSchema>, { dataProtection }: EnvironmentContext): Settings {
  const { level, mode, retoolAddresses, logRetentionDays } = spec;
  const changeProtection = spec.changeProtection ?? dataProtection === "protected";
  return { level, mode, retoolAddresses, logRetentionDays, changeProtection };
}

function platformChoice(
  { region }: EnvironmentContext,
  { features, interfaceEndpoints = [], blobEndpoints, imageRegistries, ...input }: EgressInput,
): Parameters<typeof platformRules>[1] {
  const { externalSecrets = false, clusterLogs = false, auditBucket = false, existingKarpenter = false } = input;
  const { identity } = features;
  const callers = { identity, externalSecrets, clusterLogs, auditBucket, existingKarpenter };
  return { ...callers, region, interfaceEndpoints, blobEndpoints, imageRegistries };
}

function partsOf({ temporal, features }: EgressInput): OptionalPart[] {
  const switches: readonly (readonly [OptionalPart, boolean])[] = [
    ...FEATURES.map((feature) => [feature, features[feature]] as const),
    ["telemetry", features.telemetry],
    ["git-server", features.gitServer === true],
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

/** The machine that deploys stands in the VPC. */
function fromRunner(rule: EgressRule): EgressRule {
  return { ...rule, sources: rule.sources.map((source) => (source === "deployer" ? "runner" : source)) };
}

/** Keeps the sources that are installed; a rule without any goes. */
function withSources(rule: EgressRule, components: readonly RetoolComponent[]): EgressRule[] {
  const installed = new Set<EgressSource>(["nodes", "deployer", "runner", ...components]);
  const sources = rule.sources.filter((source) => installed.has(source));
  return sources.length > 0 ? [{ ...rule, sources }] : [];
}
