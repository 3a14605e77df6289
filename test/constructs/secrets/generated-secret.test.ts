import { GeneratedSecret } from "../../../constructs/secrets/generated-secret";
import { define, ephemeral, storedSecretProps, testStoredSecret } from "../../support/stored-secret";

describe("GeneratedSecret", () => {
  testStoredSecret(GeneratedSecret);

  test("is 64 letters and digits, safe in connection strings", () => {
    const { template } = define((stack) => new GeneratedSecret(stack, "Secret", storedSecretProps));

    expect(Object.values(ephemeral(template, "aws_secretsmanager_random_password"))).toEqual([
      { password_length: 64, exclude_punctuation: true },
    ]);
  });
});
