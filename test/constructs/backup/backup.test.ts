import { AwsProvider } from "@cdktf/provider-aws/lib/provider";

import { Backup } from "../../../constructs/backup/backup";
import { type BackupSpec, planBackup } from "../../../domain/backup/backup";
import { context } from "../../support/fakes";
import { type Synthesized, synthesize } from "../../support/synthesize";

const KEY = { keyArn: "arn:aws:kms:us-east-1:111122223333:key/data" };
const COPY_KEY = { keyArn: "arn:aws:kms:eu-west-1:111122223333:key/copies" };
const RESOURCES = ["arn:aws:rds:us-east-1:111122223333:db:retool", "arn:aws:s3:::retool"];
const sources = {
  database: { multiAz: true, backupRetentionDays: 14, storageGiB: 100 },
  blobStorage: { noncurrentVersionDays: 35 },
};

const define = (spec: BackupSpec = {}, more: Partial<typeof context> = {}, withCopy = true): Synthesized =>
  synthesize((stack) => {
    const { plan } = planBackup(spec, { ...context, ...more }, sources);
    const provider = new AwsProvider(stack, "Other", { region: "eu-west-1", alias: "backup" });
    const copy = withCopy ? { provider, encryptionKey: COPY_KEY } : undefined;
    new Backup(stack, "Backup", { plan, encryptionKey: KEY, resources: RESOURCES, copy });
  });

describe("Backup", () => {
  const template = define();

  test("copies database and bucket every day, by a role of AWS Backup that has its policies by then", () => {
    const rule = template.only("aws_backup_plan")["rule"] as Record<string, unknown>[];

    expect(rule).toMatchObject([
      {
        schedule: "cron(0 2 * * ? *)",
        start_window: 60,
        completion_window: 360,
        lifecycle: { delete_after: 35 },
        copy_action: [],
      },
    ]);
    // RDS keeps its own continuous backups; AWS Backup would take over their window and retention.
    expect(rule[0]).not.toHaveProperty("enable_continuous_backup");
    expect(template.only("aws_backup_selection")).toMatchObject({
      resources: RESOURCES,
      depends_on: [
        expect.stringMatching(/^aws_iam_role_policy_attachment\./),
        expect.stringMatching(/^aws_iam_role_policy_attachment\./),
      ],
    });
    expect(template.only("aws_iam_role")["assume_role_policy"]).toContain("backup.amazonaws.com");
  });

  test("keeps them under a key for them in a vault that no plan deletes", () => {
    expect(template.all("aws_backup_vault")).toEqual([
      expect.objectContaining({
        name: "retool-prod-backup",
        kms_key_arn: KEY.keyArn,
        force_destroy: false,
        lifecycle: { prevent_destroy: true },
      }),
    ]);
    expect(template.all("aws_backup_vault_lock_configuration")).toEqual([]);
  });

  test("leaves the vault of earlier releases and its lock as they are: AWS gives no vault another key", () => {
    const removed = (...spec: Parameters<typeof define>): string[] =>
      ((define(...spec).json["removed"] ?? []) as unknown as { from: string }[])
        .map(({ from }) => from)
        .filter((address) => !address.includes("_Copies"));

    expect(removed()).toEqual([expect.stringMatching(/^aws_backup_vault\.Backup_[0-9A-F]{8}$/)]);
    expect(removed({ lock: "governance" })).toContainEqual(
      expect.stringMatching(/^aws_backup_vault_lock_configuration\.Backup_Lock_[0-9A-F]{8}$/),
    );
    expect(removed({}, { dataProtection: "disposable" })).toEqual([]);
  });

  test("is emptied with disposable data", () => {
    expect(define({}, { dataProtection: "disposable" }).only("aws_backup_vault")).toMatchObject({
      force_destroy: true,
      lifecycle: { prevent_destroy: false },
    });
  });

  test("copies every copy to the second region, under a key of that region", () => {
    const copied = define({ copyTo: { region: "eu-west-1", retentionDays: 90 } });
    const rules = copied.only("aws_backup_plan")["rule"] as { copy_action: unknown }[];

    expect(copied.all("aws_backup_vault").find(({ provider }) => provider !== undefined)).toMatchObject({
      kms_key_arn: COPY_KEY.keyArn,
      provider: "aws.backup",
      lifecycle: { prevent_destroy: true },
    });
    expect(rules[0]?.copy_action).toEqual([
      {
        destination_vault_arn: expect.stringMatching(/^\$\{aws_backup_vault\..*Copies.*\.arn\}$/) as string,
        lifecycle: { delete_after: 90 },
      },
    ]);
  });

  test("locks both vaults, for good where it is told so", () => {
    const locks = (lock: "governance" | "compliance"): unknown[] =>
      define({ lock, copyTo: { region: "eu-west-1" } }).all("aws_backup_vault_lock_configuration");

    expect(locks("compliance")).toHaveLength(2);
    for (const lock of locks("compliance")) {
      expect(lock).toMatchObject({ min_retention_days: 35, changeable_for_days: 3 });
    }
    expect(locks("governance")).toContainEqual(expect.objectContaining({ provider: "aws.backup" }));
    for (const lock of locks("governance")) expect(lock).not.toHaveProperty("changeable_for_days");
  });

  test("says what is missing for a second region", () => {
    expect(() => define({ copyTo: { region: "eu-west-1" } }, {}, false)).toThrow(
      "the plan has a second region, and no provider for it is given",
    );
  });

  test("keeps the vault and selects nothing where everything is somebody else's: AWS refuses an empty selection", () => {
    const empty = synthesize((stack) => {
      const { plan } = planBackup({}, context, sources);
      new Backup(stack, "Backup", { plan, encryptionKey: KEY, resources: [] });
    });

    expect(empty.all("aws_backup_vault")).toHaveLength(1);
    expect(empty.all("aws_backup_selection")).toEqual([]);
    expect(empty.all("aws_iam_role")).toEqual([]);
  });
});
