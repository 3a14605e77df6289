import { phaseOf } from "../../../domain/status/phase";
import { statusOf } from "../../../domain/status/status";
import { planEnvironment } from "../../../domain/environment/environment";
import type { Observed, Workloads } from "../../../domain/status/observed";
import { prod } from "../../support/environments/prod";
import { asPlanned, observedAsPlanned, withService } from "../../support/observed";

const plan = planEnvironment(prod);
const planned = asPlanned(plan);
const phase = (change: Partial<Observed>) => phaseOf(statusOf(plan, { ...observedAsPlanned(plan), ...change }));
const running = (workloads: Workloads, log = "") =>
  phase({ workloads: { known: workloads }, migrationLog: { known: log } }).says;
const starting = { ready: false, created: "2026-11-29T11:58:00Z" };

describe("how far a deployment is", () => {
  test("at its end", () => {
    expect(phase({})).toEqual({ state: "settled", says: "runs as planned" });
  });

  test("not at its end while Kubernetes is upgraded, whose new version EKS names only then", () => {
    const known = { status: "UPDATING", version: "1.35" };
    const { kubernetesVersion } = plan.cluster;

    expect(phase({ cluster: { known } })).toEqual({
      state: "working",
      says: `the control plane runs Kubernetes 1.35, the configuration says ${kubernetesVersion}`,
    });
    expect(phase({ cluster: { known: { status: "UPDATING", version: kubernetesVersion } } }).says).toBe(
      "the control plane is UPDATING",
    );
  });

  test("at its end where only the owner of an existing cluster upgraded it, and unknown without a version", () => {
    const cluster = (version: string | undefined) => ({ known: { status: "ACTIVE", version } });
    const look = statusOf(plan, { ...observedAsPlanned(plan), cluster: cluster("1.37") });

    expect(phaseOf({ ...look, ownCluster: false })).toEqual({
      state: "settled",
      says: `cluster.kubernetesVersion: says ${plan.cluster.kubernetesVersion}, the cluster has 1.37; correct it`,
    });
    expect(phaseOf(look).state).toBe("working");
    expect(phase({ cluster: cluster(undefined) })).toEqual({
      state: "unknown",
      says: "the Kubernetes version of the control plane is not known",
    });
  });

  test("in the order in which a deployment makes things", () => {
    expect(phase({ cluster: { known: { status: undefined, version: undefined } } }).says).toBe(
      "not deployed yet: there is no cluster",
    );
    expect(phase({ cluster: { known: { status: "CREATING", version: "1.34" } } }).says).toBe(
      "the control plane is CREATING",
    );
    expect(running({ ...planned, deployments: [], pods: [] })).toBe(
      "the cluster is there, and Retool's release has not begun",
    );
    expect(
      running(withService(planned, "retool-jobs-runner", { ready: 0 }, [{ ...starting, unschedulable: "no node" }])),
    ).toBe("the jobs-runner waits for a node; everything else waits for it");
    const rolling = withService(planned, "retool-jobs-runner", { existing: 2 }, [{}, starting]);
    expect(running(rolling)).toBe(
      "the jobs-runner is starting, or is migrating the database; all new pods wait for it",
    );
    expect(running(rolling, "== 1-a: migrating ===\n== 1-a: migrated (0.1s)\n== 2-b: migrating ===")).toBe(
      "the jobs-runner is starting, or is migrating the database (2-b, 1 done); all new pods wait for it",
    );
    expect(
      running(withService(withService(planned, "retool", { ready: 1 }), "retool-js-executor", { image: "x:4.0.8" })),
    ).toBe("2 of 9 services are not as planned: api 1 of 2, js-executor 1 of 1 on 4.0.8");
    const target = { name: "retool", healthy: 0, registered: 2, reasons: [] };
    expect(
      phase({ entrance: { known: { exists: true, targets: [target], certificate: { known: undefined } } } }).says,
    ).toBe("the load balancer waits for healthy pods: retool 0 of 2");
    expect(phase({ entrance: { known: { exists: false, targets: [], certificate: { known: undefined } } } }).says).toBe(
      "there is no load balancer",
    );
  });

  test("where somebody scaled a service", () => {
    expect(
      running(withService(planned, "retool-code-executor", { wanted: 1, updated: 1, existing: 1, ready: 1 })),
    ).toBe("1 of 9 services is not as planned: code-executor 1 of 2");
  });

  test("where there is one jobs-runner too many, or the database does not serve", () => {
    const twice = { wanted: 2, updated: 2, existing: 2, ready: 2 };
    const stopped = { status: "stopped", restorableTo: undefined } as const;
    const database = { ...stopped, connections: { known: undefined }, lastSnapshot: { known: undefined } };

    expect(running(withService(planned, "retool-jobs-runner", twice))).toBe(
      "1 of 9 services is not as planned: jobs-runner 2 of 1 planned",
    );
    expect(phase({ databases: { database: { known: database } } }).says).toBe("the database retool-prod is stopped");
    expect(phase({ databases: { database: { known: { ...database, status: undefined } } } }).says).toBe(
      "there is no database retool-prod",
    );
  });

  test("where a jobs-runner that was ready is not any more: it does not migrate again", () => {
    const lost = { ready: false, notReadySince: "2026-11-29T11:55:00Z", lostReadiness: true };

    expect(running(withService(planned, "retool-jobs-runner", { ready: 0 }, [lost]), "== 1-a: migrating ===")).toBe(
      "1 of 9 services is not as planned: jobs-runner 0 of 1",
    );
  });

  test("where the migration fails, or nobody migrates", () => {
    const crash = { ready: false, waiting: { reason: "CrashLoopBackOff", message: "" } };
    const without = planned.deployments.filter(({ name }) => name !== "retool-jobs-runner");

    expect(
      running(withService(planned, "retool-jobs-runner", { ready: 0 }, [crash]), `ERROR: ${"x".repeat(200)}\nend`),
    ).toBe(`the jobs-runner fails to start: ERROR: ${"x".repeat(152)}…`);
    expect(running(withService(planned, "retool-jobs-runner", { ready: 0 }, [crash]))).toBe(
      "the jobs-runner fails to start",
    );
    expect(running({ ...planned, deployments: without })).toBe(
      "there is no jobs-runner, and only it migrates the database",
    );
  });

  test("where nobody can tell", () => {
    expect(phase({ cluster: { unknown: "no" } })).toEqual({
      state: "unknown",
      says: "could not read the control plane: no",
    });
    expect(phase({ workloads: { unknown: "no" } }).says).toBe("could not read the workloads: no");
    expect(phase({ entrance: { unknown: "no" } }).says).toBe("the load balancer is not known: no");
  });
});
