import type { EnvironmentPlan } from "../environment/environment";
import { type Conditions, homeRegion, type Permission } from "./permission";
import { unique } from "./unique";

/** Values by the keys of conditions. */
export type Context = Readonly<Record<string, readonly string[]>>;

/** An action, and a sample of the resources that it is for. */
export interface SampleRequest {
  /** The action, such as `ec2:CreateVpc`. */
  readonly action: string;
  /** ARNs without wildcards; `*` where IAM asks for all resources at once. */
  readonly resources: readonly string[];
  /** Whether each resource exists, else they are samples of names and ids. */
  readonly isExact: boolean;
}

/** Requests to one service that are sent with the same context. */
export interface Simulation {
  /** The requests. */
  readonly requests: readonly SampleRequest[];
  /** What the requests come with. */
  readonly context: Context;
}

/** Services in which the policy of a resource may allow what no policy of the caller does; IAM does not simulate that. */
const WITH_RESOURCE_POLICIES = ["kms", "s3", "secretsmanager", "sts"];

/** What tags are given with: a condition asks only whether it is there. */
const CREATE_ACTIONS: Readonly<Record<string, string>> = {
  "ec2:CreateAction": "CreateVpc",
  "elasticloadbalancing:CreateAction": "CreateTargetGroup",
};

/**
 * What IAM's simulator is asked to learn whether somebody has permissions.
 *
 * Left out is what it cannot answer: resources that exist and may have policies, service-linked roles (needed only where the
 * account has none), and DNS records that another account's role writes.
 *
 * @param plan - The environment.
 * @param permissions - What is needed.
 */
export function simulationsOf(plan: EnvironmentPlan, permissions: readonly Permission[]): Simulation[] {
  const groups = new Map<string, Simulation>();
  const asked = permissions.filter((one) => isSimulated(one, plan));
  for (const { request, context } of asked.flatMap((one) => samplesOf(one, plan))) {
    const key = JSON.stringify([serviceOf(request.action), request.resources.includes("*"), context]);
    groups.set(key, { context, requests: [...(groups.get(key)?.requests ?? []), request] });
  }
  return [...groups.values()];
}

const serviceOf = (action: string): string => action.split(":")[0] ?? "";

function isSimulated({ action, isExact = false }: Permission, { dns }: EnvironmentPlan): boolean {
  if (action === "iam:CreateServiceLinkedRole") return false;
  if (serviceOf(action) === "route53" && dns.roleArn !== undefined) return false;
  return !(isExact && WITH_RESOURCE_POLICIES.includes(serviceOf(action)));
}

/** One request for each region of the resources, and for each value of a condition that has one value at a time. */
function samplesOf(
  { action, resources, conditions, isExact = false }: Permission,
  plan: EnvironmentPlan,
): { readonly request: SampleRequest; readonly context: Context }[] {
  const regionOf = (arn: string): string => arn.split(":")[3] ?? "";
  return unique(resources.map(regionOf)).flatMap((region) => {
    const requestedRegion = region === "" ? (homeRegion(action, plan) ?? plan.context.region) : region;
    const inRegion = resources.filter((arn) => regionOf(arn) === region);
    const request = { action, isExact, resources: inRegion.map((arn) => (arn === "*" ? arn : sample(arn))) };
    const always: Context = { "aws:RequestedRegion": [requestedRegion], "aws:SecureTransport": ["true"] };
    return contextsOf(conditions, always).map((context) => ({ request, context }));
  });
}

function contextsOf(conditions: Conditions, always: Context): Context[] {
  let contexts = [always];
  for (const [operator, keys] of Object.entries(conditions))
    for (const [key, value] of Object.entries(keys)) {
      const choices = choicesOf(operator, key, [value].flat());
      contexts = contexts.flatMap((context) => choices.map((values) => ({ ...context, ...values })));
    }
  return contexts;
}

/** The values of a key with which a condition holds. */
function choicesOf(operator: string, key: string, values: readonly string[]): Context[] {
  if (operator === "Null") return values.includes("true") ? [{}] : [{ [key]: [CREATE_ACTIONS[key] ?? "x"] }];
  const samples = values.map(sample);
  return operator.startsWith("ForAllValues:") ? [{ [key]: samples }] : samples.map((one) => ({ [key]: [one] }));
}

/** A value that a pattern covers; every environment reads secrets, so their service stands for all. */
function sample(pattern: string): string {
  return pattern.replace(/^\*\./, "secretsmanager.").replaceAll(/[*?]/g, "x");
}
