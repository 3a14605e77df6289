import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, LocalBackend, TerraformStack, Testing } from "cdktf";

import { UpgradeSnapshots } from "../../constructs/database/upgrade-snapshots";
import { Bench, describeOnEmulator, MINUTES } from "../support/terraform-bench";

const FIRST = "retool-prod-4-0-9-stable-before-4-34-1-stable";
const SECOND = "retool-prod-4-34-1-stable-before-4-86-1-stable";

function stackWith(...identifiers: readonly string[]): string {
  const stack = new TerraformStack(new App({ skipValidation: true }), "snapshots");
  new LocalBackend(stack, { path: "terraform.tfstate" });
  new AwsProvider(stack, "Aws", { region: "us-east-1", maxRetries: 3 });
  stack.addOverride("terraform.required_providers.aws.version", ">= 5.100.0, < 7.0.0");
  new UpgradeSnapshots(stack, "UpgradeSnapshots", {
    instanceIdentifier: "retool-prod",
    upgrades: identifiers.map((identifier) => ({ identifier })),
    encryptionKeys: [],
    preventDestroy: true,
    after: [],
  });
  return Testing.synth(stack);
}

/** One list of upgrades grows, loses an entry and loses a snapshot. */
describeOnEmulator("snapshots from before upgrades", () => {
  let bench: Bench;

  beforeAll(async () => {
    bench = await Bench.open(stackWith(FIRST));
  }, 2 * MINUTES);

  afterAll(async () => {
    await bench.close();
  });

  const run = async (...args: string[]): Promise<{ code: number | null; said: string }> => {
    const { code, output } = await bench.run([...args, "-input=false"]);
    return { code, said: output.replaceAll(/[\s│]+/g, " ") };
  };

  const rds = (operation: string, parameters: Record<string, unknown>): unknown =>
    bench.call([{ service: "rds", operation, parameters }])[0];

  const snapshots = (): string[] => {
    const { DBSnapshots } = rds("describe_db_snapshots", { SnapshotType: "manual" }) as {
      DBSnapshots: { DBSnapshotIdentifier: string }[];
    };
    return DBSnapshots.map(({ DBSnapshotIdentifier }) => DBSnapshotIdentifier).sort();
  };

  test(
    "are made once, of a database that exists, and go by nobody's mistake",
    async () => {
      const copied = await run("plan");
      expect(copied.said).toContain(`${FIRST}: the database does not exist yet, so this snapshot would hold nothing`);
      expect(copied.code).toBe(1);

      rds("create_db_instance", {
        DBInstanceIdentifier: "retool-prod",
        DBInstanceClass: "db.t4g.medium",
        Engine: "postgres",
        MasterUsername: "retool",
        MasterUserPassword: "not-a-secret-here",
        AllocatedStorage: 60,
      });
      const made = await run("apply", "-auto-approve");
      expect(made.code === 0 ? "" : made.said).toBe("");
      expect(snapshots()).toEqual([FIRST]);
      expect((await run("plan", "-detailed-exitcode")).code).toBe(0);

      bench.configure(stackWith());
      const lost = await run("plan");
      expect(lost.code).toBe(1);
      expect(lost.said).toContain("Instance cannot be destroyed");

      bench.configure(stackWith(FIRST));
      rds("delete_db_snapshot", { DBSnapshotIdentifier: FIRST });
      const again = await run("apply", "-auto-approve");
      expect(again.code).toBe(1);
      expect(again.said).toContain("Instance cannot be destroyed");
      expect(snapshots()).toEqual([]);
    },
    10 * MINUTES,
  );

  test(
    "leave state when the next one is made, and may be deleted by hand then",
    async () => {
      rds("create_db_snapshot", { DBInstanceIdentifier: "retool-prod", DBSnapshotIdentifier: FIRST });
      bench.configure(stackWith(FIRST, SECOND));
      const next = await run("apply", "-auto-approve");
      expect(next.code === 0 ? "" : next.said).toBe("");
      expect(snapshots()).toEqual([FIRST, SECOND]);

      rds("delete_db_snapshot", { DBSnapshotIdentifier: FIRST });
      expect((await run("plan", "-detailed-exitcode")).code).toBe(0);

      bench.configure(stackWith(FIRST));
      const lost = await run("plan");
      expect(lost.code).toBe(1);
      expect(lost.said).toContain("Instance cannot be destroyed");
    },
    10 * MINUTES,
  );
});
