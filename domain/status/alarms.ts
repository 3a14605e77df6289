import type { EnvironmentPlan } from "../environment/environment";
import type { AlarmState } from "./observed";

/** An alarm of the plan that is on. */
export interface RingingAlarm {
  /** Its whole name. */
  readonly name: string;
  /** What is wrong, in one sentence. */
  readonly says: string;
  /** Since when, in ISO 8601. */
  readonly since: string | undefined;
  /** Page that says what to do. */
  readonly runbook: string;
}

/** Alarms of the plan that are on; those of an environment whose name begins alike are left out. */
export function ringingAlarms({ observability }: EnvironmentPlan, found: readonly AlarmState[]): RingingAlarm[] {
  const { alarms, prefix } = observability;
  return (alarms?.alarms ?? []).flatMap(({ name, says, runbook }) => {
    const state = found.find((each) => each.name === `${prefix}-${name}`);
    if (state?.isOn !== true) return [];
    return [{ name: state.name, says, since: state.since, runbook: `docs/runbooks/${runbook}.md` }];
  });
}
