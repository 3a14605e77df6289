import { awsPartition } from "../common/aws-partition";
import type { EnvironmentPlan } from "../environment/environment";
import { stacksOf } from "../environment/layers";
import { LIMITING, LINKING, linkedRoles, linkedService, type Permission, permission } from "./permission";
import { packPolicies, type Policy, statementsOf } from "./policies";
import { recorded } from "./recorded";
import type { StackUse } from "./stack";
import { unique } from "./unique";

/** Between a recorded permission and the regions that it is for. */
const SEPARATOR = " in ";

/** What somebody does with an environment. */
export type Phase = "plan" | "deploy" | "change" | "upgrade" | "destroy";

/** Every phase, and the recorded rows that it takes besides what is read. */
export const PHASES: Readonly<Record<Phase, readonly string[]>> = {
  plan: [],
  deploy: ["create"],
  change: ["change"],
  upgrade: ["change", "upgrade"],
  destroy: ["destroy"],
};

/**
 * Everything that a phase asks of IAM: each action with its resources and conditions.
 *
 * @param plan - The environment.
 * @param use - What its synthesized stack holds.
 * @throws Error where a type of resources has never been recorded.
 */
export function permissionsOf(plan: EnvironmentPlan, use: StackUse, phase: Phase): Permission[] {
  const calls = use.types.flatMap((type) => callsOf(type, phase));
  const found = calls.flatMap(({ type, permissions }) => {
    const regions = unique([plan.context.region, ...(use.regions[type] ?? [])]);
    return permissions.filter((one) => !isLinking(one)).map((one) => [one, ...regions].join(SEPARATOR));
  });
  const linked = calls.filter(({ permissions }) => permissions.some(isLinking)).map(({ call }) => linkedService(call));
  const own = unique(found).flatMap((one) => {
    const [row = "", ...regions] = one.split(SEPARATOR);
    return isInPlan(row, plan) ? permission(row, plan, { ...use, inRegions: regions }) : [];
  });
  return [...own, ...linkedRoles(unique(linked), plan), ...statePermissions(plan, phase), ...assumedRoles(plan)];
}

/** The IAM policies of a phase, each below the size limit. */
export function policiesOf(plan: EnvironmentPlan, use: StackUse, phase: Phase): Policy[] {
  return packPolicies(`${plan.context.prefix}-${phase}`, statementsOf(permissionsOf(plan, use, phase)));
}

/** Types of a stack whose requests have never been recorded. */
export function unrecordedTypes({ types }: StackUse): string[] {
  return types.filter((type) => recorded[type] === undefined);
}

/** Whether a plan has what a permission is for: roles get a permissions boundary only where there is one. */
function isInPlan(row: string, { landingZone }: EnvironmentPlan): boolean {
  return landingZone.iam.permissionsBoundary !== undefined || !row.startsWith(`${LIMITING} `);
}

const isLinking = (permission: string): boolean => permission.startsWith(`${LINKING} `);

/** A request for a type of resources, and what IAM is asked for it. */
interface Call {
  readonly type: string;
  readonly call: string;
  readonly permissions: readonly string[];
}

function callsOf(type: string, phase: Phase): Call[] {
  const found = recorded[type];
  if (found === undefined) throw new Error(`${type}: its requests were never recorded`);
  return ["read", ...PHASES[phase]].flatMap((row) =>
    Object.entries(found[row] ?? {}).map(([call, permissions]) => ({ type, call, permissions })),
  );
}

/**
 * What Terraform's S3 backend does. A plan locks the state as well, but does not write it.
 *
 * Source: https://developer.hashicorp.com/terraform/language/backend/s3#permissions-required
 */
function statePermissions(plan: EnvironmentPlan, phase: Phase): Permission[] {
  if (plan.state.kind !== "s3") return [];
  const bucket = `arn:${awsPartition(plan.context.region)}:s3:::${plan.state.bucket}`;
  const files = stacksOf(plan).flatMap(({ state }) => (state.kind === "s3" ? [`${bucket}/${state.key}`] : []));
  const locks = files.map((file) => `${file}.tflock`);
  const on = (action: string, ...resources: string[]): Permission => ({
    action,
    resources,
    conditions: {},
    isExact: true,
  });
  return [
    on("s3:ListBucket", bucket),
    on("s3:GetObject", ...files, ...locks),
    on("s3:PutObject", ...(phase === "plan" ? [] : files), ...locks),
    on("s3:DeleteObject", ...locks),
  ];
}

/** Roles that Terraform assumes: the one that deploys, also where it signed in itself, and that of a zone of another account. */
function assumedRoles({ dns, deployRoleArn }: EnvironmentPlan): Permission[] {
  return [deployRoleArn, dns.roleArn].flatMap((role) =>
    role === undefined ? [] : [{ action: "sts:AssumeRole", resources: [role], conditions: {}, isExact: true }],
  );
}
