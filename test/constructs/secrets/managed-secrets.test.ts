import type { IManagedSecret } from "../../../constructs/common/contracts";
import type { StoredSecretProps } from "../../../constructs/secrets/ephemeral-secret";
import { ExistingSecret } from "../../../constructs/secrets/existing-secret";
import { GeneratedSecret } from "../../../constructs/secrets/generated-secret";
import { SandboxKeys } from "../../../constructs/secrets/sandbox-keys";
import type { TerraformStack } from "cdktf";
import { encryptionKey } from "../../support/fakes";
import { type Block, type Synthesized, synthesize } from "../../support/synthesize";

const props: StoredSecretProps = {
  name: "retool/prod/jwt-secret",
  description: "Signs sessions",
  revision: 2,
  encryptionKey,
  recoveryDays: 30,
  preventDestroy: true,
  preventReplacement: false,
};

function define(make: (stack: TerraformStack) => IManagedSecret): { secret: IManagedSecret; template: Synthesized } {
  const made: IManagedSecret[] = [];
  const template = synthesize((stack) => {
    made.push(make(stack));
  });
  return { secret: made[0]!, template };
}

/** The ephemeral blocks of a type by name. */
const ephemeral = (template: Synthesized, type: string): Record<string, Block> =>
  template.json["ephemeral"]?.[type] ?? {};
const nameOf = (template: Synthesized, type: string): string => {
  const names = Object.keys(ephemeral(template, type));
  if (names.length !== 1) throw new Error(`expected one ephemeral ${type}, found ${String(names.length)}`);
  return names[0]!;
};

describe.each([
  ["GeneratedSecret", GeneratedSecret],
  ["SandboxKeys", SandboxKeys],
] as const)("%s", (_, Type) => {
  const of = (over: Partial<StoredSecretProps> = {}) =>
    define((stack) => new Type(stack, "Secret", { ...props, ...over }));

  test("is encrypted with the given key and recoverable", () => {
    expect(of().template.only("aws_secretsmanager_secret")).toMatchObject({
      name: "retool/prod/jwt-secret",
      description: "Signs sessions",
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

  test("writes its value through a write-only argument, anew with each revision", () => {
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
});

describe("GeneratedSecret", () => {
  test("is 64 letters and digits, safe in connection strings", () => {
    const { template } = define((stack) => new GeneratedSecret(stack, "Secret", props));

    expect(Object.values(ephemeral(template, "aws_secretsmanager_random_password"))).toEqual([
      { password_length: 64, exclude_punctuation: true },
    ]);
  });
});

describe("SandboxKeys", () => {
  const { template } = define((stack) => new SandboxKeys(stack, "Secret", props));

  test("draws a key pair for ES256", () => {
    expect(Object.values(ephemeral(template, "tls_private_key"))).toEqual([
      { algorithm: "ECDSA", ecdsa_curve: "P256" },
    ]);
  });

  test("draws 64 hexadecimal digits", () => {
    const [arguments_] = Object.values(ephemeral(template, "aws_secretsmanager_random_password"));
    const excluded = new Set(Array.from(arguments_!["exclude_characters"] as string));
    const left = Array.from("0123456789abcdefghijklmnopqrstuvwxyz").filter((character) => !excluded.has(character));

    expect(arguments_).toMatchObject({ password_length: 64, exclude_punctuation: true, exclude_uppercase: true });
    expect(left.join("")).toBe("0123456789abcdef");
  });

  test("encodes all three as JSON while Terraform runs", () => {
    const pair = nameOf(template, "tls_private_key");
    const key = nameOf(template, "aws_secretsmanager_random_password");

    expect(template.only("aws_secretsmanager_secret_version")["secret_string_wo"]).toBe(
      `\${jsonencode({ "jwt-public-key" = ephemeral.tls_private_key.${pair}.public_key_pem, ` +
        `"jwt-private-key" = ephemeral.tls_private_key.${pair}.private_key_pem_pkcs8, ` +
        `"encryption-key" = ephemeral.aws_secretsmanager_random_password.${key}.random_password })}`,
    );
  });
});

describe("ExistingSecret", () => {
  const of = (use: (secret: ExistingSecret) => unknown) =>
    define((stack) => {
      const made = new ExistingSecret(stack, "Secret", { name: "team/license", revision: 5 });
      use(made);
      return made;
    });
  const { secret, template } = of(({ ephemeralValue }) => ephemeralValue);

  test("reads nothing where nobody asks for the value", () => {
    expect(of(() => undefined).template.json).not.toHaveProperty("ephemeral");
  });

  test("is looked up by name, so that a missing one stops the plan", () => {
    expect(template.onlyData("aws_secretsmanager_secret")).toMatchObject({ name: "team/license" });
  });

  test("reads the current value and changes nothing", () => {
    const read = nameOf(template, "aws_secretsmanager_secret_version");

    expect(secret.ephemeralValue).toBe(`\${ephemeral.aws_secretsmanager_secret_version.${read}.secret_string}`);
    expect(Object.keys(ephemeral(template, "aws_secretsmanager_secret_version")[read]!)).toEqual(["secret_id"]);
    expect(template.addresses()).toEqual([]);
    expect(secret).toMatchObject({ secretName: "team/license", revision: 5, ready: [] });
  });
});
