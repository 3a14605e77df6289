import type { Fact } from "../common/fact";
import type { EnvironmentPlan } from "../environment/environment";
import { installedReleases } from "../environment/installed-releases";
import { minuteOf, minutesBetween, type UnfinishedOperation } from "../status/observed";
import { type Finding, good, judged, problem, warning } from "./finding";

const CHECK = "releases";

/** Judges whether an operation of Helm was begun and has not ended: a deployment is at work, or one was killed. */
export function releaseFindings(
  plan: EnvironmentPlan,
  operations: Fact<readonly UnfinishedOperation[]>,
  at: string,
): Finding[] {
  return judged(
    CHECK,
    operations,
    (known) => {
      const found = installedReleases(plan).flatMap((ours) =>
        known
          .filter(({ release }) => release === `${ours.namespace}/${ours.name}`)
          .map((each) => unfinished(plan.context.name, ours.timeoutSeconds / 60, each, at)),
      );
      return found.length === 0 ? good(CHECK, "no Helm operation is unfinished") : found;
    },
    "after",
  );
}

function unfinished(
  environment: string,
  mostMinutes: number,
  { release, status, since }: UnfinishedOperation,
  at: string,
): Finding {
  const mend = `npx cdktf-retool helm-records ${environment} --mend`;
  const link = "docs/guides/interrupted-apply.md";
  const isDated = !Number.isNaN(Date.parse(since));
  const what = `the Helm release ${release} has been ${status} ${isDated ? `since ${minuteOf(since)}` : "for an unknown time"}`;
  if (isDated && minutesBetween(since, at) > mostMinutes)
    return problem(CHECK, {
      what,
      why: `its operation was probably killed: Helm gives up after ${mostMinutes} minutes, and every deployment is refused until the record is gone`,
      remedy: `check that no deployment runs, and take the record away: ${mend}`,
      link,
    });
  // Without a date nobody can tell that it was killed, and to take the record of one at work away would do harm.
  return warning(CHECK, {
    what,
    why: "a deployment is at work, or one was killed; then every other one is refused until the record is gone",
    remedy: `see who holds the state's lock (check state) and wait; if nobody does: ${mend}`,
    link,
  });
}
