import type { TerraformStack } from "cdktf";
import type { Construct } from "constructs";

import type { IManagedSecret } from "../../constructs/common/contracts";
import type { StoredSecretProps } from "../../constructs/secrets/stored-secret";
import { encryptionKey } from "./fakes";
import { type Block, type Synthesized, synthesize } from "./synthesize";

export const storedSecretProps: StoredSecretProps = {
  name: "retool/prod/jwt-secret",
  description: "Signs sessions",
  revision: 2,
  encryptionKey,
  recoveryDays: 30,
  preventDestroy: true,
  preventReplacement: false,
};

/** Makes a secret in its own stack. */
export function define(make: (stack: TerraformStack) => IManagedSecret): {
  secret: IManagedSecret;
  template: Synthesized;
} {
  const made: IManagedSecret[] = [];
  const template = synthesize((stack) => {
    made.push(make(stack));
  });
  return { secret: made[0]!, template };
}

/** The ephemeral blocks of a type by name. */
export const ephemeral = (template: Synthesized, type: string): Record<string, Block> =>
  template.json["ephemeral"]?.[type] ?? {};
/** Name of the only ephemeral block of a type. */
export const nameOf = (template: Synthesized, type: string): string => {
  const names = Object.keys(ephemeral(template, type));
  if (names.length !== 1) throw new Error(`expected one ephemeral ${type}, found ${String(names.length)}`);
  return names[0]!;
};

/** What holds for every secret whose value Terraform draws, to be called within the describe block of its construct. */
export function testStoredSecret(
  Type: new (scope: Construct, id: string, props: StoredSecretProps) => IManagedSecret,
): void {
  const of = (over: Partial<StoredSecretProps> = {}) =>
    define((stack) => new Type(stack, "Secret", { ...storedSecretProps, ...over }));

  test("is encrypted with the given key and recoverable", () => {
    expect(of().template.only("aws_secretsmanager_secret")).toMatchObject({
      name: "retool/prod/jwt-secret",
      description: expect.stringContaining('"Signs sessions"') as string,
      kms_key_id: encryptionKey.keyArn,
      recovery_window_in_days: 30,
      lifecycle: { prevent_destroy: true },
    });
  });

  test("is deleted at once where nothing is kept", () => {
    expect(of({ recoveryDays: 0, preventDestroy: false }).template.only("aws_secretsmanager_secret")).toMatchObject({
      recovery_window_in_days: 0,
      lifecycle: { prevent_destroy: false },
    });
  });

  test("writes its value through a write-only argument, again with each revision", () => {
    const { template } = of({ revision: 7 });
    const version = template.only("aws_secretsmanager_secret_version");

    expect(version["secret_string_wo"]).toMatch(/^\$\{(ephemeral|jsonencode)/);
    expect(version["secret_string_wo_version"]).toBe(7);
    expect(version).not.toHaveProperty("secret_string");
  });

  test("lets the value be replaced unless that is prevented", () => {
    const versionOf = (preventReplacement: boolean): Block =>
      of({ preventReplacement }).template.only("aws_secretsmanager_secret_version");

    expect(versionOf(false)).toMatchObject({ lifecycle: { prevent_destroy: false } });
    expect(versionOf(true)).toMatchObject({ lifecycle: { prevent_destroy: true } });
  });

  test("hands out what was stored, never what was drawn", () => {
    const { secret, template } = of();
    const read = nameOf(template, "aws_secretsmanager_secret_version");
    const stored = Object.keys(template.json["resource"]!["aws_secretsmanager_secret_version"]!)[0]!;

    expect(secret.ephemeralValue).toBe(`\${ephemeral.aws_secretsmanager_secret_version.${read}.secret_string}`);
    expect(ephemeral(template, "aws_secretsmanager_secret_version")[read]).toMatchObject({
      version_id: `\${aws_secretsmanager_secret_version.${stored}.version_id}`,
    });
    expect(secret.ready).toHaveLength(1);
    expect(secret.revision).toBe(2);
    expect(secret.secretName).toBe("retool/prod/jwt-secret");
  });

  test("draws a value that nothing but the secret's version uses", () => {
    const { template } = of();
    const drawn = [
      ...Object.keys(ephemeral(template, "aws_secretsmanager_random_password")),
      ...Object.keys(ephemeral(template, "tls_private_key")),
    ];
    const version = template.only("aws_secretsmanager_secret_version");
    const elsewhere = template.text().replace(JSON.stringify(version["secret_string_wo"]), "");

    expect(drawn.length).toBeGreaterThan(0);
    for (const name of drawn) expect(elsewhere).not.toContain(`.${name}.`);
  });
}
