import { z } from "zod";

import { checked } from "./setting";
import type { Problem } from "./violation";

/** Days that CloudWatch Logs can keep a log group. Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
export const LOG_RETENTION_DAYS: readonly number[] = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** Days that a log group is kept: a number that CloudWatch Logs knows. */
export function logRetention(): z.ZodNumber {
  return checked(z.number(), retentionProblem, { form: "a number of days that CloudWatch Logs knows", unit: "days" });
}

function retentionProblem(days: number): Problem | undefined {
  if (LOG_RETENTION_DAYS.includes(days)) return undefined;
  return {
    problem: `CloudWatch Logs cannot keep logs for ${days} days`,
    remedy: `use one of ${LOG_RETENTION_DAYS.join(", ")}`,
  };
}
