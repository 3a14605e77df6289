import fc from "fast-check";

import { type CopySchedule, planRecovery, type RecoverySources } from "../../../domain/backup/recovery";

const sources = {
  database: { multiAz: true, backupRetentionDays: 14, storageGiB: 100 },
  blobStorage: { noncurrentVersionDays: 35 },
} satisfies RecoverySources;
const schedule: CopySchedule = { retentionDays: 30, startWindowMinutes: 60, completionWindowMinutes: 360 };

describe("planRecovery", () => {
  test("states what each accident costs with the defaults", () => {
    expect(planRecovery(sources, schedule)).toEqual({
      zoneLost: { from: "standby in another zone", lossMinutes: 0, backAfterMinutes: 2 },
      databaseDamaged: { from: "backups of RDS, to any second", lossMinutes: 5, backAfterMinutes: 55, withinDays: 14 },
      objectDeleted: { from: "versions in the bucket", lossMinutes: 0, backAfterMinutes: 15, withinDays: 35 },
      originalsDeleted: { from: "copies in the vault", lossMinutes: 1860, backAfterMinutes: 55, withinDays: 30 },
      regionLost: { from: "nothing; give backup.copyTo" },
    });
  });

  test("has no standby with one zone: the loss of the zone is the loss of the database", () => {
    const { zoneLost, databaseDamaged } = planRecovery(
      { ...sources, database: { ...sources.database, multiAz: false } },
      schedule,
    );

    expect(zoneLost).toEqual(databaseDamaged);
  });

  test("promises nothing for a server that others back up, and objects as ever", () => {
    const { objectDeleted, ...others } = planRecovery({ ...sources, database: { kind: "existing" } }, schedule);

    expect(objectDeleted).toEqual(planRecovery(sources, schedule).objectDeleted);
    for (const recovery of Object.values(others)) {
      expect(recovery).toEqual({ from: "backups of the existing server, which are not made here" });
    }
  });

  test("survives the region where copies are elsewhere, a copy's time later", () => {
    const copyTo = { region: "eu-west-1", retentionDays: 90 };

    expect(planRecovery(sources, { ...schedule, copyTo }).regionLost).toEqual({
      from: "copies in eu-west-1",
      lossMinutes: 2220,
      backAfterMinutes: 115,
      withinDays: 90,
    });
  });

  test("never promises to be back sooner with more data, nor to lose less with a slower copy", () => {
    const gib = fc.integer({ min: 60, max: 65_536 });
    const minutes = fc.integer({ min: 60, max: 10_000 });
    fc.assert(
      fc.property(gib, gib, minutes, minutes, (one, other, slow, slower) => {
        const [less, more] = [Math.min(one, other), Math.max(one, other)];
        const [fast, long] = [Math.min(slow, slower), Math.max(slow, slower)];
        const of = (storageGiB: number, completionWindowMinutes: number): ReturnType<typeof planRecovery> =>
          planRecovery(
            { ...sources, database: { ...sources.database, storageGiB } },
            { ...schedule, completionWindowMinutes },
          );
        const [before, after] = [of(less, fast), of(more, long)];

        expect(after.databaseDamaged.backAfterMinutes).toBeGreaterThanOrEqual(
          before.databaseDamaged.backAfterMinutes ?? 0,
        );
        expect(after.originalsDeleted.lossMinutes).toBeGreaterThanOrEqual(before.originalsDeleted.lossMinutes ?? 0);
        expect(Number.isInteger(after.databaseDamaged.backAfterMinutes)).toBe(true);
      }),
    );
  });
});
