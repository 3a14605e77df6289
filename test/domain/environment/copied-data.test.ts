import { prod } from "../../support/environments/prod";
import { checkEnvironment } from "../../../domain/environment/environment";
import type { EnvironmentSpec } from "../../../domain/environment/spec";
import { formatViolation } from "../../../domain/common/violation";

type Restore = NonNullable<Extract<EnvironmentSpec["database"], { readonly restore?: unknown }>["restore"]>;

const staging = { ...prod, name: "staging", retoolVersion: "4.86.2-stable" };
const problems = (restore: Restore, temporal?: EnvironmentSpec["temporal"]): string[] =>
  checkEnvironment({ ...staging, database: { generation: 2, restore }, temporal })
    .violations.map(formatViolation)
    .filter((line) => line.startsWith("temporal"));
const snapshot = (name: string): Restore => ({ kind: "snapshot", snapshot: name });
describe("a copy of another environment's data", () => {
  test.each([
    ["retool-prod", { kind: "point-in-time", instance: "retool-prod" }],
    ["rds:retool-prod-2026-03-01-03-04", snapshot("rds:retool-prod-2026-03-01-03-04")],
    ["before-the-move", snapshot("before-the-move")],
    ["retool-stagingx", snapshot("retool-stagingx")],
    [
      "arn:aws:rds:us-east-1:999988887777:snapshot:retool-prod-1",
      snapshot("arn:aws:rds:us-east-1:999988887777:snapshot:retool-prod-1"),
    ],
  ] as const)("%s is refused while nothing is said about the original's workflows", (source, restore) => {
    expect(problems(restore)).toEqual([
      `temporal.copyOf: is not set, and database.restore uses "${source}" of another environment: while the original runs, each would run the other's workflows; set it to the original environment, or to "none" if that no longer runs or has another Temporal namespace (https://docs.retool.com/self-hosted/self-managed/concepts/best-practices/upgrade-planning)`,
    ]);
  });

  test.each([
    snapshot("retool-staging-before-4-34"),
    snapshot("rds:retool-staging-2026-03-01-03-04"),
    snapshot("arn:aws:rds:us-east-1:999988887777:snapshot:retool-staging-1"),
    snapshot("awsbackup:job-12345678"),
  ])("is none where the data is the environment's own: %j", (restore) => {
    expect(problems(restore)).toEqual([]);
  });

  test("is accepted with queues of its own, without an original, or with its own Temporal", () => {
    const restore = snapshot("retool-prod-1");
    const queueOf = (temporal: EnvironmentSpec["temporal"]): string | undefined =>
      checkEnvironment({ ...staging, temporal }).plan.temporal.taskQueue;

    expect(problems(restore, { kind: "retool-managed", copyOf: "prod" })).toEqual([]);
    expect(queueOf({ kind: "retool-managed", copyOf: "prod" })).toBe("workflows-staging");
    expect(problems(restore, { kind: "retool-managed", copyOf: "none" })).toEqual([]);
    expect(queueOf({ kind: "retool-managed", copyOf: "none" })).toBeUndefined();
    expect(problems(restore, { kind: "local" })).toEqual([]);
  });

  test("is told of a way out that its version has", () => {
    const temporal = { kind: "retool-managed", copyOf: "prod" } as const;
    const { violations } = checkEnvironment({ ...staging, retoolVersion: "4.0.9-stable", temporal });

    expect(violations.map(({ path }) => path)).toEqual(["retool.appOrchestration"]);
    expect(violations[0]?.remedy).toMatch(/^run Retool 4\.47 or later/);
    expect(
      checkEnvironment({ ...staging, retoolVersion: "4.0.9-stable", temporal: { kind: "local" } }).violations,
    ).toEqual([]);
  });

  test.each([{}, { restore: null }, { restore: { kind: "snapshot", snapshot: 1 } }, "x", null])(
    "is looked for in no configuration of the wrong shape: %j",
    (database) => {
      expect(
        checkEnvironment({ ...staging, database: database as never }).violations.map(({ path }) => path),
      ).not.toContain("temporal.copyOf");
    },
  );
});
