import { addDays } from "../common/days";

/** Something that ends on a day that is known when the configuration is written. */
export interface KnownEnd {
  /** Name in the reminders, such as `license`. */
  readonly name: string;
  /** Page in docs/runbooks, without its ending. */
  readonly runbook: string;
  /** What ends, such as `The license key of Retool`. */
  readonly what: string;
  /** Last day, as `YYYY-MM-DD`. */
  readonly lastDay: string;
}

/** A message to the topic of alarms on a day. */
export interface ReminderPlan {
  /** Name, after the environment's prefix. */
  readonly name: string;
  /** Page in docs/runbooks, without its ending. */
  readonly runbook: string;
  /** One sentence that says what ends and when. */
  readonly says: string;
  /** When it is sent, as EventBridge writes it: at 08:00 UTC. */
  readonly schedule: string;
}

/** Days before an end on which somebody is told: enough to plan an upgrade or to ask for a new key, and a last call. */
export const REMINDED_DAYS = [60, 14] as const;

/** Messages before each end. */
export function remindersOf(ends: readonly KnownEnd[]): ReminderPlan[] {
  return ends.flatMap(({ name, runbook, what, lastDay }) =>
    REMINDED_DAYS.map((days) => ({
      name: `${name}-${days}-days`,
      runbook,
      says: `${what} ends on ${lastDay}, in ${days} days`,
      schedule: yearlyFrom(addDays(lastDay, -days)),
    })),
  );
}

/**
 * A schedule that begins on a day and comes back each year, so that it is valid even where the day has passed: a new date
 * replaces it.
 *
 * Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html (years 1970 to 2199)
 */
function yearlyFrom(day: string): string {
  const [year = 0, month = 0, date = 0] = day.split("-").map(Number);
  return `cron(0 8 ${date} ${month} ? ${year}-2199)`;
}
