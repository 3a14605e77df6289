import type { Fact } from "../common/fact";
import type { EnvironmentPlan } from "../environment/environment";
import { minuteOf, minutesBetween, type UnfinishedOperation } from "../status/observed";
import { type Finding, good, judged, problem, warning } from "./finding";

const CHECK = "releases";

/** Judges whether an operation of Helm was begun and has not ended: a deployment is at work, or one was killed. */
export function releaseFindings(
  plan: Pick<EnvironmentPlan, "context" | "retool">,
  operations: Fact<readonly UnfinishedOperation[]>,
  at: string,
): Finding[] {
  return judged(
    CHECK,
    operations,
    (known) =>
      known.length === 0
        ? good(CHECK, "no Helm operation is unfinished")
        : known.map((each) => unfinished(plan, each, at)),
    "after",
  );
}

function unfinished(
  { context, retool }: Pick<EnvironmentPlan, "context" | "retool">,
  { release, status, since }: UnfinishedOperation,
  at: string,
): Finding {
  const mend = `npx cdktf-retool helm-records ${context.name} --mend`;
  const what = `the Helm release ${release} has been ${status} since ${minuteOf(since)}`;
  const link = "docs/guides/interrupted-apply.md";
  // Helm gives up after this time, unless it was killed.
  if (minutesBetween(since, at) * 60 > retool.timeoutSeconds)
    return problem(CHECK, {
      what,
      why: "its operation was killed: every deployment is refused until the record is gone",
      remedy: `check that no deployment runs, and take the record away: ${mend}`,
      link,
    });
  return warning(CHECK, {
    what,
    why: "a deployment is at work, or one was killed; then every other one is refused until the record is gone",
    remedy: `see who holds the state's lock (check state) and wait; if nobody does: ${mend}`,
    link,
  });
}
