import { retainedAddresses } from "../../domain/lifecycle/retained-data";
import { App, Testing } from "cdktf";

import { prod } from "../support/environments/prod";
import type { EnvironmentSpec } from "../../domain/environment/spec";
import { RetoolStack } from "../../stacks";
import { Synthesized } from "../support/synthesize";

const define = (spec: Partial<EnvironmentSpec>): Synthesized =>
  new Synthesized(JSON.parse(Testing.synth(new RetoolStack(new App(), { ...prod, ...spec }))) as Synthesized["json"]);

const deployRoleArn = "arn:aws:iam::111122223333:role/deploy";

describe("a second region", () => {
  const stack = define({ backup: { copyTo: { region: "us-west-2" } }, deployRoleArn });
  const elsewhere = stack.all("aws_kms_key").filter(({ provider }) => provider === "aws.second-region");

  test("has a provider that is fenced like the first", () => {
    expect(stack.json["provider"]?.["aws"]).toContainEqual(
      expect.objectContaining({
        alias: "second-region",
        region: "us-west-2",
        allowed_account_ids: ["111122223333"],
        assume_role: [{ role_arn: deployRoleArn }],
      }),
    );
  });

  test("is asked as often as the first, and so are the other providers of AWS", () => {
    const dns = {
      kind: "create",
      parentZoneId: "Z0123456789ABCDEFGHIJ",
      roleArn: "arn:aws:iam::444455556666:role/dns",
    } as const;
    const { json } = define({
      region: "eu-central-1",
      dns,
      backup: { copyTo: { region: "us-west-2" } },
      maxRetries: 3,
    });

    expect(json["provider"]?.["aws"]).toMatchObject([
      { region: "eu-central-1", max_retries: 3 },
      { alias: "second-region", max_retries: 3 },
      { alias: "dns", max_retries: 3 },
      { alias: "us-east-1", max_retries: 3 },
    ]);
  });

  test("gets copies and every generated secret, under its own key that no plan deletes", () => {
    expect(elsewhere).toMatchObject([{ lifecycle: { prevent_destroy: true } }]);
    const secrets = stack.all("aws_secretsmanager_secret");

    expect(secrets.length).toBeGreaterThanOrEqual(4);
    for (const secret of secrets) {
      expect(secret["replica"]).toEqual([
        { region: "us-west-2", kms_key_id: expect.stringMatching(/^\$\{aws_kms_key\..*SecondRegion_Key.*\.arn\}$/) },
      ]);
    }
    expect(stack.all("aws_backup_vault")).toHaveLength(2);
  });

  test("lets nobody but the deployer decrypt secrets there either", () => {
    const { Statement } = JSON.parse(String(elsewhere[0]?.["policy"])) as { Statement: Record<string, unknown>[] };

    expect(Statement.filter(({ Effect }) => Effect === "Deny")).toEqual([
      expect.objectContaining({
        Action: "kms:Decrypt",
        Condition: {
          StringEquals: { "kms:ViaService": "secretsmanager.us-west-2.amazonaws.com" },
          ArnNotEquals: { "aws:PrincipalArn": ["arn:aws:iam::111122223333:root", deployRoleArn] },
        },
      }),
    ]);
  });

  test("stays where data is retained", () => {
    const { json } = define({ backup: { copyTo: { region: "us-west-2" } }, dataProtection: "retain" });
    const kept = retainedAddresses(json);

    expect(kept.filter((address) => /SecondRegion_Key|Copies/.test(address)).length).toBeGreaterThanOrEqual(2);
  });

  test("has only a provider by default, with which Terraform forgets a former one; a disposable one too", () => {
    for (const dataProtection of ["protected", "disposable"] as const) {
      const spec = { ...prod, name: "trial", dataProtection };
      const { json } = define(spec);
      const had = define({ ...spec, backup: { copyTo: { region: "us-west-2" } } }).addresses();
      const forgotten = ((json["removed"] ?? []) as unknown as { from: string }[]).map(({ from }) => from);

      expect(json["provider"]?.["aws"]).toContainEqual(
        expect.objectContaining({ alias: "second-region", region: "us-east-1" }),
      );
      const copies = had.filter((address) => /_SecondRegion_|_Copies/.test(address));
      expect(copies.length).toBe(3);
      expect(forgotten).toEqual(expect.arrayContaining(copies));
    }
    for (const secret of define({}).all("aws_secretsmanager_secret")) expect(secret["replica"]).toBeUndefined();
  });
});
