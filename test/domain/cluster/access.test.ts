import fc from "fast-check";

import {
  accessGrants,
  foreignRoleWarnings,
  accessViolations,
  type ClusterAccess,
  type ClusterRoles,
  roleViolations,
} from "../../../domain/cluster/access";
import { formatViolation } from "../../../domain/common/violation";
import { context } from "../../support/fakes";

const ADMIN = "arn:aws:iam::111122223333:role/platform";
const SSO =
  "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Viewer_0123456789ab";

const rolesOf = (adminRoleArns: string[], viewerRoleArns: string[] = []): ClusterRoles => ({
  adminRoleArns,
  viewerRoleArns,
});
const problems = (roles: ClusterRoles, region = context.region): string[] =>
  roleViolations(roles, { ...context, region }, "cluster").map(formatViolation);
const accessProblems = (access: ClusterAccess): string[] => accessViolations(access).map(formatViolation);

describe("accessGrants", () => {
  test("gives administrators everything and viewers everything but Secrets", () => {
    expect(accessGrants(rolesOf([ADMIN], [SSO]), context)).toEqual([
      {
        id: "admin-111122223333-platform",
        roleArn: ADMIN,
        policyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
      },
      {
        id: "viewer-111122223333-AWSReservedSSO_Viewer_0123456789ab",
        roleArn: SSO,
        policyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy",
      },
    ]);
  });

  test("keeps each grant's id when others come, go or move", () => {
    const names = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,12}$/), { minLength: 2, maxLength: 8 });
    fc.assert(
      fc.property(names, (all) => {
        const arns = all.map((name) => `arn:aws:iam::111122223333:role/team/${name}`);
        const idOf = (list: string[], arn: string): string | undefined =>
          accessGrants(rolesOf(list), context).find(({ roleArn }) => roleArn === arn)?.id;
        for (const arn of arns) expect(idOf([...arns].reverse(), arn)).toBe(idOf([arn], arn));
        expect(new Set(arns.map((arn) => idOf(arns, arn))).size).toBe(arns.length);
      }),
    );
  });
});

describe("roleViolations", () => {
  test("accepts different roles in both lists", () => {
    expect(problems(rolesOf([ADMIN, `${ADMIN}-2`], [SSO]))).toEqual([]);
  });

  test.each([
    ["a role", ADMIN],
    ["a role with a path", SSO],
    ["a role of another account, which EKS admits", "arn:aws:iam::999999999999:role/auditor"],
  ])("accepts %s", (_case, arn) => {
    expect(problems(rolesOf([arn]))).toEqual([]);
  });

  test.each([
    [
      "a user",
      "arn:aws:iam::111122223333:user/ada",
      "is not the ARN of an IAM role; use the ARN of a role, such as arn:aws:iam::111122223333:role/platform-team",
    ],
    [
      "a name",
      "platform",
      "is not the ARN of an IAM role; use the ARN of a role, such as arn:aws:iam::111122223333:role/platform-team",
    ],
    [
      "an account with eleven digits",
      "arn:aws:iam::11112222333:role/platform",
      "is not the ARN of an IAM role; use the ARN of a role, such as arn:aws:iam::111122223333:role/platform-team",
    ],
    [
      "a session",
      "arn:aws:sts::111122223333:assumed-role/platform/ada",
      "is a session of a role, not the role; use the ARN of the role itself, such as arn:aws:iam::111122223333:role/platform-team",
    ],
    [
      "a service-linked role",
      "arn:aws:iam::111122223333:role/aws-service-role/eks.amazonaws.com/AWSServiceRoleForAmazonEKS",
      "is a service-linked role, which EKS does not admit; use a role that people or pipelines assume",
    ],
    [
      "another partition",
      "arn:aws-cn:iam::111122223333:role/platform",
      "is in another AWS partition than us-east-1; use a role whose ARN begins with arn:aws",
    ],
  ])("refuses %s", (_case, arn, problem) => {
    expect(problems(rolesOf([], [arn]))).toEqual([`cluster.viewerRoleArns[0]: "${arn}" ${problem}`]);
  });

  test("expects the partition of the region", () => {
    expect(problems(rolesOf(["arn:aws-cn:iam::111122223333:role/platform"]), "cn-north-1")).toEqual([]);
    expect(problems(rolesOf([ADMIN]), "us-gov-west-1")).toEqual([
      `cluster.adminRoleArns[0]: "${ADMIN}" is in another AWS partition than us-gov-west-1; use a role whose ARN begins with arn:aws-us-gov`,
    ]);
  });

  test("refuses a role that is listed twice, in one list or in both: EKS keeps one entry for a role", () => {
    const twice = `"${ADMIN}" is listed twice; list each role once, in adminRoleArns or viewerRoleArns; EKS ignores the path of a role`;

    expect(problems(rolesOf([ADMIN, ADMIN]))).toEqual([`cluster.adminRoleArns[1]: ${twice}`]);
    expect(problems(rolesOf([ADMIN], [ADMIN]))).toEqual([`cluster.viewerRoleArns[0]: ${twice}`]);
    expect(problems(rolesOf([ADMIN, ADMIN.replace("role/", "role/team/").replace("platform", "Platform")]))).toEqual([
      expect.stringMatching(/^cluster\.adminRoleArns\[1\]: ".*\/team\/Platform" is listed twice; /),
    ]);
    expect(problems(rolesOf([ADMIN, ADMIN.replace("111122223333", "444455556666")]))).toEqual([]);
  });
});

describe("accessViolations", () => {
  const WORLD = "opens the Kubernetes API to the whole internet";
  const REMEDY = 'use "private", or the public addresses of deployers and operators, such as ["203.0.113.7/32"]';

  test.each<[string, ClusterAccess]>([
    ["private", "private"],
    ["one address", ["203.0.113.7/32"]],
    ["two offices", ["198.51.100.0/24", "203.0.113.0/24"]],
    ["the widest range", ["8.0.0.0/8"]],
    ["the ranges just outside private ones", ["172.32.0.0/16", "172.15.0.0/16", "9.0.0.0/8", "100.128.0.0/10"]],
    ["forty ranges", Array.from({ length: 40 }, (_, index) => `203.0.113.${index}/32`)],
  ])("accepts %s", (_case, access) => {
    expect(accessProblems(access)).toEqual([]);
  });

  test.each<[string, string[], string[]]>([
    ["nothing", [], [`clusterAccess: is an empty list; ${REMEDY}`]],
    ["the world", ["0.0.0.0/0"], [`clusterAccess[0]: "0.0.0.0/0" ${WORLD}; ${REMEDY}`]],
    [
      "the world in two halves",
      ["0.0.0.0/1", "128.0.0.0/1"],
      [`clusterAccess[0]: "0.0.0.0/1" ${WORLD}; ${REMEDY}`, `clusterAccess[1]: "128.0.0.0/1" ${WORLD}; ${REMEDY}`],
    ],
    ["half of a provider's world", ["8.0.0.0/7"], [`clusterAccess[0]: "8.0.0.0/7" ${WORLD}; ${REMEDY}`]],
    [
      "a private range",
      ["10.1.0.0/16"],
      [
        'clusterAccess[0]: "10.1.0.0/16" is not on the internet; use public addresses; clients inside the VPC need no entry',
      ],
    ],
    [
      "an address without a prefix",
      ["203.0.113.7"],
      ['clusterAccess[0]: "203.0.113.7" is not an address range; use "203.0.113.7/32"'],
    ],
    [
      "bits after the prefix",
      ["203.0.113.7/24"],
      ['clusterAccess[0]: "203.0.113.7/24" has host bits set; use "203.0.113.0/24"'],
    ],
    [
      "IPv6",
      ["2001:db8::/32"],
      [`clusterAccess[0]: "2001:db8::/32" is IPv6, and the API of this cluster has an IPv4 address only; ${REMEDY}`],
    ],
    [
      "a range twice",
      ["203.0.113.0/24", "203.0.113.0/24"],
      ['clusterAccess[1]: "203.0.113.0/24" is listed twice; list each range once'],
    ],
  ])("refuses %s", (_case, access, expected) => {
    expect(accessProblems(access)).toEqual(expected);
  });

  test("refuses more ranges than EKS takes", () => {
    const access = Array.from({ length: 41 }, (_, index) => `203.0.113.${index}/32`);

    expect(accessProblems(access)).toEqual([
      "clusterAccess: has 41 ranges, and EKS accepts at most 40; merge adjacent ranges",
    ]);
  });

  test("never lets a private address in, wherever it is in the list", () => {
    const privates = fc.oneof(
      fc.tuple(fc.constant(10), fc.nat({ max: 255 })),
      fc.tuple(fc.constant(172), fc.integer({ min: 16, max: 31 })),
      fc.tuple(fc.constant(192), fc.constant(168)),
    );
    fc.assert(
      fc.property(privates, fc.integer({ min: 16, max: 32 }), ([first, second], length) => {
        expect(accessProblems(["203.0.113.7/32", `${first}.${second}.0.0/${length}`])).toHaveLength(1);
      }),
    );
  });
});

describe("foreignRoleWarnings", () => {
  test("names the roles of other accounts, which EKS admits", () => {
    const own = `arn:aws:iam::${context.account}:role/a`;
    const other = "arn:aws:iam::999988887777:role/b";
    const grants = accessGrants({ adminRoleArns: [own], viewerRoleArns: [other] }, context);

    expect(foreignRoleWarnings({ accessGrants: grants }, context)).toEqual([
      `${other} is a role of another account than ${context.account}: check that its account is yours.`,
    ]);
  });
});
