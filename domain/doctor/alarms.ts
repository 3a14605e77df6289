import type { Fact } from "../common/fact";
import type { EnvironmentPlan } from "../environment/environment";
import { deployCommand } from "../environment/layers";
import { type RingingAlarm, ringingAlarms } from "../status/alarms";
import { type AlarmState, sinceMinute } from "../status/observed";
import { type Finding, good, judged, problem, warning } from "./finding";

const CHECK = "alarms";
const GUIDE = "docs/guides/observability.md";

/** Names that are listed; more do not fit on a screen. */
const SHOWN = 5;

/** Judges the alarms of the environment: those that are on by their runbooks, and those that would tell nobody. */
export function alarmFindings(plan: EnvironmentPlan, fact: Fact<readonly AlarmState[]>): Finding[] {
  const { alarms, prefix } = plan.observability;
  if (alarms === undefined) return [];
  return judged(
    CHECK,
    fact,
    (known) => {
      const names = alarms.alarms.map(({ name }) => `${prefix}-${name}`);
      const found = [
        ...byRunbook(ringingAlarms(plan, known)).map(ringing),
        ...missing(
          plan,
          names.filter((name) => !known.some((each) => each.name === name)),
        ),
        ...silent(
          plan,
          known.filter(({ name, tells }) => !tells && names.includes(name)).map(({ name }) => name),
        ),
      ];
      return found.length > 0 ? found : good(CHECK, `none of ${alarms.alarms.length} is on`);
    },
    "after",
  );
}

/** Alarms that one page is about have one cause, so that they are one finding. */
function byRunbook(alarms: readonly RingingAlarm[]): RingingAlarm[][] {
  const pages = [...new Set(alarms.map(({ runbook }) => runbook))];
  return pages.map((page) => alarms.filter(({ runbook }) => runbook === page));
}

function ringing(alarms: readonly RingingAlarm[]): Finding {
  const [first] = alarms;
  const said = alarms.map(({ name, says, since }) => `${name} is on${sinceMinute(since)}: ${says}`);
  return problem(CHECK, {
    what: said.join("; "),
    why: "it stays on until its cause is gone",
    remedy: "follow the runbook",
    link: first?.runbook ?? GUIDE,
  });
}

function missing(plan: EnvironmentPlan, names: readonly string[]): Finding[] {
  if (names.length === 0) return [];
  return [
    warning(CHECK, {
      what: `${names.length} of the plan's alarms ${names.length === 1 ? "does" : "do"} not exist: ${listed(names)}`,
      why: "nobody is told of what they watch: somebody deleted them, or the last deployment did not finish",
      remedy: deployCommand(plan),
      link: "docs/guides/interrupted-apply.md",
    }),
  ];
}

function silent({ context: { region } }: EnvironmentPlan, names: readonly string[]): Finding[] {
  if (names.length === 0) return [];
  return [
    warning(CHECK, {
      what: `the actions of ${listed(names)} are switched off`,
      why: "nobody is told when they are on: somebody switched them off for a while, and not on again",
      remedy: `aws cloudwatch enable-alarm-actions --region ${region} --alarm-names ${names.join(" ")}`,
      link: GUIDE,
    }),
  ];
}

function listed(names: readonly string[]): string {
  const more = names.length - SHOWN;
  return `${names.slice(0, SHOWN).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}
