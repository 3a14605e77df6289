import { alarmFindings } from "../../../domain/doctor/alarms";
import { planEnvironment } from "../../../domain/environment/environment";
import { prod } from "../../support/environments/prod";
import { texts } from "../../support/findings";

const plan = planEnvironment(prod);

describe("alarms", () => {
  test("are good where none is on, or only those of an environment whose name begins alike", () => {
    const count = plan.observability.alarms!.alarms.length;

    expect(texts(alarmFindings(plan, { known: [] }))).toEqual([`good none of ${count} is on`]);
    expect(texts(alarmFindings(plan, { known: ["retool-prod-eu-latency"] }))).toEqual([`good none of ${count} is on`]);
  });

  test("lead to their runbooks where they are on", () => {
    const found = alarmFindings(plan, { known: ["retool-prod-latency", "retool-prod-restarts"] });

    expect(found.map(({ link }) => link)).toEqual(["docs/runbooks/latency.md", "docs/runbooks/restarts.md"]);
    expect(texts(found)[0]).toBe(
      "problem retool-prod-latency is on: A tenth of the requests took longer than 5 s for 15 minutes; it stays on until its cause is gone; follow its runbook; since when: aws cloudwatch describe-alarm-history --alarm-name retool-prod-latency --max-items 3",
    );
  });

  test("are not asked for where there are none", () => {
    const none = planEnvironment({ ...prod, observability: { alarms: { kind: "off" } } });

    expect(alarmFindings(none, { unknown: "x" })).toEqual([]);
  });
});
