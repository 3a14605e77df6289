import { releaseFindings } from "../../../domain/doctor/releases";
import { planEnvironment } from "../../../domain/environment/environment";
import { prod } from "../../support/environments/prod";
import { AT } from "../../support/observed";

const plan = planEnvironment(prod);
const gradeAfter = (seconds: number): string | undefined => {
  const since = new Date(Date.parse(AT) - seconds * 1000).toISOString();
  const [found] = releaseFindings(
    plan,
    { known: [{ release: "retool/retool", status: "pending-upgrade", since }] },
    AT,
  );
  return found?.grade;
};

describe("an unfinished Helm operation", () => {
  test("may be at work until its time is over, and was killed after it", () => {
    expect(gradeAfter(0)).toBe("warning");
    expect(gradeAfter(plan.retool.timeoutSeconds)).toBe("warning");
    expect(gradeAfter(plan.retool.timeoutSeconds + 60)).toBe("problem");
  });
});
