import { databaseConfiguration } from "../support/database-configuration";
import { Bench, describeOnEmulator, MINUTES } from "../support/terraform-bench";

/**
 * What a plan after a restore to a point in time still shows, all of it in place on the new instance.
 *
 * The provider leaves Performance Insights out of such a restore, so the next apply turns them on. The emulator also takes
 * the source of the restore for the primary of a replica, which RDS does not.
 */
const LEFT_BY_THE_RESTORE =
  /~ update in-place$|aws_db_instance.*Database_Instance2_\w+"? (will be updated in-place|\{)$|(performance_insights_enabled|replicate_source_db) /;

describeOnEmulator("the restore drill", () => {
  let bench: Bench;

  beforeAll(async () => {
    bench = await Bench.open(databaseConfiguration());
  }, 2 * MINUTES);

  afterAll(async () => {
    await bench.close();
  });

  async function apply(): Promise<string> {
    const { code, output } = await bench.run(["apply", "-auto-approve", "-input=false"]);
    expect(output.split("\n").filter((line) => line.includes("Error:"))).toEqual([]);
    expect(code).toBe(0);
    expect(output).toContain(" 0 destroyed");
    return output;
  }

  /** What the next apply would do, one line for each changed resource and argument. */
  async function planned(): Promise<string[]> {
    const { output } = await bench.run(["plan", "-input=false"]);
    return output.split("\n").filter((line) => /^ +([~+-] |# aws_)/.test(line));
  }

  test(
    "restores next to the running instance, with the same secret, and destroys nothing",
    async () => {
      await apply();
      expect(await planned()).toEqual([]);
      const secret = await bench.secretValue();
      const given = bench.passwords.length;

      const restore = { kind: "point-in-time", instance: "retool-prod" } as const;
      bench.configure(databaseConfiguration({ generation: 2, restore }));
      const output = await apply();

      expect(output).toContain("aws_db_instance.Database_B269D8BB will no longer be managed by Terraform");
      expect(await bench.databases()).toEqual(["retool-prod", "retool-prod-2"]);
      // The restored data came with the password of its time; the instance has the stored one now.
      expect(await bench.secretValue()).toBe(secret);
      expect(bench.passwords.slice(given)).toEqual([secret]);

      expect((await planned()).filter((line) => !LEFT_BY_THE_RESTORE.test(line))).toEqual([]);
      expect(bench.state()).not.toContain(secret);
    },
    20 * MINUTES,
  );
});
