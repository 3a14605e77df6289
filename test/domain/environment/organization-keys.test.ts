import { readFileSync } from "node:fs";
import { join } from "node:path";

import { planEnvironment } from "../../../domain/environment/environment";
import { organizationKeyWarnings } from "../../../domain/environment/organization-keys";
import type { EnvironmentSpec } from "../../../domain/environment/spec";
import { planEncryptionKey } from "../../../domain/secrets/kms-key";
import { prod } from "../../support/environments/prod";

const KEY = "arn:aws:kms:us-east-1:999988887777:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const subjects = (spec: Partial<EnvironmentSpec>): string[] =>
  organizationKeyWarnings(planEnvironment({ ...prod, ...spec })).map((warning) =>
    warning.slice(0, warning.indexOf(":")),
  );

describe("what a key of the organization must allow", () => {
  test("is said of the topic of alarms, unless the topic is the organization's as well", () => {
    const topicArn = "arn:aws:sns:us-east-1:111122223333:alarms";

    expect(subjects({ encryptionKeys: { logs: KEY } })).toEqual(["encryptionKeys.logs"]);
    expect(subjects({ encryptionKeys: { logs: KEY }, observability: { alarms: { kind: "topic", topicArn } } })).toEqual(
      [],
    );
    expect(subjects({ encryptionKeys: { logs: KEY }, observability: { alarms: { kind: "off" } } })).toEqual([]);
  });

  test("is said of the disks of spot nodes", () => {
    expect(subjects({ encryptionKeys: { data: KEY }, sandbox: { purchaseOption: "spot" } })).toEqual([
      "encryptionKeys.data",
    ]);
    expect(subjects({ encryptionKeys: { data: KEY } })).toEqual([]);
  });

  test("is not said of keys that are made here", () => {
    expect(subjects({ sandbox: { purchaseOption: "spot" } })).toEqual([]);
  });

  test("stands in the guide as the statements of a key that is made here", () => {
    const guide = readFileSync(join(__dirname, "../../../docs/guides/security.md"), "utf8");
    const section = guide.slice(guide.indexOf("## Keys of your organization"));
    const shown = JSON.parse(/```json\n([\s\S]*?)```/.exec(section)?.[1] ?? "[]") as readonly object[];
    const services = ["cloudwatch-logs", "cloudwatch-alarms", "eventbridge", "ec2-spot"] as const;
    const context = planEnvironment({ ...prod, account: "111122223333", region: "us-east-1" }).context;
    const [, ...made] = planEncryptionKey({ name: "logs", description: "", services }, context).statements;

    expect(shown).toEqual(made.map((statement) => ({ Effect: "Allow", ...statement })));
  });
});
