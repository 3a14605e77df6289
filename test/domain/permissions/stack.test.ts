import { planEnvironment } from "../../../domain/environment/environment";
import { permissionsOf } from "../../../domain/permissions/permissions";
import { stackUse } from "../../../domain/permissions/stack";
import { prod } from "../../support/environments/prod";

const ARN = "arn:aws:secretsmanager:us-east-1:111122223333:secret:corp/database-AbCdEf";

const use = stackUse({
  resource: {
    aws_iam_role: { nodes: { assume_role_policy: '{"Principal":{"Service":"ec2.amazonaws.com"}}' } },
    aws_eks_node_group: { system: {} },
  },
  data: { aws_secretsmanager_secret: { License: { name: "retool/license-key" }, Database: { arn: ARN } } },
  ephemeral: {
    aws_secretsmanager_secret_version: { Stored: { secret_id: "${data.aws_secretsmanager_secret.Database.arn}" } },
  },
});

describe("what a synthesized stack needs rights for", () => {
  test("is the role of nodes passed to EKS, although the role trusts EC2", () => {
    expect(use.trusted).toEqual(["ec2.amazonaws.com", "eks.amazonaws.com"]);
    expect(stackUse({}).trusted).toEqual([]);
  });

  test("is a role passed to each service that it trusts, and to no audience of tokens", () => {
    const trust = (...statements: object[]): string => JSON.stringify({ Statement: statements });
    const pods = { Principal: { Service: ["pods.eks.amazonaws.com", "ec2.amazonaws.com"] } };
    const token = { Principal: { Federated: "arn" }, Condition: { StringEquals: { "x:aud": "sts.amazonaws.com" } } };

    expect(
      stackUse({ resource: { aws_iam_role: { one: { assume_role_policy: trust(pods, token) } } } }).trusted,
    ).toEqual(["ec2.amazonaws.com", "pods.eks.amazonaws.com"]);
  });

  test("are the secrets that it looks up, by name or ARN, and the values of those that it hands on", () => {
    const of = (action: string): string[] =>
      permissionsOf(planEnvironment(prod), use, "plan")
        .filter((one) => one.action === action)
        .flatMap(({ resources }) => resources)
        .filter((arn) => !arn.includes(":secret:retool/prod/"));

    expect(of("secretsmanager:DescribeSecret")).toEqual([
      ARN,
      "arn:aws:secretsmanager:us-east-1:111122223333:secret:retool/license-key-??????",
    ]);
    expect(of("secretsmanager:GetSecretValue")).toEqual([ARN]);
  });
});
