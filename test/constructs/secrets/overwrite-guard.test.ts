import { GeneratedSecret } from "../../../constructs/secrets/generated-secret";
import { encryptionKey } from "../../support/fakes";
import { type Block, synthesize } from "../../support/synthesize";

const define = (recoveryDays: number, revision = 1) =>
  synthesize((stack) => {
    new GeneratedSecret(stack, "Secret", {
      name: "retool/prod/jwt-secret",
      description: "Signs sessions",
      revision,
      encryptionKey,
      recoveryDays,
      preventDestroy: true,
      preventReplacement: false,
    });
  });

const kept = define(30);
const lifecycleOf = (type: string): Block => kept.only(type)["lifecycle"] as Block;

// That Terraform refuses such a plan is shown on the emulator: test/emulator/lost-state.test.ts.
describe("a secret that is kept", () => {
  test("is not created where the account has one of its name", () => {
    expect(kept.only("aws_secretsmanager_secret")["description"]).toBe(
      '${contains(tolist(data.aws_secretsmanager_secrets.Secret_SameName_15E0BDAD.names), "retool/prod/jwt-secret") ? "must not be created" : "Signs sessions"}',
    );
    expect(lifecycleOf("aws_secretsmanager_secret")).toEqual({
      ignore_changes: ["description"],
      postcondition: [
        {
          condition: '${self.description != "must not be created"}',
          error_message: expect.stringContaining(
            "retool/prod/jwt-secret: the account has a secret of this name that is not in this Terraform state; import it with npx cdktf-retool adopt <environment>",
          ) as string,
        },
      ],
      prevent_destroy: true,
    });
  });

  test("asks for a list, since a question for one secret fails where there is none", () => {
    expect(kept.json["data"]?.["aws_secretsmanager_secrets"]).toEqual({
      Secret_SameName_15E0BDAD: { filter: [{ name: "name", values: ["retool/prod/jwt-secret"] }] },
    });
  });

  test("gets the new value that a raised revision asks for", () => {
    const version = define(30, 2).only("aws_secretsmanager_secret_version");

    expect(version["secret_id"]).toMatch(/^\$\{aws_secretsmanager_secret\.\w+\.arn\}$/);
    expect(version["lifecycle"]).toEqual({ prevent_destroy: false });
  });

  test("gets no first value where it has one", () => {
    expect(kept.only("aws_secretsmanager_secret_version")["secret_id"]).toMatch(
      /^\$\{try\(length\(data\.aws_secretsmanager_secret_versions\.\w+\.versions\), 0\) == 0 \? aws_secretsmanager_secret\.\w+\.arn : "must not be created"\}$/,
    );
    expect(lifecycleOf("aws_secretsmanager_secret_version")).toMatchObject({
      ignore_changes: ["secret_id"],
      postcondition: [
        {
          condition: '${self.secret_id != "must not be created"}',
          error_message: expect.stringContaining("it would be overwritten") as string,
        },
      ],
    });
  });
});

test("a secret of which nothing is kept is made without asking", () => {
  const disposable = define(0);

  expect(disposable.only("aws_secretsmanager_secret")["description"]).toBe("Signs sessions");
  expect(disposable.json["data"]).toBeUndefined();
});
