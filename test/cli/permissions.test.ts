import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { type PermissionsOptions, permissionsReport } from "../../cli/permissions";
import { planEnvironment } from "../../domain/environment/environment";
import { prod } from "../support/environments/prod";

/** A stack of three types; what the policies of a whole one allow is tested where they are made. */
const STACK = {
  resource: {
    aws_vpc: { one: {} },
    aws_kms_key: { one: {} },
    aws_iam_role: { one: { assume_role_policy: '{"Statement":[{"Principal":{"Service":"backup.amazonaws.com"}}]}' } },
  },
};

describe("cdktf-retool permissions", () => {
  const folder = mkdtempSync(join(tmpdir(), "permissions-"));
  const stacks = join(folder, "cdktf.out", "stacks", "prod");
  const write = (stack: object): void => {
    mkdirSync(stacks, { recursive: true });
    writeFileSync(join(stacks, "cdk.tf.json"), JSON.stringify(stack));
  };

  const permissions = (options: PermissionsOptions) => permissionsReport(planEnvironment(prod), folder, options);

  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  test("says what to do before the stack is synthesized", () => {
    expect(() => permissions({})).toThrow("prod: not synthesized; run npm run synth first");
  });

  test("shows each phase with the number and size of its policies", () => {
    write(STACK);
    const text = permissions({}).text();

    expect(text).toContain("deploy: first deployment");
    expect(text).toContain("Roles get no permissions boundary");
    expect(text).toContain("--out <folder> writes a file for each policy");
  });

  test("says which other environments the policies cover, and what else they can take", () => {
    write(STACK);
    const neighbours = ["prod-eu", "staging"].map((name) => planEnvironment({ ...prod, name }));
    const report = permissionsReport(planEnvironment(prod), folder, {}, neighbours);
    const text = report.text().replaceAll(/\s+/g, " ");

    expect(report.json).toMatchObject({ alsoCovered: ["prod-eu"] });
    expect(text).toContain("Warning: these policies also cover prod-eu in the same account");
    expect(text).toContain("any KMS key of the account that has neither an Environment tag nor an alias");
    expect(permissions({}).text()).not.toContain("Warning");
  });

  test("prints every policy as JSON", () => {
    write(STACK);

    expect(permissions({ json: true }).json).toMatchObject({
      environment: "prod",
      account: "111122223333",
      policies: { plan: [{ name: "retool-prod-plan-1" }], destroy: [{ name: "retool-prod-destroy-1" }] },
    });
  });

  test("writes each policy into a file", () => {
    write(STACK);
    const out = join(folder, "policies");
    expect(permissions({ out }).text()).toContain(join(out, "retool-prod-deploy-1.json"));

    expect(readdirSync(out).sort()).toEqual(
      ["change", "deploy", "destroy", "plan", "upgrade"].map((phase) => `retool-prod-${phase}-1.json`),
    );
    const document = JSON.parse(readFileSync(join(out, "retool-prod-plan-1.json"), "utf8")) as { Version: string };
    expect(document.Version).toBe("2012-10-17");
  });

  test("refuses a folder that cannot be written, and a type that was never recorded", () => {
    write(STACK);
    const file = join(stacks, "cdk.tf.json");
    expect(() => permissions({ out: file })).toThrow(`--out: ${file} cannot be written (EEXIST); use another folder`);

    write({ resource: { aws_lambda_function: { one: {} } } });
    expect(() => permissions({})).toThrow(
      "prod: the requests for aws_lambda_function are not recorded, so its permissions are unknown; remove it from the stack, or grant what it needs by another policy",
    );
  });
});
