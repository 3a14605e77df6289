import { releaseFindings } from "../../../domain/doctor/releases";
import { planEnvironment } from "../../../domain/environment/environment";
import type { UnfinishedOperation } from "../../../domain/status/observed";
import { prod } from "../../support/environments/prod";
import { DENIED, texts } from "../../support/findings";
import { AT } from "../../support/observed";

const plan = planEnvironment(prod);
const minutes = plan.retool.timeoutSeconds / 60;
const found = (change: Partial<UnfinishedOperation> = {}): string[] => {
  const operation = { release: "retool/retool", status: "pending-upgrade", since: AT, ...change };
  return texts(releaseFindings(plan, { known: [operation] }, AT));
};
const ago = (seconds: number): string => new Date(Date.parse(AT) - seconds * 1000).toISOString();
const mend = "npx cdktf-retool helm-records prod --mend";
const atWork = `a deployment is at work, or one was killed; then every other one is refused until the record is gone; see who holds the state's lock (check state) and wait; if nobody does: ${mend}`;
const NONE = "good no Helm operation is unfinished";

describe("an unfinished Helm operation", () => {
  test("may be at work until its time is over", () => {
    expect(found()).toEqual([
      `warning the Helm release retool/retool has been pending-upgrade since 2026-11-29 12:00 UTC; ${atWork}`,
    ]);
    expect(found({ since: ago(minutes * 60) })).toEqual([expect.stringMatching(/^warning /)]);
  });

  test("was probably killed after it", () => {
    expect(minutes).toBe(45);
    expect(found({ since: ago((minutes + 1) * 60) })).toEqual([
      `problem the Helm release retool/retool has been pending-upgrade since 2026-11-29 11:14 UTC; its operation was probably killed: Helm gives up after ${minutes} minutes, and every deployment is refused until the record is gone; check that no deployment runs, and take the record away: ${mend}`,
    ]);
    // Each release has its own time.
    expect(found({ release: "kube-system/karpenter", since: ago(11 * 60) })).toEqual([
      expect.stringContaining("Helm gives up after 10 minutes"),
    ]);
  });

  test("of unknown age is not said to be killed", () => {
    expect(found({ since: "unknown" })).toEqual([
      `warning the Helm release retool/retool has been pending-upgrade for an unknown time; ${atWork}`,
    ]);
  });

  test("of a release that the plan does not install is somebody else's", () => {
    expect(found({ release: "kube-system/datadog" })).toEqual([NONE]);
    expect(found({ release: "retool/metabase" })).toEqual([NONE]);
  });

  test("is missing, or cannot be read", () => {
    expect(texts(releaseFindings(plan, { known: [] }, AT))).toEqual([NONE]);
    expect(releaseFindings(plan, { unknown: DENIED }, AT)).toMatchObject([
      {
        check: "releases",
        grade: "unknown",
        what: `could not be found out: ${DENIED}`,
        why: "not checked, so it may be broken",
      },
    ]);
  });
});
