import { planEnvironment } from "../../../domain/environment/environment";
import { planEnvironmentPlatform } from "../../../domain/environment/platform";
import { postgresSteps } from "../../../domain/upgrade/postgres";
import { prod } from "../../support/environments/prod";

test("keeps a snapshot, announces the outage and asks for both settings, in this order", () => {
  const steps = postgresSteps({ identifier: "retool-prod", engineVersion: "17" }, "eu-west-1").map(({ what }) => what);
  const order = [
    /staging/,
    /extensions/,
    /create-db-snapshot/,
    /applyImmediately: true/,
    /parameter group/,
    /events/,
    /ANALYZE/,
  ];

  expect(steps.map((step, index) => order[index]?.test(step))).toEqual(order.map(() => true));
  expect(steps.join()).toContain("--db-instance-identifier retool-prod --db-snapshot-identifier retool-prod-before-18");
  const commands = steps.flatMap((step) => step.match(/aws rds .*/g) ?? []);
  expect(commands.filter((command) => command.includes("--region eu-west-1"))).toHaveLength(2);
  expect(commands).toHaveLength(2);
  expect(steps.at(-1)).toContain("remove allowMajorVersionUpgrade and applyImmediately;");
});

test("ends at the newest version, and says nothing of a server that exists already", () => {
  const database = { kind: "existing", host: "10.20.0.9", secret: "corp/retool-db" } as const;

  expect(postgresSteps({ identifier: "retool-prod", engineVersion: "18" }, "eu-west-1")).toEqual([]);
  expect(planEnvironmentPlatform(planEnvironment(prod)).postgresSteps).toHaveLength(7);
  expect(planEnvironmentPlatform(planEnvironment({ ...prod, database })).postgresSteps).toEqual([]);
});
