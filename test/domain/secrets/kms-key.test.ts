import { type EncryptionKeySpec, type KeyService, planEncryptionKey } from "../../../domain/secrets/kms-key";
import { context } from "../../support/fakes";
import { evaluate } from "../../support/iam-evaluator";

const spec: EncryptionKeySpec = { name: "data", description: "Everything at rest" };
const policyFor = (...services: KeyService[]): string =>
  JSON.stringify({
    Statement: planEncryptionKey({ ...spec, services }, context).statements.map((statement) => ({
      Effect: "Allow",
      ...statement,
    })),
  });
const generate = (policy: string, service: string, requestContext: Record<string, string>): string =>
  evaluate(policy, { action: "kms:GenerateDataKey", resource: "*", service, context: requestContext });

const LOG_GROUP = { "kms:EncryptionContext:aws:logs:arn": "arn:aws:logs:us-east-1:111122223333:log-group:/aws/eks/x" };
/** SNS names its topic to KMS; EventBridge names no account. */
const TOPIC = { "kms:EncryptionContext:aws:sns:topicArn": "arn:aws:sns:us-east-1:111122223333:retool-prod-alarms" };
const SOURCE = { "aws:SourceAccount": "111122223333" };

describe("planEncryptionKey", () => {
  test("names the key after the environment and its purpose", () => {
    expect(planEncryptionKey(spec, context)).toMatchObject({
      alias: "alias/retool-prod-data",
      description: "Everything at rest",
    });
  });

  test.each([
    ["protected", true, 30],
    ["retain", true, 30],
    ["disposable", false, 7],
  ] as const)("%s: prevent_destroy %s, %s days to think again", (dataProtection, preventDestroy, days) => {
    expect(planEncryptionKey(spec, { ...context, dataProtection })).toMatchObject({
      preventDestroy,
      deletionWindowDays: days,
    });
  });

  test("leaves the account's IAM policies in charge, so that the key can always be managed", () => {
    const [first] = planEncryptionKey(spec, { ...context, region: "us-gov-west-1" }).statements;

    expect(first).toMatchObject({ Principal: { AWS: "arn:aws-us-gov:iam::111122223333:root" }, Action: "kms:*" });
  });

  test.each<[KeyService, string, Record<string, string>]>([
    ["cloudwatch-logs", "logs.us-east-1.amazonaws.com", LOG_GROUP],
    ["cloudwatch-alarms", "cloudwatch.amazonaws.com", SOURCE],
    ["eventbridge", "events.amazonaws.com", TOPIC],
  ])("%s may use it only for this account, and only where asked for", (service, principal, own) => {
    const foreign = Object.fromEntries(
      Object.entries(own).map(([key, value]) => [key, value.replace("111122223333", "999999999999")]),
    );

    expect(generate(policyFor(service), principal, own)).toBe("Allow");
    expect(generate(policyFor(service), principal, foreign)).toBe("None");
    expect(generate(policyFor(service), principal, {})).toBe("None");
    expect(generate(policyFor(), principal, own)).toBe("None");
  });

  test("lets EC2's role for spot instances use it, only where spot instances are bought", () => {
    const role = "arn:aws:iam::111122223333:role/aws-service-role/spot.amazonaws.com/AWSServiceRoleForEC2Spot";
    const decision = (policy: string, action: string, principal: string, more: Record<string, string> = {}): string =>
      evaluate(policy, {
        action,
        resource: "*",
        principal: "arn:aws:iam::999999999999:user/nobody",
        context: { "aws:PrincipalArn": principal, "kms:CallerAccount": "111122223333", ...more },
      });
    const policy = policyFor("ec2-spot");

    expect(decision(policy, "kms:Decrypt", role)).toBe("Allow");
    expect(decision(policy, "kms:CreateGrant", role)).toBe("None");
    expect(decision(policy, "kms:CreateGrant", role, { "kms:GrantIsForAWSResource": "true" })).toBe("Allow");
    expect(decision(policy, "kms:Decrypt", role.replace("spot.", "autoscaling."))).toBe("None");
    expect(decision(policy, "kms:ScheduleKeyDeletion", role)).toBe("None");
    expect(decision(policyFor(), "kms:Decrypt", role)).toBe("None");
  });

  test.each<[KeyService, string, string[]]>([
    ["cloudwatch-logs", "CloudWatchLogs", ["Encrypt", "Decrypt", "ReEncrypt*", "GenerateDataKey*", "Describe*"]],
    ["cloudwatch-alarms", "CloudWatchAlarms", ["Decrypt", "GenerateDataKey*"]],
    ["eventbridge", "EventBridge", ["Decrypt", "GenerateDataKey*"]],
  ])("%s gets what its documentation asks for, and no more", (service, sid, actions) => {
    const [account, own] = planEncryptionKey({ ...spec, services: [service] }, context).statements;

    expect(account).toMatchObject({ Sid: "PoliciesOfTheAccount", Resource: "*" });
    expect(own).toMatchObject({ Sid: sid, Action: actions.map((action) => `kms:${action}`), Resource: "*" });
  });

  test("no service is added unasked", () => {
    expect(planEncryptionKey(spec, context).statements).toHaveLength(1);
  });

  test("no service may manage the key", () => {
    const policy = policyFor("cloudwatch-logs", "cloudwatch-alarms", "eventbridge");

    for (const action of ["kms:PutKeyPolicy", "kms:ScheduleKeyDeletion", "kms:CreateGrant"])
      for (const service of ["logs.us-east-1.amazonaws.com", "cloudwatch.amazonaws.com", "events.amazonaws.com"])
        expect(
          evaluate(policy, { action, resource: "*", service, context: { ...LOG_GROUP, ...SOURCE, ...TOPIC } }),
        ).toBe("None");
  });

  describe("with named readers of secrets", () => {
    const readers = ["arn:aws:iam::111122223333:role/deploy", "arn:aws:iam::111122223333:role/store"];
    const { statements } = planEncryptionKey({ ...spec, secretReaders: readers }, context);
    const policy = JSON.stringify({ Statement: statements.map((statement) => ({ Effect: "Allow", ...statement })) });
    const decrypt = (principal: string, via = "secretsmanager"): string =>
      evaluate(policy, {
        action: "kms:Decrypt",
        resource: "*",
        // An account's root stands for all of its principals: their own policies decide.
        principal: "arn:aws:iam::111122223333:root",
        context: { "kms:ViaService": `${via}.us-east-1.amazonaws.com`, "aws:PrincipalArn": principal },
      });

    test.each([...readers, "arn:aws:iam::111122223333:root"])("%s may decrypt them", (principal) => {
      expect(decrypt(principal)).toBe("Allow");
    });

    test("nobody else may, even if the account's policies allow it, and other services are as before", () => {
      expect(decrypt("arn:aws:iam::111122223333:role/administrator")).toBe("Deny");
      expect(decrypt("arn:aws:iam::111122223333:role/deploy2")).toBe("Deny");
      expect(decrypt("arn:aws:iam::111122223333:role/retool-prod-blob-access", "s3")).toBe("Allow");
    });
  });
});
