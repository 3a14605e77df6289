import { z } from "zod";

import { checkedSpec } from "../common/checked-spec";
import type { EnvironmentContext } from "../common/context";
import { DOCUMENTS } from "../common/documents";
import { type CloudTemporalSpec, cloudShape, planCloud } from "./cloud";
import { type LocalTemporalSpec, localShape, planLocal } from "./local";
import type { TemporalKindPlan, TemporalPlan, TemporalQueueSpec } from "./plan";
import { managedPrivateLinkViolations } from "./private-link";
import { type SelfHostedTemporalSpec, planSelfHosted, selfHostedShape } from "./self-hosted";
import type { Planned, Violation } from "../common/violation";

export type * from "./plan";

/** A namespace that Retool runs on Temporal Cloud; an administrator enrols in Retool's own pages after the deployment. */
export interface ManagedTemporalSpec extends TemporalQueueSpec {
  /** A namespace that Retool runs. */
  readonly kind: "retool-managed";
  /**
   * Id of the organization at Retool, known after enrollment; it narrows what may leave to one host.
   *
   * @default - any namespace of Temporal Cloud may be reached
   */
  readonly organizationId?: string;
}

/** Where the Temporal cluster that runs workflows lives: exactly one of four. */
export type TemporalSpec = ManagedTemporalSpec | CloudTemporalSpec | SelfHostedTemporalSpec | LocalTemporalSpec;

/** Shape of the fields that every kind has. */
const queueShape = { copyOf: z.string().optional(), taskQueue: z.string().optional() };

/** Shape of a {@link TemporalSpec}. */
export const temporalSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("retool-managed"), organizationId: z.string().optional(), ...queueShape }),
  z.strictObject({ ...cloudShape, ...queueShape }),
  z.strictObject({ ...selfHostedShape, ...queueShape }),
  z.strictObject({ ...localShape, ...queueShape }),
]);

const MANAGED: TemporalSpec = { kind: "retool-managed" };

/** Queue that Retool's workers poll unless they are told otherwise. */
export const DEFAULT_QUEUE = "workflows";

/** Value of `copyOf` that says that the original of restored data no longer runs. */
const NO_COPY = "none";

/** Decides how Retool reaches Temporal. */
export function planTemporal(given: TemporalSpec | undefined, context: EnvironmentContext): Planned<TemporalPlan> {
  const { spec, shape } = checkedSpec(temporalSchema, given, MANAGED, "temporal");
  const { plan, violations } = planKind(spec, context);
  const copyOf = spec.copyOf === NO_COPY ? undefined : spec.copyOf;
  const queue = planQueue({ copyOf, taskQueue: spec.taskQueue }, context);
  return {
    plan: { ...plan, copyOf, taskQueue: queue.plan },
    violations: [...shapeOf(given, shape), ...violations, ...queue.violations],
  };
}

/** What is wrong with the shape; where the reason is known, it stands in place of "not a known setting". */
function shapeOf(given: TemporalSpec | undefined, shape: readonly Violation[]): Violation[] {
  const ofManaged = given?.kind === "retool-managed" ? managedPrivateLinkViolations(given) : [];
  const known = [...ofManaged, ...apiKeyViolations(given)];
  return [...known, ...shape.filter(({ path }) => !known.some((violation) => violation.path === path))];
}

/** Temporal Cloud knows keys, and neither Retool's documents nor its chart do. */
function apiKeyViolations(given: TemporalSpec | null | undefined): Violation[] {
  if (typeof given !== "object" || given === null) return [];
  const remedies: Partial<Record<TemporalSpec["kind"], string>> = {
    "temporal-cloud": "remove it, and use clientCertificate and privateKeySecret",
    "self-hosted": "remove it, and use tls: { clientCertificate, privateKeySecret }",
  };
  return ["apiKey", "apiKeySecret"]
    .filter((name) => Object.hasOwn(given, name))
    .map((name) => ({
      path: `temporal.${name}`,
      problem: "Retool's client logs in to Temporal by certificate only",
      remedy: remedies[given.kind] ?? "remove it",
    }));
}

/** A plan in which nothing is needed. */
const NOTHING_NEEDED: Omit<TemporalKindPlan, "kind"> = {
  organizationId: undefined,
  frontend: undefined,
  cluster: undefined,
  privateLink: undefined,
  secrets: [],
  steps: [],
  warnings: [],
};

function planKind(spec: z.output<typeof temporalSchema>, context: EnvironmentContext): Planned<TemporalKindPlan> {
  switch (spec.kind) {
    case "retool-managed":
      return planManaged(spec, context);
    case "temporal-cloud":
      return completed(spec.kind, planCloud(spec, context));
    case "self-hosted":
      return completed(spec.kind, planSelfHosted(spec, context));
    case "local":
      return completed(spec.kind, planLocal(spec));
  }
}

function completed(
  kind: TemporalSpec["kind"],
  { plan, violations }: Planned<Partial<TemporalKindPlan>>,
): Planned<TemporalKindPlan> {
  return { plan: { ...NOTHING_NEEDED, ...plan, kind }, violations };
}

/**
 * Retool-managed Temporal needs no setting of the chart: Retool stores what it learns at enrolment in its database.
 *
 * Source: https://docs.retool.com/self-hosted/self-managed/concepts/temporal
 */
function planManaged(
  { kind, organizationId }: ManagedTemporalSpec,
  { domain }: EnvironmentContext,
): Planned<TemporalKindPlan> {
  const steps = [
    `Sign in to https://${domain} as an administrator, open Retool Workflows and click Enroll now: Retool creates a namespace on ` +
      "Temporal Cloud, which takes a few minutes.",
    "Return to Retool Workflows and click Complete setup. Retool then rotates its certificates automatically.",
  ];
  return {
    plan: {
      ...NOTHING_NEEDED,
      kind,
      organizationId: organizationId?.replace(/^org-/i, ""),
      steps,
      warnings: [ENTERPRISE_ONLY],
    },
    violations: organizationViolations(organizationId),
  };
}

const ENTERPRISE_ONLY =
  "Retool-managed Temporal needs Retool's Enterprise plan; without it set temporal to your own (docs/guides/egress.md#temporal).";

function organizationViolations(organizationId: string | undefined): Violation[] {
  if (organizationId === undefined || /^(org-)?[a-z0-9]([a-z0-9-]{0,56}[a-z0-9])?$/i.test(organizationId)) return [];
  return [
    {
      path: "temporal.organizationId",
      problem: `"${organizationId}" is not the id of an organization`,
      remedy: "use the part before .atdwz.tmprl.cloud of the namespace that Retool shows after enrollment",
    },
  ];
}

function planQueue(
  { copyOf, taskQueue }: TemporalQueueSpec,
  { name }: EnvironmentContext,
): Planned<string | undefined> {
  const plan = taskQueue ?? (copyOf === undefined ? undefined : `${DEFAULT_QUEUE}-${name}`);
  return { plan, violations: [...queueViolations({ copyOf, taskQueue }), ...copyViolations(copyOf, name)] };
}

function queueViolations({ copyOf, taskQueue }: TemporalQueueSpec): Violation[] {
  const path = "temporal.taskQueue";
  if (taskQueue === undefined) return [];
  if (!/^[A-Za-z0-9][A-Za-z0-9-]{0,62}$/.test(taskQueue)) {
    return [{ path, problem: `"${taskQueue}" is not the name of a queue`, remedy: "use letters, digits and hyphens" }];
  }
  if (RESERVED_QUEUES.includes(taskQueue)) {
    return [
      { path, problem: `"${taskQueue}" is the queue of Retool's agents`, remedy: "use another name, or remove it" },
    ];
  }
  if (copyOf === undefined || taskQueue !== DEFAULT_QUEUE) return [];
  return [
    {
      path,
      problem: `"${taskQueue}" is the queue of ${copyOf}, so this copy would run its workflows`,
      remedy: "remove it, or use a name that no other environment has",
    },
  ];
}

/** Queues that the chart gives to the workers of agents. */
const RESERVED_QUEUES = ["agent", "agent-eval", "r2-agent"];

function copyViolations(copyOf: string | undefined, name: string): Violation[] {
  if (copyOf !== name) return [];
  return [
    {
      path: "temporal.copyOf",
      problem: `"${name}" is this environment`,
      remedy: "name the original, or remove it",
    },
  ];
}

/** Parts of a Retool that reach Temporal through queues the chart names. */
export interface TemporalUse {
  /** Whether Retool Agents run. */
  readonly agents: boolean;
  /** What orchestrates the app builder. */
  readonly appOrchestration: "postgres" | "temporal";
  /** First line that can have another orchestration, where this version is older; undefined where it has both. */
  readonly postgresFrom: string | undefined;
}

/**
 * Finds what a copy of another environment's data would take from the original.
 *
 * Workflows have a queue that can be named; the queues of agents and of the app builder are fixed.
 */
export function temporalUseViolations(plan: TemporalPlan, use: TemporalUse): Violation[] {
  if (plan.copyOf === undefined || plan.kind === "local") return [];
  const shared = [
    { isOn: use.agents, path: "retool.features.agents", what: "agents", remedy: "switch agents off" },
    {
      isOn: use.appOrchestration === "temporal",
      path: "retool.appOrchestration",
      what: "the app builder",
      remedy:
        use.postgresFrom === undefined
          ? 'use "postgres"'
          : `run Retool ${use.postgresFrom} or later and use "postgres"`,
    },
  ];
  return shared
    .filter(({ isOn }) => isOn)
    .map(({ path, what, remedy }) => ({
      path,
      problem: `${what} of this copy would take the tasks of ${plan.copyOf ?? ""}, because their queues cannot be renamed`,
      remedy: `${remedy} until the copy has its own Temporal (temporal.kind "local" makes one), then set temporal.copyOf to "${NO_COPY}"`,
      document: DOCUMENTS.staging,
    }));
}
