import { ExistingDatabase } from "../../../constructs/database/existing-database";
import { planDatabase } from "../../../domain/database/platform";
import { context } from "../../support/fakes";
import { synthesize } from "../../support/synthesize";

const demand = { connections: 100, parts: [{ name: "api", connections: 100 }] };
const databaseOf = (more: object = {}) => {
  const { plan, violations } = planDatabase(
    {
      kind: "existing",
      host: "postgres.example.com",
      port: 6432,
      database: "apps",
      user: "retool_app",
      secret: "retool/postgres",
      addresses: ["198.51.100.0/28"],
      ...more,
    },
    context,
    demand,
  );
  if (plan.kind !== "existing" || violations.length > 0) throw new Error(JSON.stringify(violations));
  let made: ExistingDatabase | undefined;
  const stack = synthesize((scope) => (made = new ExistingDatabase(scope, "Database", { plan })));
  return { stack, database: made! };
};

describe("ExistingDatabase", () => {
  test("is where it was said to be, and nothing is made for it", () => {
    const { stack, database } = databaseOf({ instance: "tools" });

    expect(database).toMatchObject({
      host: "postgres.example.com",
      port: 6432,
      databaseName: "apps",
      username: "retool_app",
      instanceIdentifier: "tools",
    });
    expect(stack.addresses()).toEqual([]);
  });

  test("cannot have a snapshot made where it is not an RDS instance", () => {
    expect(databaseOf().database.instanceIdentifier).toBeUndefined();
  });
});
