import { awsPartition } from "../common/aws-partition";
import type { EnvironmentPlan } from "../environment/environment";
import { type Scope, scopeOf } from "./scopes";
import type { StackUse } from "./stack";
import { unique } from "./unique";

/** Conditions by operator and key. */
export type Conditions = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

/** One action that somebody may do, on what, and when. */
export interface Permission {
  /** The action, such as `ec2:CreateVpc`. */
  readonly action: string;
  /** ARNs with wildcards; `*` where IAM asks for all resources at once. */
  readonly resources: readonly string[];
  /** What must hold. */
  readonly conditions: Conditions;
  /** Whether these are exactly the resources that were named, so that no other action may be put with this one. */
  readonly isExact?: boolean;
}

/** What a synthesized stack holds, and the regions in which one permission of it is needed. */
export interface RegionalUse extends StackUse {
  /** The environment's own region, and a second one where the type is made there as well. */
  readonly inRegions: readonly string[];
}

/** How the resources of a permission are told from those of others. */
type Told = "name" | "any" | "resource" | "request" | "made" | "untagged" | "cluster" | "via";

/** Services that have one region for all. */
const GLOBAL_SERVICES = ["iam", "route53", "sts"];
const HOME_REGIONS = { aws: "us-east-1", "aws-us-gov": "us-gov-west-1", "aws-cn": "cn-north-1" } as const;

/** Actions that give a resource a tag: where it is being made, and never where it has an owner. */
const TAGGING = /:(CreateTags|AddTags|TagResource|AddTagsToCertificate)$/;

/** The action by which a service gets its role. */
export const LINKING = "iam:CreateServiceLinkedRole";

/** The action that gives a role its permissions boundary. */
export const LIMITING = "iam:PutRolePermissionsBoundary";

/** Actions that can be bound to roles with a permissions boundary. */
const BOUNDED = ["iam:CreateRole", "iam:PutRolePolicy", "iam:AttachRolePolicy", LIMITING];

/** Actions that can be bound to policies: a role gets no policy but those of the stack. */
const ATTACHING = ["iam:AttachRolePolicy", "iam:DetachRolePolicy"];

/** Reads a recorded permission, `<action> <type> <told>`, as an environment's own. */
export function permission(recorded: string, plan: EnvironmentPlan, use: RegionalUse): Permission[] {
  const [action = "", type = "*", told = "name"] = recorded.split(" ") as [string?, string?, Told?];
  const { inRegions } = use;
  if (type === "*") return [onEverything(action, plan, inRegions, told === "request")];
  const { arns, given } = isSecret(type) ? secretScope(action, plan, use) : scopeOf(type, plan, inRegions);
  const always = { ...special(action, type, plan, use), ...(told === "via" ? throughServices(action, inRegions) : {}) };
  const own = { action, resources: arns, conditions: joined(always, TAG_CONDITIONS[told](action, plan)) };
  const others = { action, resources: isForGiven(action, told) ? given : [], conditions: always, isExact: true };
  return [own, others].filter(({ resources, conditions }) => resources.length > 0 && isPossible(conditions));
}

/** Both conditions, whose operators may be the same. */
function joined(first: Conditions, second: Conditions): Conditions {
  const operators = unique([...Object.keys(first), ...Object.keys(second)]);
  return Object.fromEntries(operators.map((operator) => [operator, { ...first[operator], ...second[operator] }]));
}

/** A condition without a value never holds, and IAM takes none: an environment without access grants associates no policy. */
const isPossible = (conditions: Conditions): boolean =>
  Object.values(conditions).every((keys) => Object.values(keys).every((values) => values.length > 0));

/**
 * Keys are used by services in the caller's name only, and lent only to what those keep.
 *
 * Source: https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html
 */
function throughServices(action: string, inRegions: readonly string[]): Conditions {
  return {
    StringLike: { "kms:ViaService": oneOrMore(inRegions.map((region) => `*.${region}.amazonaws.com`)) },
    ...(action === "kms:CreateGrant" ? { Bool: { "kms:GrantIsForAWSResource": "true" } } : {}),
  };
}

/** Whether an action is also done with what exists before: secrets are read there, and keys are used. */
function isForGiven(action: string, told: Told): boolean {
  if (told === "request" || told === "made") return false;
  const [service, name = ""] = action.split(":");
  if (service === "ec2") return true;
  return told === "via" || /^(Describe|Get|List)/.test(name);
}

/** The region that answers for all others, where the service of an action has one. */
export function homeRegion(action: string, { context }: EnvironmentPlan): string | undefined {
  const isGlobal = GLOBAL_SERVICES.includes(serviceOf(action));
  return isGlobal ? HOME_REGIONS[awsPartition(context.region)] : undefined;
}

/** IAM asks for all resources at once: the region is what is left to bind. */
function onEverything(
  action: string,
  plan: EnvironmentPlan,
  inRegions: readonly string[],
  isTagged: boolean,
): Permission {
  return {
    action,
    resources: ["*"],
    conditions: {
      StringEquals: {
        "aws:RequestedRegion": homeRegion(action, plan) ?? oneOrMore(inRegions),
        ...(isTagged ? { "aws:RequestTag/Environment": plan.context.name } : {}),
      },
    },
  };
}

/** Secrets are told by their path; those of others are looked up, and read only where Terraform hands their values on. */
function secretScope(action: string, plan: EnvironmentPlan, use: RegionalUse): Pick<Scope, "arns" | "given"> {
  const { arns } = scopeOf("secretsmanager:Secret", plan, use.inRegions);
  const { region, account, secretPath } = plan.context;
  const named = action === "secretsmanager:GetSecretValue" ? use.readSecrets : use.secrets;
  const others = named.filter((secret) => !secret.startsWith(`${secretPath}/`));
  const beginning = `arn:${awsPartition(region)}:secretsmanager:${region}:${account}:secret:`;
  return { arns, given: others.map((secret) => (secret.startsWith("arn:") ? secret : `${beginning}${secret}-??????`)) };
}

const isSecret = (type: string): boolean => type === "secretsmanager:Secret";

/** Roles that AWS makes for its services at their first use. */
export function linkedRoles(services: readonly string[], { context }: EnvironmentPlan): Permission[] {
  const names = services.map((service) => `${service}.amazonaws.com`);
  const roles = `arn:${awsPartition(context.region)}:iam::${context.account}:role/aws-service-role`;
  const resources = names.map((name) => `${roles}/${name}/*`);
  const conditions = { StringEquals: { "iam:AWSServiceName": names } };
  return names.length === 0 ? [] : [{ action: LINKING, resources, conditions }];
}

/** The service that gets a role for a request; groups of nodes have one besides EKS itself. */
export function linkedService(call: string): string {
  return call === "eks:CreateNodegroup" ? "eks-nodegroup" : serviceOf(call);
}

const serviceOf = (action: string): string => action.split(":")[0] ?? "";

function oneOrMore(values: readonly string[]): string | readonly string[] {
  const [first] = values;
  return values.length === 1 && first !== undefined ? first : values;
}

const environmentTag = (of: "Request" | "Resource", { context }: EnvironmentPlan): Record<string, string> => ({
  [`aws:${of}Tag/Environment`]: context.name,
});

const UNTAGGED: Conditions = { Null: { "aws:ResourceTag/Environment": "true" } };

/**
 * A key that is being made has no alias either. IAM asks for the tags of a new key on all keys of the account.
 *
 * Source: https://docs.aws.amazon.com/kms/latest/developerguide/tag-permissions.html
 */
const NEW_KEY: Conditions = { Null: { "aws:ResourceTag/Environment": "true", "kms:ResourceAliases": "true" } };

const withoutOwner = (action: string): Conditions => (action === "kms:TagResource" ? NEW_KEY : UNTAGGED);

/** What tells the resources of an environment from those of others, by how they are told. */
const TAG_CONDITIONS: Readonly<Record<Told, (action: string, plan: EnvironmentPlan) => Conditions>> = {
  name: () => ({}),
  any: () => ({}),
  resource: (_, plan) => ({ StringEquals: environmentTag("Resource", plan) }),
  via: (_, plan) => ({ StringEquals: environmentTag("Resource", plan) }),
  cluster: (_, { cluster }) => ({ StringEquals: { "aws:ResourceTag/aws:eks:cluster-name": cluster.name } }),
  untagged: () => UNTAGGED,
  // The key is there only while another request of the same service makes the resource.
  made: (action, plan) => ({
    StringEquals: environmentTag("Request", plan),
    Null: { [`${serviceOf(action)}:CreateAction`]: "false" },
  }),
  request: (action, plan) => ({
    StringEquals: environmentTag("Request", plan),
    ...(TAGGING.test(action) ? withoutOwner(action) : {}),
  }),
};

/** Conditions that an action has on every resource of a type. */
function special(action: string, type: string, plan: EnvironmentPlan, use: StackUse): Conditions {
  const { permissionsBoundary } = plan.landingZone.iam;
  // Nodes and the bastion run Amazon Linux: an image of anyone else would run with their roles.
  if (type === "ec2:image") return { StringEquals: { "ec2:Owner": "amazon" } };
  if (ADMITTING.includes(action)) return { ArnLike: admitted(action, plan) };
  if (action === "iam:PassRole") return { StringEquals: { "iam:PassedToService": use.trusted } };
  if (action === "route53:ChangeResourceRecordSets") {
    const key = "route53:ChangeResourceRecordSetsNormalizedRecordNames";
    return { "ForAllValues:StringLike": { [key]: recordNames(use) } };
  }
  const policies = [...scopeOf("iam:policy", plan).arns, ...use.attached];
  return {
    ...(permissionsBoundary !== undefined && BOUNDED.includes(action)
      ? { StringEquals: { "iam:PermissionsBoundary": permissionsBoundary } }
      : {}),
    ...(ATTACHING.includes(action) ? { ArnLike: { "iam:PolicyARN": policies } } : {}),
  };
}

/** Actions that let a role into the cluster. */
const ADMITTING = ["eks:CreateAccessEntry", "eks:AssociateAccessPolicy"];

/** Who may be let into the cluster, and with which policies: the plan's access grants, and the environment's own roles of nodes. */
function admitted(action: string, plan: EnvironmentPlan): Record<string, string[]> {
  const grants = plan.cluster.kind === "new" ? plan.cluster.accessGrants : [];
  return action === "eks:CreateAccessEntry"
    ? { "eks:principalArn": unique([...scopeOf("iam:role", plan).arns, ...grants.map(({ roleArn }) => roleArn)]) }
    : { "eks:policyArn": unique(grants.map(({ policyArn }) => policyArn)) };
}

/** The names that a stack writes, and those below them that prove who owns a certificate. */
function recordNames({ records }: StackUse): string[] {
  const names = records.map((name) => name.toLowerCase().replaceAll("*", "\\052"));
  return [...new Set(names.flatMap((name) => [name, `_*.${name.replace(/^\\052\./, "")}`]))].sort();
}
