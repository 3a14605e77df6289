import type { Fact } from "../common/fact";
import type { EnvironmentPlan } from "../environment/environment";
import { ringingAlarms } from "../status/alarms";
import { type Finding, good, judged, problem } from "./finding";

const CHECK = "alarms";

/** Judges the alarms of the environment. */
export function alarmFindings(plan: EnvironmentPlan, fact: Fact<readonly string[]>): Finding[] {
  const { alarms } = plan.observability;
  if (alarms === undefined) return [];
  return judged(
    CHECK,
    fact,
    (names) => {
      const found = ringingAlarms(plan, names).map(({ name, says, runbook }) =>
        problem(CHECK, {
          what: `${name} is on: ${says}`,
          why: "it stays on until its cause is gone",
          remedy: `follow its runbook; since when: aws cloudwatch describe-alarm-history --alarm-name ${name} --max-items 3`,
          link: runbook,
        }),
      );
      return found.length > 0 ? found : good(CHECK, `none of ${alarms.alarms.length} is on`);
    },
    "after",
  );
}
