import { App, Testing } from "cdktf";

import { prod } from "../support/environments/prod";
import type { EnvironmentSpec } from "../../domain/environment/spec";
import type { Manifest } from "../../domain/common/kubernetes";
import { RetoolStack } from "../../stacks";
import { validateCustomResource } from "../support/contracts";
import { Synthesized } from "../support/synthesize";

type Block = Readonly<Record<string, unknown>>;

const define = (spec: Partial<EnvironmentSpec>): Synthesized =>
  new Synthesized(JSON.parse(Testing.synth(new RetoolStack(new App(), { ...prod, ...spec }))) as Synthesized["json"]);
const releases = (template: Synthesized): Readonly<Record<string, Block>> =>
  Object.fromEntries(
    Object.values(template.json["resource"]!["helm_release"]!).map((block) => [String(block["name"]), block]),
  );
const valuesOf = (template: Synthesized, name: string): { manifests: Manifest[]; env: Record<string, unknown> } =>
  JSON.parse((releases(template)[name]!["values"] as string[])[0]!) as {
    manifests: Manifest[];
    env: Record<string, unknown>;
  };

const settings: Partial<EnvironmentSpec> = {
  retool: { secretEnvironment: { GITHUB_TOKEN: "team/github" } },
  secrets: { jwtSecret: { kind: "generate", revision: 3 } },
};
const byTerraform = define(settings);
const byOperator = define({ ...settings, secretDelivery: "external-secrets" });
const external = valuesOf(byOperator, "retool-secrets").manifests.filter(({ kind }) => kind === "ExternalSecret");

/** The Secrets with their keys that each way of delivery makes. */
const keysByTerraform = Object.fromEntries(
  byTerraform
    .all("kubernetes_secret_v1")
    .map((block) => [String((block["metadata"] as Block)["name"]), Object.keys(block["data_wo"] as Block).sort()]),
);
const keysByOperator = Object.fromEntries(
  external.map(({ metadata, spec }) => [
    metadata.name,
    (spec as { data: { secretKey: string }[] }).data.map(({ secretKey }) => secretKey).sort(),
  ]),
);

describe("Secrets that the External Secrets Operator writes", () => {
  test("have the names and keys of those that Terraform writes", () => {
    expect(Object.keys(keysByTerraform)).toHaveLength(6);
    expect(keysByOperator).toEqual(keysByTerraform);
    expect(byOperator.json["resource"]).not.toHaveProperty("kubernetes_secret_v1");
  });

  test("leave the values of the release as they are, but for what holds pods back", () => {
    const { env, ...values } = valuesOf(byOperator, "retool");
    const { env: plain, ...same } = valuesOf(byTerraform, "retool");
    const added = Object.entries(env).filter(([name]) => !(name in plain));

    expect(values).toEqual(same);
    expect(Object.fromEntries(added)).toEqual(
      Object.fromEntries(
        external.map(({ metadata: { name, annotations } }) => [
          `SECRET_REVISION_${name.replace("retool-", "").toUpperCase().replaceAll("-", "_")}`,
          { valueFrom: { secretKeyRef: { name, key: `revision-${annotations!["cdktf-retool/revision"]}` } } },
        ]),
      ),
    );
  });

  test("are asked for before the release that reads them", () => {
    const [address] = Object.entries(byOperator.json["resource"]!["helm_release"]!).find(
      ([, { name }]) => name === "retool-secrets",
    )!;

    expect(releases(byOperator)["retool"]!["depends_on"]).toContain(`helm_release.${address}`);
  });

  test("are read by Terraform only where something else needs the value", () => {
    const read = Object.keys(byOperator.json["ephemeral"]!["aws_secretsmanager_secret_version"]!);

    expect(read.filter((name) => name.includes("License") || name.includes("PodSecrets"))).toEqual([]);
    expect(read.some((name) => name.includes("DatabasePassword"))).toBe(true);
  });

  test("are reached through Secrets Manager, which the egress report names", () => {
    expect(byOperator.text()).toContain("secretsmanager.us-east-1.amazonaws.com");
    expect(byTerraform.text()).not.toContain("secretsmanager.us-east-1.amazonaws.com");
  });
});

describe("the key of the secrets", () => {
  const readers = (template: Synthesized): string[] => {
    const [policy] = Object.entries(template.json["resource"]!["aws_kms_key"]!)
      .filter(([name]) => name.includes("DataKey"))
      .map(([, block]) => JSON.parse(String(block["policy"])) as { Statement: Block[] });
    const statement = policy!.Statement.find(({ Sid }) => Sid === "SecretsForTheseRolesAlone");
    return (
      (statement?.["Condition"] as { ArnNotEquals: Record<string, string[]> } | undefined)?.ArnNotEquals[
        "aws:PrincipalArn"
      ] ?? []
    );
  };
  const deployRoleArn = "arn:aws:iam::111122223333:role/deploy";

  test("names the deployer and the operator, and nobody where it is not known who deploys", () => {
    expect(readers(define({ deployRoleArn, secretDelivery: "external-secrets" }))).toEqual([
      "arn:aws:iam::111122223333:root",
      deployRoleArn,
      "arn:aws:iam::111122223333:role/retool-prod-secret-store",
    ]);
    expect(readers(byTerraform)).toEqual([]);
  });
});

describe("the schemas of the operator", () => {
  test("accept every manifest of an environment", () => {
    expect(valuesOf(byOperator, "retool-secrets").manifests.flatMap(validateCustomResource)).toEqual([]);
  });
});
