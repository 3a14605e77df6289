import { rowsOf, statusText } from "../../../cli/status/text";
import { watch } from "../../../cli/status/watch";
import { planEnvironment } from "../../../domain/environment/environment";
import { statusCommands } from "../../../domain/status/commands";
import type { Observed } from "../../../domain/status/observed";
import { phaseOf } from "../../../domain/status/phase";
import { type Status, statusOf } from "../../../domain/status/status";
import { prod } from "../../support/environments/prod";
import { alarmsAsPlanned, asPlanned, observedAsPlanned, withService } from "../../support/observed";

const plan = planEnvironment(prod);
const budget = plan.database.connections;
const maximum = plan.cluster.systemNodes!.maximum;
const { retoolPool, sandboxPool } = plan.capacity;
const look = (change: Partial<Observed> = {}): Status => statusOf(plan, { ...observedAsPlanned(plan), ...change });

describe("the screen", () => {
  const text = (status: Status, commands: readonly string[] = []) => statusText(status, phaseOf(status), commands);

  test("fits on one where everything is as planned", () => {
    expect(text(look())).toBe(`prod: runs as planned
Retool 4.0.9-stable at https://retool.example.com; 12:00:00 UTC

  services   api 2, jobs-runner 1, workflow-worker 2, workflow-backend 1,
             code-executor 2, js-executor 1, sandbox-controller 1, sandbox-proxy
             2, r2-agent-worker 2
  migration  done
  sandboxes  5 ready, about 0 in use, 0 starting, at most 50
  entrance   retool 2 of 2 healthy, sandbox-proxy 2 of 2 healthy; certificate
             until 2027-11-01
  database   retool-prod available, 43 of ${budget} planned connections, restorable to
             2026-11-29 11:55 UTC
  nodes      system 2 of at most ${maximum}, retool 1 of at most ${retoolPool.limits.nodes}, sandbox 1 of at most
             ${sandboxPool.limits.nodes}
  cluster    ACTIVE, Kubernetes ${plan.cluster.kubernetesVersion}
  copies     the newest is of 2026-11-29 02:10 UTC
  alarms     none is on
`);
  });

  test("marks what is not, and says what is not known", () => {
    const crash = { ready: false, waiting: { reason: "CrashLoopBackOff", message: "" } };
    const workloads = withService(asPlanned(plan), "retool-js-executor", { ready: 0, updated: 0 }, [crash]);
    const poor = look({
      workloads: { known: workloads },
      nodes: { unknown: "forbidden" },
      databases: {
        database: {
          known: {
            status: undefined,
            connections: { known: undefined },
            restorableTo: undefined,
            lastSnapshot: { known: undefined },
          },
        },
      },
      copies: { known: { last: undefined, failures: { known: ["RDS no"] } } },
      alarms: { known: alarmsAsPlanned(plan, "latency") },
      cluster: { known: { status: "ACTIVE", version: "1.34" } },
    });

    expect(
      text(poor)
        .split("\n")
        .filter((line) => line.startsWith("!")),
    ).toEqual([
      "! services   js-executor 0 of 1; 0 of 1 new; retool-js-executor-0:",
      "! database   retool-prod is not made yet",
      "! nodes      not known: forbidden",
      `! cluster    ACTIVE, Kubernetes 1.34 of ${plan.cluster.kubernetesVersion} planned`,
      "! copies     none yet",
      "! copies     failed: RDS no",
      "! alarms     retool-prod-latency since 2026-11-28 12:00 UTC: A tenth of at least",
    ]);
  });

  test("says of what is in a cluster that is not there only that it is not made yet", () => {
    const nothing = { unknown: "aws eks describe-cluster: ResourceNotFoundException" };
    const cluster = { known: { status: undefined, version: undefined } };
    const rows = rowsOf(look({ cluster, workloads: nothing, nodes: nothing }));

    expect(rows.filter(({ label }) => ["services", "nodes", "cluster"].includes(label))).toEqual(
      ["services", "nodes", "cluster"].map((label) => ({ label, text: "not made yet", isPoor: true })),
    );
    expect(rowsOf(look({ cluster })).find(({ label }) => label === "services")?.text).toContain("api 2");
  });

  test("says what to correct where the owner upgraded the cluster, and what is not known", () => {
    const cluster = (version: string | undefined) => look({ cluster: { known: { status: "ACTIVE", version } } });
    const line = (status: Status) => rowsOf(status).find(({ label }) => label === "cluster");

    expect(line({ ...cluster("1.37"), ownCluster: false })).toEqual({
      label: "cluster",
      text: `ACTIVE; cluster.kubernetesVersion: says ${plan.cluster.kubernetesVersion}, the cluster has 1.37; correct it`,
      isPoor: true,
    });
    expect(line(cluster(undefined))?.text).toBe("ACTIVE, Kubernetes version not known");
  });

  test("says one cause of several services once, and marks what no session finds", () => {
    const pods = [{ ready: false, phase: "Pending", unschedulable: "no nodes available to schedule pods" }];
    const waiting = ["retool", "retool-js-executor"].reduce(
      (workloads, name) => withService(workloads, name, { ready: 0 }, pods),
      asPlanned(plan),
    );
    const known = { ...waiting, pods: waiting.pods.filter(({ name }) => !name.startsWith("sandbox-")) };
    const entrance = observedAsPlanned(plan).entrance;
    const targets =
      "known" in entrance ? entrance.known.targets.map((each) => ({ ...each, healthy: 0, registered: 0 })) : [];
    const nodes = { known: { nodes: [], pools: [], failures: [] } };
    const rows = text(
      look({
        workloads: { known },
        entrance: { known: { exists: true, targets, certificate: { known: undefined } } },
        nodes,
      }),
    );

    expect(rows).toContain(`! services   api 0 of 2, js-executor 0 of 1; no nodes available to schedule pods
`);
    expect(rows).toContain("! sandboxes  0 ready, about 0 in use, 0 starting, at most 50\n");
    expect(rows).toContain("! entrance   retool without a pod, sandbox-proxy without a pod\n");
    expect(rows).toContain(`! nodes      system 0 of 2, at most ${maximum}, retool missing, sandbox missing`);
  });

  test("ends with the commands that show the same, none wider than 80", () => {
    const lines = text(look(), statusCommands(plan)).split("\n");

    expect(lines).toEqual(
      expect.arrayContaining([
        "  kubectl -n retool get deployments,pods -o wide",
        "  aws backup list-recovery-points-by-backup-vault \\",
        "      --backup-vault-name retool-prod-backup",
      ]),
    );
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
  });
});

describe("watching", () => {
  const half = look({ workloads: { known: withService(asPlanned(plan), "retool", { ready: 1 }) } });
  const settled = look();

  async function written(looks: readonly Status[], output: { lines?: number; json?: boolean }): Promise<string> {
    const left = [...looks];
    let text = "";
    const phase = await watch(() => Promise.resolve(left.shift() ?? settled), {
      lines: output.lines,
      json: output.json ?? false,
      write: (more) => (text += more),
    });
    expect(phase.state).toBe("settled");
    expect(left).toEqual([]);
    return text;
  }

  test("prints a line for each change, without codes of a terminal, and ends when a deployment does", async () => {
    const lines = (await written([settled, settled, half, half, settled], {})).trimEnd().split("\n");

    expect(lines.slice(-5)).toEqual([
      "12:00:00 1 of 9 services is not as planned: api 1 of 2",
      expect.stringMatching(/^12:00:00 services: jobs-runner 1, /),
      "12:00:00 services: api 1 of 2",
      "12:00:00 runs as planned",
      expect.stringMatching(/^12:00:00 services: api 2, jobs-runner 1, /),
    ]);
    expect(lines[0]).toBe("12:00:00 runs as planned");
    expect(lines.join()).not.toContain("\u001B");
  });

  test("redraws a terminal's screen, cut to its height", async () => {
    const [, ...screens] = (await written([half, settled], { lines: 6 })).split("\u001B[H\u001B[J");

    expect(screens.map((screen) => screen.split("\n").length - 1)).toEqual([5, 5]);
    expect(screens[1]).toMatch(/^prod: runs as planned\n/);
  });

  test("prints an object a line for programs", async () => {
    const objects = (await written([half, half, settled], { json: true }))
      .trimEnd()
      .split("\n")
      .map((line) => (JSON.parse(line) as { phase: { state: string } }).phase.state);

    expect(objects).toEqual(["working", "settled"]);
  });
});
