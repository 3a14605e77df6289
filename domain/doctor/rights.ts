import type { Fact } from "../common/fact";
import type { EnvironmentPlan } from "../environment/environment";
import type { SampleRequest, Simulation } from "../permissions/simulation";
import { unique } from "../permissions/unique";
import { type Fault, type Finding, good, judged, problem } from "./finding";

/** What IAM's simulator says about an action on a resource. */
export interface Decision {
  /** The action. */
  readonly action: string;
  /** ARN of the resource, or `*`. */
  readonly resource: string;
  /** Whether policies allow it, deny it, or are silent, which refuses it too. */
  readonly effect: "allowed" | "explicitDeny" | "implicitDeny";
  /** Whether the permissions boundary of the caller refuses it. */
  readonly isOutsideBoundary: boolean;
  /** Whether a service control policy of the organization refuses it. */
  readonly isRefusedByOrganization: boolean;
  /** Keys that policies ask for and that were not given. */
  readonly missingKeys: readonly string[];
}

/** A simulation, and what IAM decided. */
export interface Answer extends Simulation {
  /** The decisions. */
  readonly decisions: readonly Decision[];
}

/** What somebody may do. */
export interface Rights {
  /** ARN of the user or role. */
  readonly principal: string;
  /** What was simulated. */
  readonly answers: readonly Answer[];
}

/** The phases that a deployment may be. */
export type DeployPhase = "deploy" | "change";

/** Who refuses, the strongest first; `unclear` refuses nothing. */
const CAUSES = ["organization", "boundary", "denied", "silent", "unclear"] as const;

type Cause = (typeof CAUSES)[number];

const CHECK = "rights";
const LINK = "docs/guides/permissions.md";
const SHOWN = 10;
const WHAT: Readonly<Record<DeployPhase, string>> = { deploy: "a first deployment", change: "a change" };

/** Judges whether those who deploy may do everything that Terraform will ask of AWS. */
export function rightsFindings(plan: EnvironmentPlan, phase: DeployPhase, rights: Fact<Rights>): Finding[] {
  return judged(CHECK, rights, ({ principal, answers }) => {
    const causes = causesOf(answers);
    const found = CAUSES.flatMap((cause) => {
      const actions = unique([...causes].filter(([, one]) => one === cause).map(([action]) => action));
      return actions.length === 0 ? [] : [refusal(cause, actions, principal, plan, phase)];
    });
    if (found.length > 0) return found;
    const actions = unique(answers.flatMap(({ requests }) => requests.map(({ action }) => action)));
    return good(CHECK, `${principal} may do what ${WHAT[phase]} needs (${actions.length} actions simulated)`);
  });
}

/** Each action that is not allowed everywhere, with the strongest cause. */
function causesOf(answers: readonly Answer[]): Map<string, Cause> {
  const causes = new Map<string, Cause>();
  for (const { requests, decisions } of answers)
    for (const request of requests) {
      const cause = causeOf(request, decisions);
      if (cause === undefined) continue;
      const known = causes.get(request.action) ?? cause;
      causes.set(request.action, strongest([cause, known]) ?? cause);
    }
  return causes;
}

function strongest(causes: readonly Cause[]): Cause | undefined {
  return CAUSES.find((cause) => causes.includes(cause));
}

/** A sample is one of several names for the same kind: one that is allowed is enough. */
function causeOf({ action, resources, isExact }: SampleRequest, decisions: readonly Decision[]): Cause | undefined {
  const kinds = new Map<string, (Decision | undefined)[]>();
  for (const resource of resources) {
    const kind = isExact ? resource : kindOf(resource);
    const decision = decisions.find((one) => one.action === action && one.resource === resource);
    kinds.set(kind, [...(kinds.get(kind) ?? []), decision]);
  }
  const refused = [...kinds.values()].filter((kind) => !kind.some((decision) => decision?.effect === "allowed"));
  return strongest(refused.flat().map(refusedBy));
}

/** Service and type of an ARN. */
function kindOf(arn: string): string {
  const [, , service = "", , , ...rest] = arn.split(":");
  return `${service}:${rest.join(":").split(/[:/]/)[0] ?? ""}`;
}

function refusedBy(decision: Decision | undefined): Cause {
  if (decision === undefined) return "unclear";
  if (decision.isRefusedByOrganization) return "organization";
  if (decision.missingKeys.length > 0) return "unclear";
  if (decision.isOutsideBoundary) return "boundary";
  return decision.effect === "explicitDeny" ? "denied" : "silent";
}

function refusal(
  cause: Cause,
  actions: readonly string[],
  principal: string,
  { context }: EnvironmentPlan,
  phase: DeployPhase,
): Finding {
  const files = `npx cdktf-retool permissions ${context.name} --out policies`;
  const policies = `${context.prefix}-${phase}-*.json`;
  const listed = `what ${WHAT[phase]} needs: ${shown(actions)}`;
  const owner = principal.includes("/aws-reserved/sso.amazonaws.com/") ? "its permission set" : "it";
  const refused = (what: string, remedy: string): Finding => problem(CHECK, { what, remedy, ...AFTER });
  switch (cause) {
    case "organization":
      return refused(
        `a service control policy refuses ${principal} ${listed}`,
        "ask the people who keep the organization's service control policies to allow these actions in this account",
      );
    case "boundary":
      return refused(
        `the permissions boundary of ${principal} refuses ${listed}`,
        `allow these actions in that boundary; ${files} writes them to ${policies}`,
      );
    case "denied":
      return refused(
        `a Deny in a policy of ${principal} refuses ${listed}`,
        "take these actions out of the Deny, or deploy as another role",
      );
    case "silent":
      return refused(
        `no policy of ${principal} allows ${listed}`,
        `${files} writes the policies; attach those of ${policies} to ${owner}`,
      );
    case "unclear":
      return {
        check: CHECK,
        grade: "unknown",
        what: `the simulation does not show whether ${principal} may do ${listed}`,
        why: "its policies ask for what only a real request has, such as the address that it comes from",
        remedy: `${files} writes what is needed to ${policies}; compare its policies with that`,
        link: LINK,
      };
  }
}

const AFTER: Pick<Fault, "why" | "link"> = {
  why: "the deployment stops at the first request that is refused, with a part of the environment made",
  link: LINK,
};

/** The first actions, by service. */
function shown(actions: readonly string[]): string {
  const byService = new Map<string, string[]>();
  for (const action of actions.slice(0, SHOWN)) {
    const [service = "", name = ""] = action.split(":");
    byService.set(service, [...(byService.get(service) ?? []), name]);
  }
  const groups = [...byService].map(([service, names]) => `${service}: ${names.join(", ")}`);
  const more = actions.length - SHOWN;
  return [...groups, ...(more > 0 ? [`and ${more} more`] : [])].join("; ");
}
