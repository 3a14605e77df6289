import { awsPartition } from "../common/aws-partition";
import { boundedName } from "../common/names";
import { unique } from "./unique";
import type { EnvironmentPlan } from "../environment/environment";

/** How the resources of one type are told from those of others. */
export interface Scope {
  /** ARNs, with `*` for what AWS or Terraform chooses. */
  readonly arns: readonly string[];
  /** ARNs of what others made and the configuration names; they carry no tag of ours. */
  readonly given: readonly string[];
}

/** By their names, or by the tag `Environment` where AWS chooses their ids. */
type ScopeKind = "name" | "tag";

/** The parts of names: what all of an environment's resources are called by. */
interface Names {
  readonly prefix: string;
  readonly secretPath: string;
  /** Path and beginning of the names of roles, policies and instance profiles. */
  readonly iam: string;
  readonly cluster: string;
  readonly buckets: readonly string[];
  /** Hosts of the token issuers of clusters. */
  readonly issuers: string;
}

/** Largest lengths of names that are cut and end in a hash: what is left of the prefix then. */
const BUCKET_KEPT = 54;
const ROLE_KEPT = 28;
const LOAD_BALANCER_LIMIT = 32;

type Pattern = (names: Names) => string | readonly string[];

const all: Pattern = () => "*";
/** Names that begin with the prefix and a hyphen: another environment may be called by a longer one. */
const prefixed: Pattern = ({ prefix }) => `${prefix}-*`;
/** The prefix itself as well. */
const bare: Pattern = ({ prefix }) => [prefix, `${prefix}-*`];
const balancer: Pattern = ({ prefix }) => `${boundedName(prefix, LOAD_BALANCER_LIMIT)}/*`;

/**
 * Types of resources by the service and name that the Service Authorization Reference gives them: what comes after the account
 * in their ARNs, and whether they are told by names or by tags.
 */
const SCOPES: Readonly<Record<string, readonly [by: ScopeKind, beginning: string, pattern: Pattern]>> = {
  "acm:certificate": ["tag", "certificate/", all],
  "autoscaling:autoScalingGroup": ["name", "autoScalingGroup:*:autoScalingGroupName/eks-", all],
  "backup:backupPlan": ["tag", "backup-plan:", all],
  "backup:backupVault": ["name", "backup-vault:", bare],
  "cloudwatch:alarm": ["name", "alarm:", prefixed],
  "cloudwatch:dashboard": ["name", "dashboard/", ({ prefix }) => prefix],
  "ec2:elastic-ip": ["tag", "elastic-ip/", all],
  "ec2:image": ["name", "image/", all],
  "ec2:instance": ["tag", "instance/", all],
  "ec2:internet-gateway": ["tag", "internet-gateway/", all],
  "ec2:launch-template": ["tag", "launch-template/", all],
  "ec2:natgateway": ["tag", "natgateway/", all],
  "ec2:network-interface": ["tag", "network-interface/", all],
  "ec2:prefix-list": ["tag", "prefix-list/", all],
  "ec2:route-table": ["tag", "route-table/", all],
  "ec2:security-group": ["tag", "security-group/", all],
  "ec2:security-group-rule": ["tag", "security-group-rule/", all],
  "ec2:subnet": ["tag", "subnet/", all],
  "ec2:volume": ["tag", "volume/", all],
  "ec2:vpc": ["tag", "vpc/", all],
  "ec2:vpc-endpoint": ["tag", "vpc-endpoint/", all],
  "ec2:vpc-flow-log": ["tag", "vpc-flow-log/", all],
  "eks:access-entry": ["name", "access-entry/", ({ cluster }) => `${cluster}/*`],
  "eks:addon": ["name", "addon/", ({ cluster }) => `${cluster}/*`],
  "eks:cluster": ["name", "cluster/", ({ cluster }) => cluster],
  "eks:nodegroup": ["name", "nodegroup/", ({ cluster }) => `${cluster}/*`],
  "eks:podidentityassociation": ["name", "podidentityassociation/", ({ cluster }) => `${cluster}/*`],
  "elasticloadbalancing:listener-rule/app": ["name", "listener-rule/app/", balancer],
  "elasticloadbalancing:listener/app": ["name", "listener/app/", balancer],
  "elasticloadbalancing:loadbalancer/app/": ["name", "loadbalancer/app/", balancer],
  "elasticloadbalancing:targetgroup": ["tag", "targetgroup/", all],
  "events:rule-on-default-event-bus": ["name", "rule/", prefixed],
  "iam:instance-profile": ["name", "instance-profile/", ({ iam }) => `${iam}-*`],
  "iam:oidc-provider": ["tag", "oidc-provider/", ({ issuers }) => issuers],
  "iam:policy": ["name", "policy/", ({ iam }) => `${iam}-*`],
  "iam:role": ["name", "role/", ({ iam }) => `${iam}-*`],
  "kms:alias": ["name", "alias/", prefixed],
  "kms:key": ["tag", "key/", all],
  "logs:log-group": ["name", "log-group:", logGroups],
  "network-firewall:Firewall": ["name", "firewall/", prefixed],
  "network-firewall:FirewallPolicy": ["name", "firewall-policy/", prefixed],
  "network-firewall:StatefulRuleGroup": ["name", "stateful-rulegroup/", prefixed],
  "rds:db": ["name", "db:", bare],
  "rds:pg": ["name", "pg:", prefixed],
  "rds:snapshot": ["name", "snapshot:", prefixed],
  "rds:subgrp": ["name", "subgrp:", prefixed],
  "route53:hostedzone": ["name", "hostedzone/", all],
  "route53resolver:firewall-config": ["name", "firewall-config/", all],
  "route53resolver:firewall-domain-list": ["tag", "firewall-domain-list/", all],
  "route53resolver:firewall-rule-group": ["tag", "firewall-rule-group/", all],
  "route53resolver:firewall-rule-group-association": ["tag", "firewall-rule-group-association/", all],
  "route53resolver:resolver-query-log-config": ["tag", "resolver-query-log-config/", all],
  "s3:bucket": ["name", "", ({ buckets }) => buckets],
  "s3:object": ["name", "", ({ buckets }) => buckets.map((bucket) => `${bucket}/*`)],
  "secretsmanager:Secret": ["name", "secret:", ({ secretPath }) => `${secretPath}/*`],
  "sns:topic": ["name", "", prefixed],
  "sqs:queue": ["name", "", prefixed],
  "ssm:parameter": ["name", "parameter/aws/service/", all],
  "wafv2:managedruleset": ["name", "regional/managedruleset/", all],
  "wafv2:webacl": ["name", "regional/webacl/", ({ prefix }) => `${prefix}/*`],
};

/** Every type of resources that an environment has a scope for. */
export const SCOPED_TYPES: readonly string[] = Object.keys(SCOPES);

/** Services whose ARNs name no region. */
const WITHOUT_REGION = ["iam", "route53", "s3", "cloudwatch:dashboard"];
/**
 * Services and types whose ARNs name no account. Those of an image never do, so its owner is a condition; the parameters are those
 * that AWS publishes.
 */
const WITHOUT_ACCOUNT = ["route53", "s3", "ec2:image", "ssm:parameter"];

/** How an environment's resources of a type are told from others in regions where they are. */
export function scopeOf(
  type: string,
  plan: EnvironmentPlan,
  regions: readonly string[] = [plan.context.region],
): Scope {
  const found = SCOPES[type];
  if (found === undefined) throw new Error(`${type}: has no scope`);
  const [, beginning, pattern] = found;
  const given = givenOf(type, plan);
  const isMade = given.length === 0 || type !== "ec2:vpc";
  const names = isMade ? [pattern(namesOf(plan))].flat() : [];
  return { given, arns: names.flatMap((name) => arnsOf(type, `${beginning}${name}`, plan, regions)) };
}

function arnsOf(type: string, name: string, { context }: EnvironmentPlan, regions: readonly string[]): string[] {
  const service = type.split(":")[0] ?? "";
  const isIn = (list: readonly string[]): boolean => list.includes(service) || list.includes(type);
  const account = isIn(WITHOUT_ACCOUNT) ? "" : context.account;
  const inRegions = isIn(WITHOUT_REGION) ? [""] : regions;
  return inRegions.map((region) => `arn:${awsPartition(context.region)}:${service}:${region}:${account}:${name}`);
}

/** What exists before the environment, but for secrets: keys, and the network that it is put into. */
function givenOf(type: string, plan: EnvironmentPlan): string[] {
  const { context, landingZone, network } = plan;
  const { region, account } = context;
  const { data, backup, logs, cluster } = landingZone.encryptionKeys;
  if (type === "kms:key") return unique([data, backup, logs, cluster].filter((arn) => arn !== undefined));
  if (network.kind !== "existing") return [];
  const beginning = `arn:${awsPartition(region)}:ec2:${region}:${network.ownerAccount ?? account}`;
  if (type === "ec2:vpc") return [`${beginning}:vpc/${network.vpcId}`];
  if (type !== "ec2:subnet") return [];
  const { privateSubnets, publicSubnets, databaseSubnets, sandboxSubnets = [] } = network;
  const subnets = [...privateSubnets, ...publicSubnets, ...databaseSubnets, ...sandboxSubnets];
  return unique(subnets.map(({ id }) => `${beginning}:subnet/${id}`));
}

function namesOf(plan: EnvironmentPlan): Names {
  const { context, landingZone, cluster } = plan;
  const { path, rolePrefix } = landingZone.iam;
  return {
    prefix: context.prefix,
    secretPath: context.secretPath,
    iam: `${path.replace(/^\//, "")}${`${rolePrefix}${context.prefix}`.slice(0, ROLE_KEPT)}`,
    cluster: cluster.name,
    buckets: bucketsOf(plan),
    issuers: `oidc.eks.${context.region}.*`,
  };
}

/** Buckets carry the prefix, but for one that the configuration names, with that of its logs. */
function bucketsOf({ context, blobStorage }: EnvironmentPlan): string[] {
  const named = blobStorage.kind === "s3" ? [blobStorage.bucketName, blobStorage.logBucketName] : [];
  return [cut(context.prefix, BUCKET_KEPT), ...named.filter((name) => !name.startsWith(`${context.prefix}-`))];
}

/** Log groups carry the prefix, or the cluster's name, after the path of their service. */
function logGroups({ prefix, cluster }: Names): string[] {
  const groups = [`/aws/*/${prefix}`, `aws-waf-logs-${prefix}`];
  return [...new Set([...groups.flatMap((name) => [name, `${name}:*`]), `/aws/*/${prefix}/*`, `/aws/*/${cluster}/*`])];
}

function cut(prefix: string, kept: number): string {
  return prefix.length > kept ? `${prefix.slice(0, kept)}*` : `${prefix}-*`;
}

/** Whether the names by which an environment's resources are told are also those of another one in its account. */
export function coversNames(plan: EnvironmentPlan, other: EnvironmentPlan): boolean {
  if (plan === other || plan.context.account !== other.context.account) return false;
  const [own, theirs] = [namesOf(plan), namesOf(other)];
  const isCut = own.iam === theirs.iam && own.prefix !== theirs.prefix;
  return isCut || theirs.prefix.startsWith(`${own.prefix}-`) || theirs.iam.startsWith(`${own.iam}-`);
}

/** Whether resources of a type are told by their names or by their tags. */
export function scopeKind(type: string): ScopeKind {
  return SCOPES[type]?.[0] ?? "name";
}
