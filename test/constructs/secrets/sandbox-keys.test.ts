import { SandboxKeys } from "../../../constructs/secrets/sandbox-keys";
import { define, ephemeral, nameOf, storedSecretProps, testStoredSecret } from "../../support/stored-secret";

describe("SandboxKeys", () => {
  testStoredSecret(SandboxKeys);

  const { template } = define((stack) => new SandboxKeys(stack, "Secret", storedSecretProps));

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
