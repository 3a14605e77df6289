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
  /**
   * Whether it may end later, because only the earliest day is known.
   *
   * @default false
   */
  readonly mayBeLater?: boolean;
}

/** A message to the topic of alarms on a day. */
export interface ReminderPlan {
  /** Name, after the environment's prefix. */
  readonly name: string;
  /** Page in docs/runbooks, without its ending. */
  readonly runbook: string;
  /** One sentence that says what ends and when; true in every year in which it is sent. */
  readonly says: string;
  /** When it is sent, as EventBridge writes it: at 08:00 UTC. */
  readonly schedule: string;
}

/** Days before an end on which somebody is told: enough to plan an upgrade or to ask for a new key, and a last call. */
export const REMINDED_DAYS = [60, 14] as const;

/**
 * Years that a schedule of EventBridge can name.
 *
 * Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
 */
const YEARS = { first: 1970, last: 2199 };

/** Messages before each end; none before one outside the years of EventBridge, such as 9999-12-31 for what never ends. */
export function remindersOf(ends: readonly KnownEnd[]): ReminderPlan[] {
  return ends.flatMap(({ name, runbook, what, lastDay, mayBeLater = false }) =>
    REMINDED_DAYS.flatMap((days) => {
      const schedule = yearlyFrom(addDays(lastDay, -days));
      if (schedule === undefined) return [];
      const says = `${what} ends on ${mayBeLater ? "or after " : ""}${lastDay}; this is sent ${days} days before, and each year until the configuration has a later day`;
      return [{ name: `${name}-${days}-days`, runbook, says, schedule }];
    }),
  );
}

/** A schedule that begins on a day and comes back each year, so that it is valid even where the day has passed. */
function yearlyFrom(day: string): string | undefined {
  const [year = 0, month = 0, date = 0] = day.split("-").map(Number);
  if (year < YEARS.first || year > YEARS.last) return undefined;
  return `cron(0 8 ${date} ${month} ? ${year}-${YEARS.last})`;
}
