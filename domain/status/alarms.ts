import { awsPartition } from "../common/aws-partition";
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

/** The topic of mail that is made for the alarms, by its ARN and its addresses; undefined where there is none. */
export function alarmMail({
  observability: { alarms },
  context: { account, region },
}: EnvironmentPlan): { readonly arn: string; readonly addresses: readonly string[] } | undefined {
  const topic = alarms?.topic;
  if (topic?.kind !== "new" || topic.addresses.length === 0) return undefined;
  const { name, addresses } = topic;
  return { arn: `arn:${awsPartition(region)}:sns:${region}:${account}:${name}`, addresses };
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
