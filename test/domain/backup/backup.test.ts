import fc from "fast-check";

import { type BackupSpec, planBackup } from "../../../domain/backup/backup";
import { formatViolation } from "../../../domain/common/violation";
import { context } from "../../support/fakes";

const sources = {
  database: { multiAz: true, backupRetentionDays: 14, storageGiB: 100 },
  blobStorage: { noncurrentVersionDays: 35 },
};
const plan = (spec?: BackupSpec, more: Partial<typeof context> = {}): ReturnType<typeof planBackup> =>
  planBackup(spec, { ...context, ...more }, sources);
const refusals = (spec: unknown, more: Partial<typeof context> = {}): string[] =>
  plan(spec as BackupSpec, more).violations.map(formatViolation);

describe("planBackup", () => {
  test("keeps daily copies for 35 days in one region without a lock", () => {
    expect(plan()).toMatchObject({
      plan: {
        vaultName: "retool-prod-backup",
        copyVaultName: "retool-prod",
        schedule: "cron(0 2 * * ? *)",
        retentionDays: 35,
        emptyOnDestroy: false,
        preventDestroy: true,
      },
      violations: [],
    });
    expect(plan().plan.copyTo).toBeUndefined();
    expect(plan().plan.lock).toBeUndefined();
  });

  test("gives AWS Backup the policies of its own partition", () => {
    expect(plan({}, { region: "cn-north-1" }).plan.policyArns).toEqual([
      "arn:aws-cn:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup",
      "arn:aws-cn:iam::aws:policy/AWSBackupServiceRolePolicyForS3Backup",
    ]);
  });

  test("keeps copies elsewhere as long as here, or as long as it is told", () => {
    expect(plan({ retentionDays: 7, copyTo: { region: "eu-west-1" } }).plan.copyTo).toEqual({
      region: "eu-west-1",
      retentionDays: 7,
    });
    expect(plan({ copyTo: { region: "eu-west-1", retentionDays: 90 } }).plan.copyTo?.retentionDays).toBe(90);
  });

  test.each([
    ["governance", undefined],
    ["compliance", 3],
  ] as const)("locks copies for as long as the shorter of the two stays: %s", (lock, graceDays) => {
    const copyTo = { region: "eu-west-1", retentionDays: 10 };

    expect(plan({ retentionDays: 20, copyTo, lock }).plan.lock).toEqual({ leastDays: 10, graceDays });
  });

  test("empties the vault of disposable data, and of no other", () => {
    expect(plan({}, { dataProtection: "disposable" }).plan).toMatchObject({
      emptyOnDestroy: true,
      preventDestroy: false,
    });
    expect(plan({}, { dataProtection: "retain" }).plan).toMatchObject({ emptyOnDestroy: false, preventDestroy: true });
  });

  test("names a role that IAM accepts, for every environment name", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z][a-z0-9-]{0,60}$/), (name) => {
        const { rolePrefix } = plan({}, { prefix: `retool-${name}` }).plan;
        expect(rolePrefix.length).toBeLessThanOrEqual(38);
        expect(rolePrefix).toMatch(/^[\w+=,.@-]+-$/);
      }),
    );
  });

  test.each([
    [{ retentionDays: 0 }, "backup.retentionDays: 0 is out of range; use 1 to 365 days"],
    [{ retentionDays: 366 }, "backup.retentionDays: 366 is out of range; use 1 to 365 days"],
    [{ retentionDays: 1.5 }, "backup.retentionDays: 1.5 is not a whole number; use 1 to 365 days"],
    [{ hour: 24 }, "backup.hour: 24 is out of range; use 0 to 23"],
    [{ hour: -1 }, "backup.hour: -1 is out of range; use 0 to 23"],
    [
      { copyTo: { region: "Ireland" } },
      'backup.copyTo.region: "Ireland" is not an AWS region; use a region name such as "us-east-1"',
    ],
    [
      { copyTo: { region: "us-east-1" } },
      `backup.copyTo.region: "us-east-1" is the environment's own region; use another one, or remove copyTo`,
    ],
    [
      { copyTo: { region: "us-gov-west-1" } },
      'backup.copyTo.region: "us-gov-west-1" is in another AWS partition than us-east-1, and backups cannot be copied between partitions; use a region of aws',
    ],
    [
      { copyTo: { region: "eu-west-1", retentionDays: 0 } },
      "backup.copyTo.retentionDays: 0 is out of range; use 1 to 365 days",
    ],
    [{ vault: "mine" }, "backup.vault: is not a known setting; remove it or correct its spelling"],
    [{ lock: "forever" }, 'backup.lock: "forever" is not one of the allowed values; use "governance" or "compliance"'],
  ])("refuses %j", (spec, message) => {
    expect(refusals(spec)).toEqual([message]);
  });

  test("refuses to lock what is disposable", () => {
    expect(refusals({ lock: "compliance" }, { dataProtection: "disposable" })).toEqual([
      'backup.lock: "compliance" locks the backups of an environment with disposable data, so its vault could not be deleted; remove the lock, or set dataProtection to "protected"',
    ]);
  });

  test.each([1, 365])("accepts %s days", (retentionDays) => {
    expect(refusals({ retentionDays, hour: 0 })).toEqual([]);
    expect(refusals({ retentionDays, hour: 23 })).toEqual([]);
  });
});
