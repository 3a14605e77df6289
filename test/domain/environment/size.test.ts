import { prod } from "../../support/environments/prod";
import { checkEnvironment, type EnvironmentPlan } from "../../../domain/environment/environment";
import type { EnvironmentSpec } from "../../../domain/environment/spec";
import { formatViolation } from "../../../domain/common/violation";
import { connectionLimit } from "../../../domain/database/rds-capacity";

const base = { ...prod, network: { sandboxCidr: "100.64.0.0/14" } };
function planFor(more: Partial<EnvironmentSpec>): EnvironmentPlan {
  const { plan, violations } = checkEnvironment({ ...base, ...more });
  expect(violations.map(formatViolation)).toEqual([]);
  return plan;
}
const pods = ({ retool }: EnvironmentPlan): Record<string, number> => ({
  api: retool.api.replicas,
  codeExecutor: retool.codeExecutor.replicas,
  jsExecutor: retool.jsExecutor.replicas,
  r2Worker: retool.r2Worker.replicas,
  sandboxProxy: retool.sandboxProxy.replicas,
  workflowsWorker: retool.workflowsWorker.replicas,
});
const database = ({ database: plan }: EnvironmentPlan): { connections: number; instanceClass: string } => {
  if (plan.kind !== "new") throw new Error("the database exists");
  return plan;
};

describe("agents of logs and metrics", () => {
  const sandbox = { cpuMillicores: 500, memoryMiB: 1024 };

  test("take room for a sandbox of half a CPU on each node of a new cluster", () => {
    expect(planFor({ sandbox }).capacity.maxDevices).toBe(14);
    expect(planFor({ sandbox, observability: { logs: { kind: "off" } } }).capacity.maxDevices).toBe(15);
  });
});

describe("people decide the size of everything", () => {
  test.each([
    [{}, { builders: 20, users: 100 }],
    [{ builders: 0 }, { builders: 0, users: 100 }],
    [{ builders: 200 }, { builders: 200, users: 1000 }],
    [
      { builders: 5, users: 3000 },
      { builders: 5, users: 3000 },
    ],
  ])("%j are %j", (spec, people) => {
    expect(planFor(spec).people).toEqual(people);
  });

  test.each([
    [{}, { api: 2, codeExecutor: 2, jsExecutor: 1, r2Worker: 2, sandboxProxy: 2, workflowsWorker: 2 }, "db.m7g.large"],
    [
      { builders: 200 },
      { api: 4, codeExecutor: 2, jsExecutor: 2, r2Worker: 2, sandboxProxy: 2, workflowsWorker: 2 },
      "db.m7g.xlarge",
    ],
    [
      { builders: 1000 },
      { api: 20, codeExecutor: 10, jsExecutor: 10, r2Worker: 10, sandboxProxy: 10, workflowsWorker: 4 },
      "db.m7g.4xlarge",
    ],
    [
      { builders: 0, users: 3000 },
      { api: 6, codeExecutor: 3, jsExecutor: 3, r2Worker: 2, sandboxProxy: 2, workflowsWorker: 2 },
      "db.m7g.xlarge",
    ],
  ])("%j: %j on %s", (spec, expected, instanceClass) => {
    const plan = planFor(spec);

    expect(pods(plan)).toEqual(expected);
    expect(database(plan).instanceClass).toBe(instanceClass);
    expect(connectionLimit(instanceClass)).toBeGreaterThanOrEqual(database(plan).connections);
  });

  test("connections and nodes follow the pods", () => {
    const [few, many] = [planFor({}), planFor({ builders: 1000 })];

    // Measured with Karpenter 1.14.1 after consolidation.
    expect([few, planFor({ builders: 200 }), many].map(({ capacity }) => capacity.retoolPool.nodesAtRest)).toEqual([
      3, 4, 7,
    ]);

    expect(database(many).connections).toBeGreaterThan(3 * database(few).connections);
    expect(many.capacity.retoolPool.nodes * many.capacity.retoolPool.shape.cpus).toBeGreaterThan(
      4 * few.capacity.retoolPool.nodes * few.capacity.retoolPool.shape.cpus,
    );
  });

  test("a figure that is written, an autoscaler and an evaluation stay as they are", () => {
    const builders = 1000;
    const retool = { api: { replicas: 3 }, jsExecutor: { autoscaling: { maxReplicas: 6 } } };

    expect(pods(planFor({ builders, retool }))).toMatchObject({ api: 3, jsExecutor: 1, codeExecutor: 10 });
    expect(pods(planFor({ builders, retool: { profile: "evaluation" } }))).toMatchObject({ api: 1, codeExecutor: 1 });
    expect(database(planFor({ builders, database: { instanceClass: "db.m7g.xlarge" } })).instanceClass).toBe(
      "db.m7g.xlarge",
    );
  });

  test("DNS has a pod for 16 nodes or 256 CPUs, two at least", () => {
    const dns = (builders: number): unknown => {
      const { cluster } = planFor({ builders });
      if (cluster.kind !== "new") throw new Error("the cluster exists");
      return cluster.addons.afterNodes.find(({ name }) => name === "coredns")?.configuration?.["replicaCount"];
    };

    expect(dns(20)).toBeUndefined();
    expect(dns(1000)).toBeGreaterThan(3);
  });

  test.each([-1, 1.5, 1_000_001])("%s users are refused", (users) => {
    expect(checkEnvironment({ ...base, users }).violations.map(({ path }) => path)).toContain("users");
  });
});

describe("the number of system nodes decides the addresses that a zone needs", () => {
  const othersOf = (count: number) => {
    const { capacity, cluster } = planFor({ cluster: { systemNodes: { count } } });
    return { ...capacity, maximum: cluster.systemNodes!.maximum };
  };
  const usual = othersOf(2);

  test("two are what is planned where nothing is said", () => {
    const { capacity } = planFor({});
    expect(capacity.addressesPerZone).toEqual(usual.addressesPerZone);
    expect(capacity.expectedAddresses).toEqual(usual.expectedAddresses);
  });

  test.each([3, 10])("%i", (count) => {
    const { otherAddresses, expectedAddresses, maximum } = othersOf(count);
    // Full, each takes 60 addresses; with its usual pods, two interfaces of ten, in three zones.
    const more = 60 * (maximum - usual.maximum);
    expect(more).toBe(60 * (count - 2));
    expect(otherAddresses.interfaces - usual.otherAddresses.interfaces).toBe(more);
    expect(otherAddresses.prefixes - usual.otherAddresses.prefixes).toBe(more);
    const expected = expectedAddresses.others.interfaces - usual.expectedAddresses.others.interfaces;
    expect(Math.abs(expected - (20 * (count - 2)) / 3)).toBeLessThan(1);
  });
});
