import { type ContainerLoad, DEFAULT_BASE_LOAD, DEFAULT_COMPANIONS } from "../../../domain/capacity/loads";
import type { RetoolSpec } from "../../../domain/retool/retool";
import { databaseConnections, releaseLoads } from "../../../domain/retool/loads";
import type { TemporalSpec } from "../../../domain/temporal/temporal";
import { releaseInput } from "../../support/retool-release";

const loads = (retool?: RetoolSpec, temporal?: TemporalSpec): ReturnType<typeof releaseLoads> => {
  const input = releaseInput({ retool, temporal });
  return releaseLoads(input.retool, input.temporal);
};
const connections = (retool?: RetoolSpec): Record<string, number> =>
  Object.fromEntries(
    databaseConnections(releaseInput({ retool }).retool).map(({ name, connections: most }) => [name, most]),
  );

/** A release knows which settings decide a size. */
const withPath = (load: ContainerLoad): unknown => ({
  ...load,
  path: expect.stringMatching(/^retool\.\w+\.resources$/),
});

describe("what a release asks of the nodes", () => {
  test("is what capacity takes for granted, where nothing is said", () => {
    expect(loads().baseLoad).toEqual(DEFAULT_BASE_LOAD.map(withPath));
    expect(loads().companions).toEqual(DEFAULT_COMPANIONS.map(withPath));
  });

  test("grows with features, telemetry and a local Temporal", () => {
    const features = { dbconnector: true, agents: true, multiplayer: true, mcp: true };
    const all = loads({ features, telemetry: "metrics" }, { kind: "local" }).baseLoad;

    expect(all.slice(7).map(({ name, replicas }) => [name, replicas])).toEqual([
      ["dbconnector", 1],
      ["agent-worker", 2],
      ["agent-eval-worker", 2],
      ["multiplayer", 1],
      ["mcp", 1],
      ["telemetry", 1],
      ["temporal-frontend", 1],
      ["temporal-history", 1],
      ["temporal-matching", 1],
      ["temporal-worker", 1],
    ]);
  });

  test("counts the most pods that an autoscaler may make", () => {
    const [api] = loads({ api: { replicas: 3, autoscaling: { maxReplicas: 8 } } }).baseLoad;

    expect(api).toEqual({
      name: "api",
      path: "retool.api.resources",
      replicas: 8,
      cpuMillicores: 2048,
      memoryMiB: 4096,
    });
  });
});

describe("connections to the database", () => {
  test("are ten a pod of the backend, with the pods of a rolling upgrade", () => {
    expect(connections()).toEqual({
      api: 30,
      "jobs-runner": 20,
      "workflow-worker": 30,
      "workflow-backend": 20,
      "r2-agent-worker": 30,
    });
    expect(connections({ api: { replicas: 8 } })["api"]).toBe(100);
  });

  test("are counted for the agents' workers and shared editing, not for pods without a database", () => {
    const features = { dbconnector: true, agents: true, multiplayer: true, mcp: true };

    expect(Object.keys(connections({ features }))).toEqual([
      "api",
      "jobs-runner",
      "workflow-worker",
      "workflow-backend",
      "r2-agent-worker",
      "agent-worker",
      "agent-eval-worker",
      "multiplayer",
    ]);
  });
});

describe("pools that extra values size", () => {
  test("count where the chart gives them to a service", () => {
    const sized = connections({ extraValues: { config: { postgresPoolMaxSize: 50 } } });

    expect(sized).toEqual({ ...connections(), api: 150, "jobs-runner": 100 });
  });

  test("never make a service open fewer than it may", () => {
    expect(connections({ extraValues: { config: { postgresPoolMaxSize: 1 } } })).toEqual(connections());
  });
});
