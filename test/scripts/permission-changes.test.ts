import { recorded } from "../../domain/permissions/recorded";
import { together } from "../../scripts/permissions/collect";
import { completed, furtherQuestions } from "../../scripts/permissions/completed";
import { derivedQuestions, changeRows } from "../../scripts/permissions/derived";
import { readFacts } from "../../scripts/permissions/facts-file";
import { NEVER_UPDATED, SMALL_PARTS, UPDATES } from "../../scripts/permissions/updates";
import { ACTIONS } from "../support/permission-bench";

const { actions } = readFacts(ACTIONS);
const changes = changeRows(actions, recorded);
const types = Object.keys(recorded).filter((type) => type.startsWith("aws_"));
const change = (type: string): Readonly<Record<string, readonly string[]>> => changes[type]?.["change"] ?? {};

/** Actions that give tags to what a request makes. */
const GIVES = /:(TagResource|AddTags\w*|CreateTags|Tag\w+)$/;
/** Actions that take tags and are sent with none, each with the reason. */
const TAGGED_LATER: Readonly<Record<string, string>> = {
  "autoscaling:CreateOrUpdateTags": "it gives tags itself",
  "network-firewall:AssociateFirewallPolicy": "it makes nothing",
  "s3:CreateBucket": "s3:PutBucketTagging follows",
};

describe("what requests need besides", () => {
  const calls = Object.entries(recorded).flatMap(([type, rows]) =>
    Object.entries(rows).flatMap(([row, requests]) =>
      Object.entries(requests).map(([call, needed]) => ({ where: `${type} ${row} ${call}`, call, needed })),
    ),
  );
  const actionsOf = (needed: readonly string[]): string[] => needed.map((one) => one.split(" ")[0] ?? "");

  test("is written down", () => {
    expect(completed(recorded, actions)).toEqual(recorded);
  });

  test("is the action of the tags, where a create request takes them", () => {
    const takes = (call: string): boolean => {
      const { tags = [], on = {} } = actions[call] ?? {};
      return [...tags, ...Object.values(on).flat()].includes("request");
    };
    const creating = calls.filter(
      ({ call }) => takes(call) && /:(Create|Put|Request|Allocate|Run|Associate|Copy)/.test(call),
    );
    const lacking = creating.filter(({ call, needed }) => {
      return !actionsOf(needed).some((action) => GIVES.test(action)) && TAGGED_LATER[call] === undefined;
    });

    expect(creating.length).toBeGreaterThan(40);
    expect(lacking.map(({ where }) => where)).toEqual([]);
  });

  test("is the use of the key, where a secret is read or written", () => {
    const lacking = calls.filter(({ needed }) => {
      const found = actionsOf(needed);
      const isUsed = found.some((action) => /^secretsmanager:(GetSecretValue|PutSecretValue)$/.test(action));
      return isUsed && !found.includes("kms:Decrypt");
    });

    expect(calls.filter(({ call }) => call === "secretsmanager:GetSecretValue").length).toBeGreaterThan(3);
    expect(lacking.map(({ where }) => where)).toEqual([]);
  });

  test("is asked of what the request names, and only where it has tags", () => {
    const role = {
      action: "iam:CreateRole",
      resource: "arn:aws:iam::123456789012:role/retool-local-cluster",
      context: { "aws:RequestedRegion": "us-east-1", "aws:RequestTag/Environment": "local" },
    };

    expect(furtherQuestions([role], [role], actions)).toEqual([{ ...role, action: "iam:TagRole" }]);
    expect(furtherQuestions([{ ...role, context: {} }], [role], actions)).toEqual([]);
  });
});

describe("what everyday changes ask for", () => {
  test("is known for every type of resources: the requests of its update, or why it has none", () => {
    expect(types.filter((type) => UPDATES[type] === undefined && NEVER_UPDATED[type] === undefined)).toEqual([]);
    expect(Object.keys(UPDATES).filter((type) => type in NEVER_UPDATED)).toEqual([]);
    expect([...Object.keys(UPDATES), ...Object.keys(NEVER_UPDATED)].filter((type) => !types.includes(type))).toEqual(
      [],
    );
    expect(SMALL_PARTS.filter((type) => !types.includes(type))).toEqual([]);
  });

  test("is an action at least for every request", () => {
    const empty = Object.keys(UPDATES).flatMap((type) =>
      Object.entries(change(type)).flatMap(([call, needed]) => (needed.length === 0 ? [`${type} ${call}`] : [])),
    );

    expect(empty).toEqual([]);
  });

  test("is written down", () => {
    expect(together(recorded, changes)).toEqual(recorded);
  });

  test.each([
    [
      "as recorded where it is made",
      "aws_s3_bucket_policy",
      "s3:PutBucketPolicy",
      ["s3:PutBucketPolicy s3:bucket name"],
    ],
    [
      "with the tag that it has by then",
      "aws_kms_key",
      "kms:EnableKeyRotation",
      ["kms:EnableKeyRotation kms:key resource"],
    ],
    [
      "by the reference",
      "aws_lb",
      "elasticloadbalancing:SetSubnets",
      ["elasticloadbalancing:SetSubnets elasticloadbalancing:loadbalancer/app/ name"],
    ],
    ["without a tag", "aws_vpc", "ec2:DeleteTags", ["ec2:DeleteTags ec2:vpc resource"]],
    [
      "with the key, which only the service uses",
      "aws_secretsmanager_secret",
      "secretsmanager:UpdateSecret",
      [
        "kms:Decrypt kms:key via",
        "kms:Encrypt kms:key via",
        "kms:GenerateDataKey kms:key via",
        "secretsmanager:UpdateSecret secretsmanager:Secret name",
      ],
    ],
    ["for a part that comes and goes", "aws_sns_topic_subscription", "sns:Subscribe", ["sns:Subscribe sns:topic name"]],
  ])("%s: %s %s", (_, type, call, needed) => {
    expect([...(change(type)[call] ?? [])].sort()).toEqual(needed);
  });

  test("is asked of what was recorded, with the tag that it has by then, and not with the one that it gets", () => {
    const made = {
      action: "ec2:CreateTags",
      resource: "arn:aws:ec2:us-east-1:123456789012:vpc/vpc-1",
      context: { "aws:RequestedRegion": "us-east-1", "aws:RequestTag/Environment": "local" },
    };
    const read = {
      action: "ec2:DescribeVpcAttribute",
      resource: made.resource,
      context: { "aws:RequestedRegion": "us-east-1", "aws:ResourceTag/Environment": "local" },
    };
    const rows = { aws_vpc: { change: { "ec2:DeleteTags": ["ec2:DeleteTags ec2:vpc resource"] } } };

    expect(derivedQuestions(rows, "change", ["aws_vpc"], [made, read], actions)).toEqual([
      { ...read, action: "ec2:DeleteTags" },
    ]);
    expect(() => derivedQuestions(rows, "change", ["aws_vpc"], [made], actions)).toThrow(
      "ec2:DeleteTags ec2:vpc resource: no resource of the type was recorded",
    );
  });
});

describe("a change in place", () => {
  test("may name all that its request can name, and not only what a recorded one named", () => {
    expect(change("aws_db_instance")["rds:ModifyDBInstance"]).toEqual(
      expect.arrayContaining([
        "rds:ModifyDBInstance rds:db name",
        "rds:ModifyDBInstance rds:pg name",
        "rds:ModifyDBInstance rds:subgrp name",
        "iam:PassRole iam:role name",
      ]),
    );
    expect(Object.values(change("aws_sns_topic")).flat().join()).not.toContain("iam:PassRole");
  });

  test("reaches rules of the cluster's own security group", () => {
    for (const type of ["aws_vpc_security_group_ingress_rule", "aws_vpc_security_group_egress_rule"]) {
      expect(change(type)["ec2:ModifySecurityGroupRules"]).toContain(
        "ec2:ModifySecurityGroupRules ec2:security-group cluster",
      );
    }
  });
});
