import fc from "fast-check";

import { planPostgres } from "../../../domain/database/instance";
import { copyTimeViolations } from "../../../domain/database/rds-windows";
import { formatViolation } from "../../../domain/common/violation";
import { context } from "../../support/fakes";

const check = (backupWindow: string, maintenanceWindow: string): string[] =>
  planPostgres({ backupWindow, maintenanceWindow }, context, { connections: 100 }).violations.map(formatViolation);

describe("the windows of an instance", () => {
  test.each([
    ["05:00-06:00", "sun:06:30-sun:07:30"],
    ["05:00-05:30", "sun:05:30-sun:06:00"],
    ["23:30-00:30", "mon:01:00-mon:02:00"],
    ["05:00-06:00", "sun:23:30-mon:00:30"],
  ])("accepts %s with %s", (backup, maintenance) => {
    expect(check(backup, maintenance)).toEqual([]);
  });

  test.each(["5:00-06:00", "05:00", "05:00-24:00", "05:60-06:00", "05:00-06:00-07:00", "", "sun:05:00-sun:06:00"])(
    "refuses the backup window %j",
    (backup) => {
      expect(check(backup, "sun:06:30-sun:07:30")).toEqual([
        `database.backupWindow: "${backup}" is not a time window in UTC; use the form 05:00-06:00`,
      ]);
    },
  );

  test.each(["06:30-07:30", "Sun:06:30-Sun:07:30", "sun 06:30-sun 07:30", "sun:06:30", "xxx:06:30-sun:07:30"])(
    "refuses the maintenance window %j",
    (maintenance) => {
      expect(check("05:00-06:00", maintenance)).toEqual([
        `database.maintenanceWindow: "${maintenance}" is not a time window in UTC; use the form sun:06:30-sun:07:30`,
      ]);
    },
  );

  test("refuses what is too short or lasts a day, both at once", () => {
    expect(check("05:00-05:29", "sun:06:00-mon:06:00")).toEqual([
      "database.backupWindow: 05:00-05:29 lasts 29 minutes; use at least 30 minutes and less than a day",
      "database.maintenanceWindow: sun:06:00-mon:06:00 lasts 1440 minutes; use at least 30 minutes and less than a day",
    ]);
  });

  test.each([
    ["05:00-06:00", "sun:05:59-sun:06:59"],
    ["05:00-06:00", "wed:04:00-wed:05:01"],
    ["23:30-00:30", "mon:00:00-mon:01:00"],
    ["00:00-01:00", "sun:23:30-mon:00:30"],
    ["05:00-05:30", "sat:04:00-sat:08:00"],
  ])("refuses %s with %s, because they overlap", (backup, maintenance) => {
    expect(check(backup, maintenance)).toEqual([
      `database.maintenanceWindow: ${maintenance} overlaps the daily backup window ${backup}; change one of the two windows: RDS refuses overlapping windows`,
    ]);
  });

  test("finds an overlap exactly where some minute of the week is in both", () => {
    const minute = fc.integer({ min: 0, max: 1439 });
    const minutes = fc.integer({ min: 30, max: 1439 });
    fc.assert(
      fc.property(minute, minutes, fc.integer({ min: 0, max: 6 }), minute, minutes, (b, bLast, day, m, mLast) => {
        const inBackup = new Set(Array.from({ length: bLast }, (_, i) => (b + i) % 1440));
        const shared = Array.from({ length: mLast }, (_, i) => (m + i) % 1440).some((at) => inBackup.has(at));
        const violations = check(
          `${clock(b)}-${clock(b + bLast)}`,
          `${name(day)}:${clock(m)}-${name(day + Math.floor((m + mLast) / 1440))}:${clock(m + mLast)}`,
        );

        expect(violations).toHaveLength(shared ? 1 : 0);
      }),
    );
  });
});

function clock(minute: number): string {
  const ofDay = minute % 1440;
  const pad = (value: number): string => String(value).padStart(2, "0");
  return `${pad(Math.floor(ofDay / 60))}:${pad(ofDay % 60)}`;
}

function name(day: number): string {
  return ["mon", "tue", "wed", "thu", "fri", "sat", "sun"][day % 7]!;
}

describe("copyTimeViolations", () => {
  const found = (hour: number, backupWindow: string, maintenanceWindow: string): string[] => {
    const windows = { backupWindow, maintenanceWindow };
    return copyTimeViolations({ hour, startWindowMinutes: 60 }, { database: windows }).map(formatViolation);
  };

  test.each([
    [2, "05:00-06:00", "sun:06:30-sun:07:30"],
    [2, "04:00-05:00", "sun:06:30-sun:07:30"],
    [2, "01:00-02:00", "sun:04:00-sun:05:00"],
    [23, "01:00-02:00", "sun:06:30-sun:07:30"],
    [0, "23:00-00:00", "sun:06:30-sun:07:30"],
  ])("accepts copies from %d:00 with %s and %s", (hour, backupWindow, maintenanceWindow) => {
    expect(found(hour, backupWindow, maintenanceWindow)).toEqual([]);
  });

  test.each([
    [2, "03:59-04:59", "sun:06:30-sun:07:30", "backupWindow 03:59-04:59"],
    [5, "05:00-06:00", "sun:08:00-sun:09:00", "backupWindow 05:00-06:00"],
    [2, "01:30-02:01", "sun:06:30-sun:07:30", "backupWindow 01:30-02:01"],
    [23, "00:30-01:00", "sun:06:30-sun:07:30", "backupWindow 00:30-01:00"],
    [2, "05:00-06:00", "wed:03:30-wed:04:30", "maintenanceWindow wed:03:30-wed:04:30"],
    [23, "05:00-06:00", "mon:00:30-mon:01:30", "maintenanceWindow mon:00:30-mon:01:30"],
  ])("refuses copies from %d:00 with %s and %s", (hour, backupWindow, maintenanceWindow, which) => {
    expect(found(hour, backupWindow, maintenanceWindow)).toEqual([
      `backup.hour: AWS Backup cannot start a copy during database.${which} or the hour before it, but copies start between ${hour}:00 and ${hour + 1}:00; change one of the two windows`,
    ]);
  });

  test("ignores what is not a window, which is refused elsewhere", () => {
    expect(found(2, "x", "y")).toEqual([]);
  });
});
