import { CATALOG } from "../../../domain/catalog/catalog";
import { sandboxFindings } from "../../../domain/doctor/sandboxes";
import { clusterAlarms } from "../../../domain/observability/cluster-alarms";
import { planEnvironment } from "../../../domain/environment/environment";
import type { PodState } from "../../../domain/status/observed";
import { prod } from "../../support/environments/prod";
import { texts } from "../../support/findings";
import { asPlanned, pod } from "../../support/observed";

const plan = planEnvironment(prod);
const { maxTotalJobs: most } = plan.capacity;

function judge(count: number, change: Partial<PodState> = {}): string[] {
  const pods = Array.from({ length: count }, () => pod({ labels: CATALOG.sandbox.labels, ...change }));
  return texts(sandboxFindings(plan, { ...asPlanned(plan), pods }));
}

describe("sandboxes", () => {
  test("are good with some ready", () => {
    expect(texts(sandboxFindings(plan, asPlanned(plan)))).toEqual([
      "good 5 ready, about 0 of them in use, 0 starting, at most 50",
    ]);
    expect(judge(12)).toEqual(["good 12 ready, about 7 of them in use, 0 starting, at most 50"]);
  });

  test("are at their limit, or near it", () => {
    expect(most).toBe(50);
    expect(judge(50)).toEqual([
      "problem 50 ready, about 45 of them in use, 0 starting, at most 50; at the limit new editing sessions will fail, without a word in the interface; raise builders and deploy",
    ]);
    expect(judge(46)).toEqual([
      "warning 46 ready, about 41 of them in use, 0 starting, at most 50; at the limit new editing sessions will fail; raise builders and deploy",
    ]);
    expect(judge(45)[0]).toMatch(/^good/);
  });

  test.each([50, 55, 120])("are near their limit of %i when the alarm says so", (maxTotalJobs) => {
    const planned = planEnvironment({ ...prod, sandbox: { maxTotalJobs } });
    const source = {
      clusterName: "c",
      namespace: "n",
      basePods: 0,
      maxTotalJobs,
      daemonPods: () => 0,
      withoutTargets: [],
    };
    const { threshold } = clusterAlarms(source).find(({ name }) => name === "sandboxes-near-limit")!;
    const verdict = (count: number): string | undefined => {
      const pods = Array.from({ length: count }, () => pod({ labels: CATALOG.sandbox.labels }));
      return sandboxFindings(planned, { ...asPlanned(planned), pods })[0]?.grade;
    };
    expect([verdict(threshold), verdict(threshold + 1)]).toEqual(["good", "warning"]);
  });

  test("do not get ready", () => {
    const without = { ready: false, phase: "Pending", unschedulable: "Insufficient smarter-devices/net_tun" };

    expect(judge(5, without)).toEqual([
      "problem none is ready, 5 starting, 5 of them without a node; 5 should wait for the next sessions; the next editing session waits for a minute or more, or fails; kubectl -n retool get pods -l retoolService=retool-agent-sandbox; kubectl -n retool logs deployment/retool-agent-sandbox-controller --tail=50",
    ]);
  });

  test("that are over are not counted", () => {
    expect(judge(50, { phase: "Succeeded", ready: false })[0]).toMatch(/^problem none is ready, 0 starting/);
    expect(judge(50, { ending: true })[0]).toMatch(/^problem none is ready, 0 starting/);
  });
});
