import { EncryptionKey } from "../../../constructs/secrets/kms-key";
import { type EncryptionKeySpec, planEncryptionKey } from "../../../domain/secrets/kms-key";
import { context } from "../../support/fakes";
import { type Synthesized, synthesize } from "../../support/synthesize";

const spec: EncryptionKeySpec = { name: "data", description: "Data of 100% ${things}" };
const define = (dataProtection: "protected" | "disposable" = "protected"): Synthesized =>
  synthesize((stack) => {
    const plan = planEncryptionKey(spec, { ...context, dataProtection });
    new EncryptionKey(stack, "Key", { plan });
  });

describe("EncryptionKey", () => {
  test("rotates by itself", () => {
    expect(define().only("aws_kms_key")).toMatchObject({ enable_key_rotation: true });
  });

  test("hands Terraform its description literally", () => {
    expect(define().only("aws_kms_key")).toMatchObject({ description: "Data of 100% $${things}" });
  });

  test("has an alias that points at it", () => {
    const template = define();

    expect(template.only("aws_kms_alias")).toMatchObject({ name: "alias/retool-prod-data" });
    expect(template.only("aws_kms_alias")["target_key_id"]).toMatch(/^\$\{aws_kms_key\.[^.]+\.key_id\}$/);
  });

  test("cannot be destroyed where data is protected", () => {
    expect(define("protected").only("aws_kms_key")).toMatchObject({
      deletion_window_in_days: 30,
      lifecycle: { prevent_destroy: true },
    });
    expect(define("disposable").only("aws_kms_key")).toMatchObject({
      deletion_window_in_days: 7,
      lifecycle: { prevent_destroy: false },
    });
  });

  test("carries the policy of its plan", () => {
    const policy = JSON.parse(define().only("aws_kms_key")["policy"] as string) as { Statement: { Effect: string }[] };

    expect(policy.Statement).toEqual([
      {
        Effect: "Allow",
        Sid: "PoliciesOfTheAccount",
        Principal: { AWS: "arn:aws:iam::111122223333:root" },
        Action: "kms:*",
        Resource: "*",
      },
    ]);
  });
});
