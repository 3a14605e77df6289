import { LoadBalancerRights } from "../../../constructs/cluster/load-balancer-rights";
import { synthesize } from "../../support/synthesize";

test("LoadBalancerRights allow an existing role our target groups and nothing else that changes anything", () => {
  const target = { name: "retool", serviceName: "retool", servicePort: 3000 };
  const stack = synthesize((scope) => {
    new LoadBalancerRights(scope, "Rights", {
      roleName: "theirs",
      prefix: "retool-prod",
      frontDoor: {
        targets: [
          {
            ...target,
            targetGroupArn: "arn:aws:elasticloadbalancing:::targetgroup/retool/1",
            targetGroupArnSuffix: "targetgroup/retool/1",
          },
        ],
      },
    });
  });
  const { name, role, policy } = stack.only("aws_iam_role_policy");
  const { Statement } = JSON.parse(String(policy)) as { Statement: { Action: string[]; Resource: unknown }[] };

  expect({ name, role }).toEqual({ name: "retool-prod-targets", role: "theirs" });
  expect(Statement.filter(({ Resource }) => Resource !== "*")).toMatchObject([
    { Resource: ["arn:aws:elasticloadbalancing:::targetgroup/retool/1"] },
  ]);
  for (const action of Statement.filter(({ Resource }) => Resource === "*").flatMap(({ Action }) => Action))
    expect(action).toMatch(/:Describe/);
});
