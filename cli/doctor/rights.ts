import type { Fact } from "../../domain/common/fact";
import type { Identity } from "../../domain/doctor/credentials";
import type { Answer, Decision, DeployPhase, Rights } from "../../domain/doctor/rights";
import type { EnvironmentPlan } from "../../domain/environment/environment";
import { permissionsOf } from "../../domain/permissions/permissions";
import { type Simulation, simulationsOf } from "../../domain/permissions/simulation";
import type { StackUse } from "../../domain/permissions/stack";
import { type AskAws, mapped } from "../ask-aws";
import { Failure } from "../failure";
import { synthesizedUse } from "../permissions";

/** The parts of an answer of IAM's simulator that are looked at. */
interface Evaluation {
  readonly EvalActionName: string;
  readonly EvalResourceName?: string;
  readonly EvalDecision: Decision["effect"];
  readonly MissingContextValues?: readonly string[];
  readonly OrganizationsDecisionDetail?: { readonly AllowedByOrganizations?: boolean };
  readonly PermissionsBoundaryDecisionDetail?: { readonly AllowedByPermissionsBoundary?: boolean };
  readonly ResourceSpecificResults?: readonly {
    readonly EvalResourceName: string;
    readonly EvalResourceDecision: Decision["effect"];
    readonly MissingContextValues?: readonly string[];
    readonly PermissionsBoundaryDecisionDetail?: { readonly AllowedByPermissionsBoundary?: boolean };
  }[];
}

/** What the stacks of an environment need rights for, where they are synthesized. */
export function useOf(plan: EnvironmentPlan, project: string): Fact<StackUse> {
  try {
    return { known: synthesizedUse(plan, project) };
  } catch (error) {
    if (error instanceof Failure) return { unknown: error.message };
    throw error;
  }
}

/**
 * What those who deploy may do, as IAM simulates it: the role that Terraform assumes, else the caller.
 *
 * Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
 */
export async function rightsOf(
  ask: AskAws,
  plan: EnvironmentPlan,
  phase: DeployPhase,
  { use, identity }: { readonly use: Fact<StackUse>; readonly identity: Identity },
): Promise<Fact<Rights>> {
  if ("unknown" in use) return use;
  const principal = await principalOf(ask, plan.deployRoleArn ?? identity.arn);
  if ("unknown" in principal) return principal;
  const simulations = simulationsOf(plan, permissionsOf(plan, use.known, phase));
  const answers: Answer[] = [];
  const asked = simulations.map((one) => answerOf(ask, principal.known, one));
  for (const answer of await Promise.all(asked)) {
    if ("unknown" in answer) return answer;
    answers.push(answer.known);
  }
  return { known: { principal: principal.known, answers } };
}

/** The user or role behind a caller; the ARN of a session does not show the path of its role. */
async function principalOf(ask: AskAws, arn: string): Promise<Fact<string>> {
  const role = /^arn:[a-z-]+:sts::\d+:assumed-role\/([^/]+)\//.exec(arn)?.[1];
  if (role !== undefined)
    return mapped(
      await ask<{ Role: { Arn: string } }>(["iam", "get-role", "--role-name", role]),
      ({ Role }) => Role.Arn,
    );
  if (/^arn:[a-z-]+:iam::\d+:(user|role)\//.test(arn)) return { known: arn };
  return { unknown: `IAM simulates users and roles only, and ${arn} is neither` };
}

/** IAM refuses to simulate some actions together; then each half is asked for. What it refuses by itself stays undecided. */
async function answerOf(ask: AskAws, principal: string, simulation: Simulation): Promise<Fact<Answer>> {
  const { requests, context } = simulation;
  const answer = await ask<{ EvaluationResults: readonly Evaluation[] }>([
    ...["iam", "simulate-principal-policy", "--policy-source-arn", principal],
    ...["--action-names", ...new Set(requests.map(({ action }) => action))],
    ...["--resource-arns", ...new Set(requests.flatMap(({ resources }) => resources))],
    ...["--context-entries", JSON.stringify(Object.entries(context).map(entryOf))],
  ]);
  if ("known" in answer)
    return { known: { ...simulation, decisions: answer.known.EvaluationResults.flatMap(decisionsOf) } };
  if (!answer.unknown.includes("InvalidInput")) return answer;
  if (requests.length === 1) return { known: { ...simulation, decisions: [] } };
  const middle = Math.ceil(requests.length / 2);
  const [first, second] = await Promise.all([
    answerOf(ask, principal, { context, requests: requests.slice(0, middle) }),
    answerOf(ask, principal, { context, requests: requests.slice(middle) }),
  ]);
  if ("unknown" in first) return first;
  return mapped(second, ({ decisions }) => ({ ...simulation, decisions: [...first.known.decisions, ...decisions] }));
}

function entryOf([key, values]: readonly [string, readonly string[]]): object {
  const type = key === "aws:SecureTransport" ? "boolean" : key.startsWith("route53:") ? "stringList" : "string";
  return { ContextKeyName: key, ContextKeyValues: values, ContextKeyType: type };
}

/** Decisions by resource; where all were asked for at once there is one. */
function decisionsOf(evaluation: Evaluation): Decision[] {
  const { EvalActionName: action, EvalResourceName: resource = "*", EvalDecision: effect } = evaluation;
  const isRefusedByOrganization = evaluation.OrganizationsDecisionDetail?.AllowedByOrganizations === false;
  const isOutside = evaluation.PermissionsBoundaryDecisionDetail?.AllowedByPermissionsBoundary === false;
  const base = { action, isRefusedByOrganization };
  const { ResourceSpecificResults: results = [] } = evaluation;
  if (results.length === 0)
    return [
      { ...base, resource, effect, isOutsideBoundary: isOutside, missingKeys: evaluation.MissingContextValues ?? [] },
    ];
  return results.map((one) => ({
    ...base,
    resource: one.EvalResourceName,
    effect: one.EvalResourceDecision,
    isOutsideBoundary: one.PermissionsBoundaryDecisionDetail?.AllowedByPermissionsBoundary === false,
    missingKeys: one.MissingContextValues ?? [],
  }));
}
