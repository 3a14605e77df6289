import { LOG_DAYS, logRetention, logRetentionProblem, POSSIBLE_LOG_DAYS } from "../../../domain/common/log-retention";

describe("log retention", () => {
  test.each(Object.entries(LOG_DAYS))("CloudWatch Logs can keep logs of %s for %i days", (_log, days) => {
    expect(logRetentionProblem(days)).toBeUndefined();
  });

  test("refuses other numbers and names those that are possible", () => {
    expect(logRetentionProblem(42)).toEqual({
      problem: "CloudWatch Logs cannot keep logs for 42 days",
      remedy: `use one of ${POSSIBLE_LOG_DAYS.join(", ")}`,
    });
    expect(logRetention().safeParse(42).success).toBe(false);
    expect(logRetention().parse(365)).toBe(365);
  });
});
