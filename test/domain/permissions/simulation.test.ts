import { planEnvironment } from "../../../domain/environment/environment";
import type { Permission } from "../../../domain/permissions/permission";
import { permissionsOf, policiesOf } from "../../../domain/permissions/permissions";
import { recorded } from "../../../domain/permissions/recorded";
import { type Simulation, simulationsOf } from "../../../domain/permissions/simulation";
import type { StackUse } from "../../../domain/permissions/stack";
import { prod } from "../../support/environments/prod";
import { evaluate } from "../../support/iam-evaluator";

const plan = planEnvironment(prod);

/** A stack of everything that was ever recorded. */
const use: StackUse = {
  types: Object.keys(recorded),
  trusted: ["ec2.amazonaws.com", "eks.amazonaws.com"],
  secrets: ["retool/license-key"],
  readSecrets: ["retool/license-key"],
  attached: ["arn:aws:iam::aws:policy/AmazonEKSClusterPolicy"],
  records: ["retool.example.com", "*.retool.example.com"],
  regions: {},
};

const one = (permission: Partial<Permission>, of = plan): Simulation[] =>
  simulationsOf(of, [{ action: "ec2:CreateVpc", resources: ["*"], conditions: {}, ...permission }]);

describe("the simulations of a phase", () => {
  test.each(["deploy", "change"] as const)(
    "hold for somebody who has the policies of %s, and for nobody else",
    (phase) => {
      const granted = JSON.stringify({
        Statement: policiesOf(plan, use, phase).flatMap(({ document }) => document.Statement),
      });
      const refused = simulationsOf(plan, permissionsOf(plan, use, phase)).flatMap(({ requests, context }) => {
        const values = Object.fromEntries(
          Object.entries(context).map(([key, list]) => [key, key.startsWith("route53:") ? list : (list[0] ?? "")]),
        );
        return requests.flatMap(({ action, resources }) =>
          resources
            .filter((resource) => evaluate(granted, { action, resource, context: values }) !== "Allow")
            .map((resource) => `${action} ${resource}`),
        );
      });

      expect(refused).toEqual([]);
    },
  );

  test("name no wildcard, but for all resources at once, and put every service and context into one question", () => {
    const simulations = simulationsOf(plan, permissionsOf(plan, use, "deploy"));
    const resources = simulations.flatMap(({ requests }) => requests.flatMap((request) => request.resources));

    expect(resources.filter((arn) => arn !== "*" && /[*?]/.test(arn))).toEqual([]);
    expect(simulations.length).toBeLessThan(80);
  });

  test("ask for each single value, and for lists at once", () => {
    const passed = { StringEquals: { "iam:PassedToService": ["ec2.amazonaws.com", "eks.amazonaws.com"] } };
    const written = { "ForAllValues:StringLike": { "route53:names": ["a.example.com", "_*.a.example.com"] } };

    expect(one({ action: "iam:PassRole", conditions: passed }).map(({ context }) => context)).toEqual([
      expect.objectContaining({ "iam:PassedToService": ["ec2.amazonaws.com"], "aws:RequestedRegion": ["us-east-1"] }),
      expect.objectContaining({ "iam:PassedToService": ["eks.amazonaws.com"] }),
    ]);
    expect(one({ conditions: written }).map(({ context }) => context["route53:names"])).toEqual([
      ["a.example.com", "_x.a.example.com"],
    ]);
  });

  test("ask in the region of the resource", () => {
    const resources = ["eu-west-1", "us-east-1"].map((region) => `arn:aws:rds:${region}:111122223333:db:retool-*`);

    expect(
      one({ action: "rds:CreateDBInstance", resources }).map(({ context, requests }) => [
        context["aws:RequestedRegion"],
        requests[0]?.resources,
      ]),
    ).toEqual([
      [["eu-west-1"], ["arn:aws:rds:eu-west-1:111122223333:db:retool-x"]],
      [["us-east-1"], ["arn:aws:rds:us-east-1:111122223333:db:retool-x"]],
    ]);
  });

  test("leave out what IAM cannot answer", () => {
    const records = { action: "route53:ChangeResourceRecordSets", resources: ["arn:aws:route53:::hostedzone/*"] };
    const roleArn = "arn:aws:iam::444455556666:role/dns";

    expect(one(records)).toHaveLength(1);
    expect(one(records, { ...plan, dns: { ...plan.dns, roleArn } })).toEqual([]);
    expect(one({ action: "iam:CreateServiceLinkedRole" })).toEqual([]);
    expect(one({ action: "kms:Decrypt", resources: ["arn:aws:kms:us-east-1:1:key/1"], isExact: true })).toEqual([]);
    expect(
      one({ action: "ec2:CreateSubnet", resources: ["arn:aws:ec2:us-east-1:1:vpc/1"], isExact: true }),
    ).toHaveLength(1);
  });
});
