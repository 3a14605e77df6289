import fc from "fast-check";

import {
  businessHoursIn,
  type BusinessHoursSettings,
  businessHoursSchema,
  businessHoursText,
  quietHours,
  REGION_TIME_ZONES,
} from "../../../domain/capacity/business-hours";
import { REGIONS } from "../../../domain/common/regions";

type Hours = Exclude<BusinessHoursSettings, "none">;

const OFFICE: Hours = { startHour: 7, hours: 12, days: "monday-friday" };

test.each<[string, Partial<Hours>, string, string]>([
  ["us-east-1", {}, "0 11 * * mon-fri", "13h"],
  ["us-west-2", {}, "0 14 * * mon-fri", "13h"],
  ["eu-central-1", {}, "0 5 * * mon-fri", "13h"],
  ["eu-west-2", {}, "0 6 * * mon-fri", "13h"],
  ["ap-south-1", {}, "30 1 * * mon-fri", "12h"],
  ["ap-northeast-1", {}, "0 22 * * sun-thu", "12h"],
  ["ap-southeast-2", {}, "0 20 * * sun-thu", "13h"],
  ["ap-northeast-1", { days: "sunday-thursday" }, "0 22 * * sun,mon,tue,wed,sat", "12h"],
  ["us-west-2", { startHour: 20, hours: 4 }, "0 3 * * tue-sat", "5h"],
  ["us-west-2", { startHour: 20, hours: 4, days: "every-day" }, "0 3 * * *", "5h"],
  ["us-east-1", { timeZone: "UTC" }, "0 7 * * mon-fri", "12h"],
  ["us-east-1", { timeZone: "Europe/Berlin" }, "0 5 * * mon-fri", "13h"],
  ["us-east-1", { timeZone: "Australia/Lord_Howe" }, "0 20 * * sun-thu", "12h30m"],
  ["us-east-1", { hours: 23 }, "0 11 * * mon-fri", "23h"],
])("in %s %j begin at %s UTC for %s", (region, more, schedule, duration) => {
  expect(quietHours(businessHoursIn(region, { ...OFFICE, ...more }))).toEqual({ schedule, duration });
});

test.each<[BusinessHoursSettings, string]>([
  [OFFICE, "07:00-19:00 Europe/Berlin, Mon-Fri"],
  [{ ...OFFICE, startHour: 20, timeZone: "UTC", days: "every-day" }, "20:00-08:00 UTC, every day"],
  ["none", "none"],
])("%j of eu-central-1 are written as %s", (given, text) => {
  expect(businessHoursText(businessHoursIn("eu-central-1", given))).toBe(text);
});

test("every region has a time zone", () => {
  expect(Object.keys(REGION_TIME_ZONES).sort()).toEqual([...REGIONS].sort());
  for (const timeZone of Object.values(REGION_TIME_ZONES))
    expect(businessHoursSchema.safeParse({ timeZone }).success).toBe(true);
});

test.each(["Europe/Berlni", "", "CEST+1", "Mars/Olympus"])("%j is not a time zone", (timeZone) => {
  expect(businessHoursSchema.safeParse({ timeZone }).success).toBe(false);
});

const DAY_NAMES = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

/** Whether a moment is in the window, by the rules of cron and Karpenter. */
function isQuiet(at: number, { schedule, duration }: { schedule: string; duration: string }): boolean {
  const [minute = "", hour = "", , , days = ""] = schedule.split(" ");
  const [, hours = "0", minutes = "0"] = /^(?:(\d+)h)?(?:(\d+)m)?$/.exec(duration) ?? [];
  const length = (Number(hours) * 60 + Number(minutes)) * 60_000;
  const startsOn = (day: string): boolean =>
    days.split(",").some((part) => {
      const [from = "", to = from] = part.split("-");
      const index = DAY_NAMES.indexOf(day);
      return part === "*" || (index >= DAY_NAMES.indexOf(from) && index <= DAY_NAMES.indexOf(to));
    });
  return [0, 1].some((back) => {
    const day = new Date(at - back * 86_400_000);
    const start = Date.UTC(day.getUTCFullYear(), day.getUTCMonth(), day.getUTCDate(), Number(hour), Number(minute));
    return startsOn(DAY_NAMES[day.getUTCDay()] ?? "") && start <= at && at < start + length;
  });
}

test("a working hour is always in the window, in summer as in winter, in every region", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...REGIONS),
      fc.integer({ min: 0, max: 364 }),
      fc.integer({ min: 0, max: 23 }),
      fc.integer({ min: 0, max: 23 }),
      fc.integer({ min: 1, max: 22 }),
      (region, day, hour, startHour, hours) => {
        const at = Date.UTC(2026, 0, 1 + day, hour, 30);
        const parts = new Intl.DateTimeFormat("en-US", {
          timeZone: REGION_TIME_ZONES[region] ?? "",
          weekday: "short",
          hour: "numeric",
          hourCycle: "h23",
        }).formatToParts(at);
        const of = (type: string): string => parts.find((part) => part.type === type)?.value ?? "";
        const [weekday, local] = [DAY_NAMES.indexOf(of("weekday").toLowerCase()), Number(of("hour"))];
        const begun = local >= startHour;
        const worked = begun ? local < startHour + hours : local + 24 < startHour + hours;
        const workday = begun ? weekday : (weekday + 6) % 7;
        fc.pre(worked && workday >= 1 && workday <= 5);

        expect(isQuiet(at, quietHours(businessHoursIn(region, { startHour, hours, days: "monday-friday" }))!)).toBe(
          true,
        );
      },
    ),
    { numRuns: 400 },
  );
});
