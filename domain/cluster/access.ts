import { intendedRange, type Ipv4Range, overlaps, parseIpv4, rangeProblem } from "../common/address-range";
import { awsPartition } from "../common/aws-partition";
import type { EnvironmentContext } from "../common/context";
import type { Problem, Violation } from "../common/violation";

/** Who may reach the Kubernetes API: only the VPC, or also these IPv4 ranges. */
export type ClusterAccess = "private" | readonly string[];

/** What an IAM role may do in the cluster. */
export interface AccessGrant {
  /** Names the grant; changing it replaces the grant. */
  readonly id: string;
  /** ARN of the role. */
  readonly roleArn: string;
  /** ARN of the EKS access policy the role gets. */
  readonly policyArn: string;
}

/** Roles by what they may do. */
export interface ClusterRoles {
  /** ARNs of roles that administer the cluster. */
  readonly adminRoleArns: readonly string[];
  /** ARNs of roles that see the objects of namespaces but Secrets. */
  readonly viewerRoleArns: readonly string[];
}

/** Source: https://docs.aws.amazon.com/eks/latest/userguide/access-policy-permissions.html */
const ACCESS_POLICIES = { admin: "AmazonEKSClusterAdminPolicy", viewer: "AmazonEKSViewPolicy" } as const;

/** Grants for the roles, one each. */
export function accessGrants(roles: ClusterRoles, context: EnvironmentContext): AccessGrant[] {
  const grant =
    (kind: keyof typeof ACCESS_POLICIES) =>
    (roleArn: string): AccessGrant => ({
      id: grantId(kind, roleArn),
      roleArn,
      policyArn: `arn:${awsPartition(context.region)}:eks::aws:cluster-access-policy/${ACCESS_POLICIES[kind]}`,
    });
  return [...roles.adminRoleArns.map(grant("admin")), ...roles.viewerRoleArns.map(grant("viewer"))];
}

/** EKS admits roles of other accounts, so a wrong account number would open the cluster to somebody else. */
export function foreignRoleWarnings(
  { accessGrants }: { readonly accessGrants: readonly AccessGrant[] },
  { account }: Pick<EnvironmentContext, "account">,
): string[] {
  return accessGrants
    .filter(({ roleArn }) => !roleArn.includes(`:${account}:`))
    .map(({ roleArn }) => `${roleArn} is a role of another account than ${account}: check that its account is yours.`);
}

function grantId(kind: string, roleArn: string): string {
  return `${kind}-${roleId(roleArn)}`;
}

/** The name of a role is unique in its account, regardless of its path. */
function roleId(roleArn: string): string {
  return roleArn.replace(/^.*::(\d+):.*[/]/, "$1-");
}

function sameRole(left: string, right: string): boolean {
  return roleId(left).toLowerCase() === roleId(right).toLowerCase();
}

const ROLE = /^arn:(aws|aws-cn|aws-us-gov):iam::\d{12}:role\/[\w+=,.@/-]+$/;
const PLACEHOLDER = "arn:aws:iam::111122223333:role/platform-team";

/** Finds every role that EKS would not take. */
export function roleViolations(roles: ClusterRoles, context: EnvironmentContext, root: string): Violation[] {
  const listed = (["adminRoleArns", "viewerRoleArns"] as const).flatMap((list) =>
    roles[list].map((arn, index) => ({ path: `${root}.${list}[${index}]`, arn })),
  );
  return listed.flatMap(({ path, arn }, index) => [
    ...arnViolations(arn, context, path),
    ...(listed.findIndex((other) => sameRole(other.arn, arn)) < index
      ? [
          {
            path,
            problem: `"${arn}" is listed twice`,
            remedy: "list each role once, in adminRoleArns or viewerRoleArns; EKS ignores the path of a role",
          },
        ]
      : []),
  ]);
}

function arnViolations(arn: string, context: EnvironmentContext, path: string): Violation[] {
  const refuse = (problem: string, remedy: string): Violation[] => [{ path, problem: `"${arn}" ${problem}`, remedy }];
  if (arn.includes(":assumed-role/"))
    return refuse("is a session of a role, not the role", `use the ARN of the role itself, such as ${PLACEHOLDER}`);
  const [, partition] = ROLE.exec(arn) ?? [];
  if (partition === undefined)
    return refuse("is not the ARN of an IAM role", `use the ARN of a role, such as ${PLACEHOLDER}`);
  if (arn.includes(":role/aws-service-role/"))
    return refuse("is a service-linked role, which EKS does not admit", "use a role that people or pipelines assume");
  const expected = awsPartition(context.region);
  if (partition !== expected)
    return refuse(
      `is in another AWS partition than ${context.region}`,
      `use a role whose ARN begins with arn:${expected}`,
    );
  return [];
}

/** EKS admits at most this many ranges. Source: https://docs.aws.amazon.com/eks/latest/userguide/service-quotas.html */
const MOST_RANGES = 40;

/** Ranges shorter than this hold whole providers; open to the world must not hide in a few of them. */
const SHORTEST_PREFIX = 8;

/** Ranges that EKS refuses, since nobody comes from them over the internet. */
const UNROUTABLE: readonly Ipv4Range[] = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.168.0.0/16",
  "224.0.0.0/3",
].flatMap((range) => parseIpv4(range) ?? []);

const REMEDY = 'use "private", or the public addresses of deployers and operators, such as ["203.0.113.7/32"]';

/** Finds every range that must not or cannot reach the Kubernetes API. */
export function accessViolations(access: ClusterAccess): Violation[] {
  if (access === "private") return [];
  const counted =
    access.length === 0
      ? [{ path: "clusterAccess", problem: "is an empty list", remedy: REMEDY }]
      : access.length > MOST_RANGES
        ? [
            {
              path: "clusterAccess",
              problem: `has ${access.length} ranges, and EKS accepts at most ${MOST_RANGES}`,
              remedy: "merge adjacent ranges",
            },
          ]
        : [];
  return [
    ...counted,
    ...access.flatMap((range, index) => publicRangeViolations(range, access, `clusterAccess[${index}]`, index)),
  ];
}

/** A range with bits behind its prefix is told the right one only where that would be taken. */
function malformedViolations(text: string, path: string, malformed: Problem): Violation[] {
  const meant = intendedRange(text);
  const refused = meant === undefined || meant === text ? [] : publicRangeViolations(meant, [meant], path, 0);
  return refused.length > 0 ? refused : [{ path, ...malformed }];
}

function publicRangeViolations(text: string, all: readonly string[], path: string, index: number): Violation[] {
  const malformed = rangeProblem(text);
  if (malformed !== undefined) return malformedViolations(text, path, malformed);
  const range = parseIpv4(text);
  if (range === undefined)
    return [
      { path, problem: `"${text}" is IPv6, and the API of this cluster has an IPv4 address only`, remedy: REMEDY },
    ];
  if (range.prefixLength < SHORTEST_PREFIX)
    return [
      {
        path,
        problem: `"${text}" opens the Kubernetes API to the whole internet`,
        remedy: REMEDY,
      },
    ];
  if (UNROUTABLE.some((unroutable) => overlaps(unroutable, range)))
    return [
      {
        path,
        problem: `"${text}" is not on the internet`,
        remedy: "use public addresses; clients inside the VPC need no entry",
      },
    ];
  return all.indexOf(text) < index
    ? [{ path, problem: `"${text}" is listed twice`, remedy: "list each range once" }]
    : [];
}
