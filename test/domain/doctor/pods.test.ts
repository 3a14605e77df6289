import { podFindings } from "../../../domain/doctor/pods";
import { planEnvironment } from "../../../domain/environment/environment";
import type { PodState } from "../../../domain/status/observed";
import { serviceStatuses } from "../../../domain/status/services";
import { prod } from "../../support/environments/prod";
import { asPlanned, AT, withService } from "../../support/observed";

const plan = planEnvironment(prod);
const unready = { ready: false, created: "2026-11-29T11:30:00Z" };

/** What is said of `code-executor` with some pods and `js-executor` with others. */
function said(code: readonly Partial<PodState>[], js: readonly Partial<PodState>[]): string[] {
  const workloads = withService(
    withService(asPlanned(plan), "retool-code-executor", { ready: 0 }, code),
    "retool-js-executor",
    { ready: 0 },
    js,
  );
  return podFindings("retool", serviceStatuses(plan, workloads, AT)).map(({ what }) => what);
}

describe("pods that do not do their work", () => {
  test("are one finding where they have one cause, with the pod that waits longest", () => {
    const waiting = { ...unready, phase: "Pending", unschedulable: "no nodes available" };

    expect(said([waiting, { ...waiting, created: "2026-11-29T11:00:00Z" }], [waiting])).toEqual([
      "3 pods (code-executor 2, js-executor 1) have waited 60 minutes for a node: no nodes available",
    ]);
    expect(said([unready, unready], [unready])).toEqual([
      "3 pods (code-executor 2, js-executor 1): not ready for 30 minutes",
    ]);
  });

  test("are separate where their causes differ, and where each service has its own limit of memory", () => {
    const full = { ...unready, waiting: { reason: "CrashLoopBackOff", message: "" } };
    const stopped = { reason: "OOMKilled", message: "", at: "2026-11-29T11:59:00Z" };

    expect(said([{ ...full, stopped }], [{ ...full, stopped }])).toHaveLength(2);
    expect(said([full], [{ ...unready, waiting: { reason: "ErrImagePull", message: "no such host" } }])).toEqual([
      "code-executor: pod retool-code-executor-0: CrashLoopBackOff",
      "js-executor: pod retool-js-executor-0: ErrImagePull: no such host",
    ]);
  });

  test("are not ready since their node went, and not since they were created", () => {
    const lost = (notReadySince: string): string[] => said([{ ...unready, notReadySince }], []);

    expect(lost("2026-11-29T11:45:00Z")).toEqual([
      "code-executor: pod retool-code-executor-0: not ready for 15 minutes",
    ]);
    expect(lost("2026-11-29T11:59:00Z")).toEqual([]);
  });

  test("are at fault between two stops as well", () => {
    const stopped = { reason: "exit code 1", message: "", at: "2026-11-29T11:59:00Z" };

    expect(said([{ ...unready, restarts: 7, stopped }], [])).toEqual([
      "code-executor: pod retool-code-executor-0: 7 restarts, last end: exit code 1",
    ]);
    // The first start after a dependency came up late.
    expect(said([{ ...unready, created: AT, restarts: 1, stopped }], [])).toEqual([]);
  });
});
