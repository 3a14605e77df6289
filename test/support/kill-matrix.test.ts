import { type ClusterVictim, deployPoints, destroyPoints, KillMatrix, rowOf, type Target } from "./kill-matrix";
import type { Moment } from "./kills";

const release: Target = { address: "helm_release.a", name: "a" };
const namespace: Target = { address: "kubernetes_namespace_v1.n", name: "n", kind: "namespaces" };
const record = "sh.helm.release.v1.a.v1";

const momentsOf = (points: ReturnType<typeof deployPoints>, request: string, body: string, now: Moment): string[] =>
  points
    .filter(({ matches }) => matches({ request, body }, now))
    .map(({ target, moment }) => `${target.name} ${moment}`);

describe("a moment", () => {
  test.each([
    ["POST /api/v1/namespaces/x/secrets", `${record}"`, "asked", ["a before"]],
    ["POST /api/v1/namespaces/x/secrets", `${record}"`, "answered", ["a in, begun"]],
    ["POST /api/v1/namespaces/x/secrets", "sh.helm.release.v1.ab.v1", "asked", []],
    [`PUT /api/v1/namespaces/x/secrets/${record}`, "status\u0012\bdeployed", "asked", ["a in, all made"]],
    [`PUT /api/v1/namespaces/x/secrets/${record}`, "status\u0012\bdeployed", "answered", ["a after"]],
    ["POST /api/v1/namespaces", '{"metadata":{"name":"n"}}', "answered", ["n after"]],
  ] as const)("of a deployment is %s", (request, body, now, moments) => {
    expect(momentsOf(deployPoints([release, namespace]), request, body, now)).toEqual(moments);
  });

  test.each([
    [`PUT /api/v1/namespaces/x/secrets/${record}`, "status\u0012\funinstalling", "asked", ["a before"]],
    [`DELETE /api/v1/namespaces/x/secrets/${record}`, "", "asked", ["a in, all gone"]],
    ["DELETE /api/v1/namespaces/n", "", "asked", ["n before"]],
  ] as const)("of a destroy is %s", (request, body, now, moments) => {
    expect(momentsOf(destroyPoints([release, namespace]), request, body, now)).toEqual(moments);
  });
});

describe("a matrix of kills", () => {
  const there: readonly ClusterVictim[] = ["driver", "API server", "terraform", "helm provider", "kubernetes provider"];

  test("meets each moment once in a turn, each time with another victim, and its own provider before the other", () => {
    const points = deployPoints([release]);
    const matrix = new KillMatrix(points);
    for (let times = 1; times <= there.length; times += 1) {
      while (matrix.nextRound(times))
        matrix.strike(
          points.filter((one) => matrix.wants(one)),
          there,
        );
    }
    const victims = points.map((one) => matrix.kills.filter(({ point }) => point === one).map(({ victim }) => victim));

    expect(victims.map((each) => new Set(each).size)).toEqual(points.map(() => there.length));
    expect(victims.map((each) => each.at(-1))).toEqual(points.map(() => "kubernetes provider"));
    // The first turn meets as many victims as it has moments.
    expect(new Set(victims.map(([first]) => first)).size).toBe(points.length);
  });

  test("counts the repeats of a kill until its target is as wanted, or a run ends well", () => {
    const matrix = new KillMatrix(deployPoints([release, namespace]));
    matrix.nextRound(1);
    matrix.strike(
      matrix.points.filter((one) => matrix.wants(one)),
      there,
    );
    const isWell = (target: Target): boolean => target === release;
    matrix.ran(false, isWell);
    matrix.ran(false, isWell);
    matrix.ran(true, isWell);

    expect(matrix.kills.map(rowOf)).toEqual([
      "helm_release.a | before | driver | repeats 1",
      "kubernetes_namespace_v1.n | after | driver | repeats 2",
    ]);
  });

  test("goes on from the rows of an earlier one, but for kills that were not over", () => {
    const points = deployPoints([release]);
    const row = (moment: string, repeats: string): string =>
      `helm_release.a | ${moment} | driver | ${repeats} | an end`;
    const matrix = new KillMatrix(points, [
      row("before", "repeats 1"),
      row("in, begun", "repeats 2"),
      row("in, all made", "not over after 3"),
      "helm_release.gone | before | driver | repeats 1",
    ]);
    matrix.nextRound(1);
    const [wanted = points[0]] = points.filter((one) => matrix.wants(one));

    expect(matrix.kills.map(rowOf)).toEqual(
      [row("before", "repeats 1"), row("in, begun", "repeats 2")].map((one) => one.replace(" | an end", "")),
    );
    expect(wanted?.moment).toBe("in, all made");
    expect(matrix.strike(points.slice(0, 1), there)).not.toBe("driver");
  });
});
