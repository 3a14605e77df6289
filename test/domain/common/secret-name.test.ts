import fc from "fast-check";

import { secretNameViolations, secretReference } from "../../../domain/common/secret-name";

const refused = (name: string): string[] => secretNameViolations(name, "license").map(({ problem }) => problem);

describe("secretNameViolations", () => {
  test.each([
    "retool/license-key",
    "retool/prod/database-password",
    "Prod/RetoolPlatform/EncryptionKey2026",
    "team-a.retool@2026-11-21",
    "TerraformStateEncryptionKey",
    "retool_prod_us_east_1_111122223333",
    "a",
    "RetoolLicense7C1B2A3D-9fQ2xkLmZ0aP",
    "LicenseSecretA720EF05-1HTQ2XQ8ZKLFJ",
    "platform-RetoolJwt-AbCdEfGh1234",
    "9f1c2d3e-4b5a-6c7d-8e9f-0a1b2c3d4e5f",
    "prod/9f1c2d3e-4b5a-6c7d-8e9f-0a1b2c3d4e5f",
    "rds!db-1a2b3c4d-1111-2222-3333-444455556666",
    "arn:aws:secretsmanager:us-east-1:111122223333:secret:retool/jwt-AbCdEf",
    "arn:aws-us-gov:secretsmanager:us-gov-west-1:111122223333:secret:rds!cluster-1a2b3c4d-1111-2222-3333-444455556666-AbCdEf",
    "arn:aws:secretsmanager:us-east-1:111122223333:secret:retool/db-AbCdEf:password::",
    "retool/db:password",
    "arn:aws:secretsmanager:us-east-1:111122223333:secret:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822c",
  ])("takes %s for a name", (name) => {
    expect(refused(name)).toEqual([]);
  });

  test.each([
    ["an access key", "wJ4lrXUtnF3MI/K7MD8NGbPx+RfiCYq8Lk2Xv0aZ"],
    ["a JWT", "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJlLW9mLTEyMzQ1Njc4"],
    ["a license key", "SSOP_5f3c1a9e-2b7d-4c6f-8a1e-9d0b3c4e5f6a"],
    ["a license key of digits", "SSOP_12345678-1234-1234-1234-123456789012"],
    ["base64", "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA="],
    ["hexadecimal digits", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"],
  ])("takes %s for the secret itself, and does not repeat it", (_, value) => {
    expect(secretNameViolations(value, "license")).toEqual([
      {
        path: "license",
        problem: `the ${value.length} characters given look like the secret's value`,
        remedy:
          "store the value in Secrets Manager and use the secret's name here; the ARN of a secret is always taken for what it is",
      },
    ]);
  });

  test.each(["-----BEGIN PRIVATE KEY-----\nMIGH\n-----END PRIVATE KEY-----", '{"private_key":"x"}', "two words", ""])(
    "knows that no secret has the name %j",
    (value) => {
      expect(refused(value)).toEqual([`the ${value.length} characters given are not the name of a secret`]);
    },
  );

  test.each([
    ["retool/db", { id: "retool/db", isArn: false }],
    ["retool/db:password", { id: "retool/db", isArn: false, member: "password" }],
    ["rds!db-1a2b", { id: "rds!db-1a2b", isArn: false, member: "password" }],
    ["rds!db-1a2b:username", { id: "rds!db-1a2b", isArn: false, member: "username" }],
    [
      "arn:aws:secretsmanager:us-east-1:111122223333:secret:rds!db-1a2b-AbCdEf",
      {
        id: "arn:aws:secretsmanager:us-east-1:111122223333:secret:rds!db-1a2b-AbCdEf",
        isArn: true,
        member: "password",
      },
    ],
  ])("reads %s", (text, reference) => {
    expect(secretReference(text)).toEqual(reference);
  });

  const drawn = (alphabet: string, length: number) =>
    fc
      .array(fc.noBias(fc.integer({ min: 0, max: alphabet.length - 1 })), { minLength: length, maxLength: length })
      .map((indexes) => indexes.map((index) => alphabet[index]).join(""));
  const LETTERS_AND_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

  test("recognizes what Secrets Manager draws", () => {
    fc.assert(
      fc.property(drawn(LETTERS_AND_DIGITS, 64), (value) => {
        expect(refused(value)).toHaveLength(1);
      }),
    );
  });

  test("never takes words with hyphens and slashes for a secret", () => {
    const word = fc.stringMatching(/^[a-z]{3,12}$/);
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 8 }), fc.constantFrom("-", "/", "_"), (words, between) => {
        expect(refused(words.join(between))).toEqual([]);
      }),
    );
  });
});
