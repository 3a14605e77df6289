import type { EnvironmentPlan } from "../environment/environment";

/** An alarm of the plan that is on. */
export interface RingingAlarm {
  /** Its whole name. */
  readonly name: string;
  /** What is wrong, in one sentence. */
  readonly says: string;
  /** Page that says what to do. */
  readonly runbook: string;
}

/** Alarms of the plan that are on; those of an environment whose name begins alike are left out. */
export function ringingAlarms({ observability }: EnvironmentPlan, names: readonly string[]): RingingAlarm[] {
  const { alarms, prefix } = observability;
  return (alarms?.alarms ?? []).flatMap(({ name, says, runbook }) => {
    const whole = `${prefix}-${name}`;
    return names.includes(whole) ? [{ name: whole, says, runbook: `docs/runbooks/${runbook}.md` }] : [];
  });
}
