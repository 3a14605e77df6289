import { jobsRunnerFindings } from "../../../domain/doctor/jobs-runner";
import { planEnvironment } from "../../../domain/environment/environment";
import type { DeploymentState, PodState } from "../../../domain/status/observed";
import { prod } from "../../support/environments/prod";
import { texts } from "../../support/findings";
import { asPlanned, AT, withService } from "../../support/observed";

const plan = planEnvironment(prod);
const planned = asPlanned(plan);

const LOG = `
== 20260101-a: migrating =======
== 20260101-a: migrated (0.306s)
== 20260102-b: migrating =======
Error: canceling statement due to lock timeout
`;

function judge(change: Partial<DeploymentState>, pods: Partial<PodState>[], log?: string): string[] {
  return texts(jobsRunnerFindings(plan, withService(planned, "retool-jobs-runner", change, pods), log, AT));
}

describe("jobs-runner", () => {
  test("is good where there is exactly one", () => {
    expect(judge({}, [{}], LOG)).toEqual(["good exactly one runs", "good complete: the jobs-runner is ready"]);
  });

  test("is there twice, by its number or by its pods", () => {
    const twice =
      "problem 2 of them run; scheduled work runs twice, and two migrations at once break the database; kubectl -n retool scale deployment/retool-jobs-runner --replicas=1";

    expect(judge({ wanted: 2, updated: 2, existing: 2, ready: 2 }, [{}, {}])).toContain(twice);
    expect(judge({ ready: 2 }, [{}, {}])).toEqual([twice]);
    expect(judge({ existing: 2, ready: 2 }, [{}, {}]).join()).not.toContain("of them run");
  });

  test("is missing", () => {
    const deployments = planned.deployments.filter(({ name }) => name !== "retool-jobs-runner");

    expect(texts(jobsRunnerFindings(plan, { ...planned, deployments }, undefined, AT))).toEqual([
      "problem jobs-runner: there is no Deployment retool-jobs-runner; the plan has it; what it does for users does not work; npx cdktf deploy prod; if that changes nothing, somebody deleted it: helm -n retool rollback retool <revision>, the one that helm -n retool history retool calls deployed",
    ]);
  });

  test("migrates", () => {
    const rolling = { updated: 1, existing: 2, ready: 1 };

    expect(judge(rolling, [{}, { ready: false, created: AT }], LOG)).toEqual([
      "warning the jobs-runner is migrating the database (20260102-b, 1 done); new pods of every service wait for it, while the old ones serve; wait, and watch it: kubectl -n retool logs deployment/retool-jobs-runner --tail=50 -f",
    ]);
    expect(judge(rolling, [{}, { ready: false, created: AT }])).toEqual([
      "warning the jobs-runner is starting, or is migrating the database; new pods of every service wait for it, while the old ones serve; wait, and watch it: kubectl -n retool logs deployment/retool-jobs-runner --tail=50 -f",
    ]);
  });

  test("waits for a node, which is neither one that runs nor a complete migration", () => {
    const pending = {
      ready: false,
      created: AT,
      phase: "Pending",
      unschedulable: "no nodes available to schedule pods",
    };

    expect(judge({ ready: 0 }, [pending])).toEqual([
      "warning jobs-runner: pod retool-jobs-runner-0 has waited 0 minutes for a node: no nodes available to schedule pods; Karpenter launches a node within two minutes; where it cannot, the pod waits for ever; kubectl -n retool describe pod retool-jobs-runner-0; kubectl get nodeclaims -o wide",
    ]);
  });

  test("is said once where its migration takes long, and is a problem where it hangs", () => {
    const since = (created: string): string[] => judge({ ready: 0 }, [{ ready: false, created }], LOG);

    expect(since("2026-11-29T11:45:00Z")).toEqual([
      expect.stringMatching(/^warning .*, 1 done\), for 15 minutes so far;/),
    ]);
    expect(since("2026-11-29T11:15:00Z")).toEqual([
      expect.stringMatching(/^problem .*, for 45 minutes so far;.* lock /),
    ]);
    expect(judge({ ready: 0 }, [{ ready: false, created: "2026-11-29T11:15:00Z" }], "")[0]).toMatch(
      /^problem jobs-runner: pod retool-jobs-runner-0: not ready for 45 minutes;/,
    );
  });

  test("does not migrate again where it was ready, for days or for minutes", () => {
    const lost = (notReadySince: string): string[] =>
      judge({ ready: 0 }, [{ ready: false, created: "2026-11-25T12:00:00Z", notReadySince, lostReadiness: true }], LOG);

    expect(lost("2026-11-29T11:15:00Z")).toEqual([
      "problem jobs-runner: pod retool-jobs-runner-0: not ready for 45 minutes; it answers no health check: it waits for the database, for a migration, or for Temporal; kubectl -n retool logs retool-jobs-runner-0 --tail=50",
    ]);
    expect(lost("2026-11-29T11:55:00Z")).toEqual([
      "warning it was ready, and is not any more; nothing scheduled runs, and no upgrade migrates the database; wait ten minutes; if it stays so: kubectl -n retool logs deployment/retool-jobs-runner --tail=50",
    ]);
    // The next one migrates while the last one is still there.
    const next = { ready: false, created: AT };
    const old = { ready: false, notReadySince: AT, lostReadiness: true };
    expect(judge({ updated: 1, existing: 2, ready: 0 }, [old, next], LOG)).toEqual([
      expect.stringMatching(/^warning the jobs-runner is migrating the database/),
    ]);
  });

  test("fails at a migration", () => {
    const crash = { ready: false, waiting: { reason: "CrashLoopBackOff", message: "" } };

    expect(judge({ ready: 0 }, [crash], LOG)).toEqual([
      "problem the jobs-runner fails to start (CrashLoopBackOff): Error: canceling statement due to lock timeout; new pods of every service wait for it; kubectl -n retool logs deployment/retool-jobs-runner --tail=50; do not restart it more than once, and do not go back to an older version",
    ]);
  });
});
