import { alarmFindings } from "../../../domain/doctor/alarms";
import { planEnvironment } from "../../../domain/environment/environment";
import type { AlarmState } from "../../../domain/status/observed";
import { prod } from "../../support/environments/prod";
import { DENIED, texts } from "../../support/findings";
import { alarmsAsPlanned } from "../../support/observed";

const plan = planEnvironment(prod);
const names = plan.observability.alarms!.alarms.map(({ name }) => name);
const judge = (known: readonly AlarmState[]): string[] => texts(alarmFindings(plan, { known }));
const STAYS = "it stays on until its cause is gone; follow the runbook";

describe("alarms", () => {
  test("are good where none is on, or only those of an environment whose name begins alike", () => {
    const [other] = alarmsAsPlanned(plan, "latency").filter(({ isOn }) => isOn);

    expect(judge(alarmsAsPlanned(plan))).toEqual([`good none of ${names.length} is on`]);
    expect(judge([...alarmsAsPlanned(plan), { ...other!, name: "retool-prod-eu-latency" }])).toEqual([
      `good none of ${names.length} is on`,
    ]);
  });

  test("lead to their runbooks where they are on, one finding for each page", () => {
    const found = alarmFindings(plan, { known: alarmsAsPlanned(plan, "latency", "database-cpu", "database-memory") });

    expect(found.map(({ link }) => link)).toEqual(["docs/runbooks/latency.md", "docs/runbooks/database.md"]);
    expect(texts(found)).toEqual([
      `problem retool-prod-latency is on since 2026-11-28 12:00 UTC: A tenth of at least 100 requests took longer than 5 s for 15 minutes; ${STAYS}`,
      `problem retool-prod-database-cpu is on since 2026-11-28 12:00 UTC: The CPU of the database retool-prod has been over 80 % for 15 minutes; retool-prod-database-memory is on since 2026-11-28 12:00 UTC: The database retool-prod has had less than 5 % of its 8 GiB of memory left for 15 minutes; ${STAYS}`,
    ]);
  });

  test("are on without a time where CloudWatch says none", () => {
    const known = alarmsAsPlanned(plan, "latency").map((alarm) => ({ ...alarm, since: undefined }));

    expect(judge(known)).toEqual([
      `problem retool-prod-latency is on: A tenth of at least 100 requests took longer than 5 s for 15 minutes; ${STAYS}`,
    ]);
  });

  test("are as many findings as pages where all are on", () => {
    const pages = new Set(plan.observability.alarms!.alarms.map(({ runbook }) => runbook));

    expect(judge(alarmsAsPlanned(plan, ...names))).toHaveLength(pages.size);
    expect(pages.size).toBeLessThan(names.length / 1.5);
  });

  test("are missing", () => {
    expect(judge(alarmsAsPlanned(plan).slice(1))).toEqual([
      "warning 1 of the plan's alarms does not exist: retool-prod-load-balancer-errors; nobody is told of what they watch: somebody deleted them, or the last deployment did not finish; npx cdktf deploy prod",
    ]);
    expect(judge([])[0]).toContain(` and ${names.length - 5} more; `);
  });

  test("tell nobody", () => {
    const [first, ...others] = alarmsAsPlanned(plan);

    expect(judge([{ ...first!, tells: false }, ...others])).toEqual([
      "warning the actions of retool-prod-load-balancer-errors are switched off; nobody is told when they are on: somebody switched them off for a while, and not on again; aws cloudwatch enable-alarm-actions --region us-east-1 --alarm-names retool-prod-load-balancer-errors",
    ]);
  });

  test("are not known, or not asked for where there are none", () => {
    const none = planEnvironment({ ...prod, observability: { alarms: { kind: "off" } } });

    expect(texts(alarmFindings(plan, { unknown: DENIED }))[0]).toMatch(/^unknown could not be found out: /);
    expect(alarmFindings(none, { unknown: "x" })).toEqual([]);
  });
});
