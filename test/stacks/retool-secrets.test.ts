import { planSecrets, type SecretsSpec } from "../../domain/secrets/secrets";
import { RetoolSecrets } from "../../stacks/retool-secrets";
import { context, encryptionKey } from "../support/fakes";
import { type Synthesized, synthesize } from "../support/synthesize";

const define = (spec: SecretsSpec = {}, license = "none"): Synthesized =>
  synthesize((stack) => {
    new RetoolSecrets(stack, "Secrets", { plan: planSecrets(spec, license, context).plan, encryptionKey });
  });
const names = (template: Synthesized): unknown[] =>
  template.all("aws_secretsmanager_secret").map((secret) => secret["name"]);

describe("RetoolSecrets", () => {
  test("generates the four secrets of an environment", () => {
    expect(names(define())).toEqual([
      "retool/prod/database-password",
      "retool/prod/encryption-key",
      "retool/prod/jwt-secret",
      "retool/prod/agent-sandbox",
    ]);
  });

  test("keeps Terraform from replacing the encryption key, and lets the others be rotated", () => {
    const versions = define().json["resource"]!["aws_secretsmanager_secret_version"]!;
    const kept = Object.entries(versions)
      .filter(([, { lifecycle }]) => (lifecycle as { prevent_destroy: boolean }).prevent_destroy)
      .map(([name]) => name);

    expect(kept).toEqual([expect.stringMatching(/^Secrets_EncryptionKey_Version_/)]);
  });

  test.each(["encryptionKey", "jwtSecret", "databasePassword", "sandboxKeys"] as const)(
    "takes %s from an existing secret without touching the others",
    (id) => {
      const template = define({ [id]: { kind: "existing", name: "team/own" } });

      expect(template.onlyData("aws_secretsmanager_secret")).toMatchObject({ name: "team/own" });
      expect(names(template)).toHaveLength(3);
      expect(names(template)).not.toContain("team/own");
    },
  );

  test("needs the tls provider only where the sandbox's keys are generated", () => {
    expect(define().text()).toContain("tls_private_key");
    expect(define({ sandboxKeys: { kind: "existing", name: "team/sandbox" } }).text()).not.toContain("tls_private_key");
  });

  test("reads the license from the secret it is given, and none otherwise", () => {
    expect(define({}, "team/license").onlyData("aws_secretsmanager_secret")).toMatchObject({ name: "team/license" });
    expect(Object.keys(define().json["data"] ?? {})).not.toContain("aws_secretsmanager_secret");
  });
});
