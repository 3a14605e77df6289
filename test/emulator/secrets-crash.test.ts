import type { AwsCall } from "../support/aws-proxy";
import { databaseConfiguration } from "../support/database-configuration";
import { Bench, describeOnEmulator, MINUTES, type Moment } from "../support/terraform-bench";

const at = (operation: string, moment: Moment) => (call: AwsCall, now: Moment) =>
  call.operation === operation && moment === now;

/** Converges, and holds the one thing that must be true whatever happened before. */
async function expectConverged(bench: Bench): Promise<void> {
  const apply = await bench.run(["apply", "-auto-approve", "-input=false"]);
  expect(errorsIn(apply.output)).toEqual([]);
  expect(apply.code).toBe(0);

  const value = await bench.secretValue();
  expect(value).toMatch(/^[A-Za-z0-9]{64}$/);
  expect(bench.passwords.at(-1)).toBe(value);

  const plan = await bench.run(["plan", "-detailed-exitcode", "-input=false", "-out=next.tfplan"]);
  expect(plan).toMatchObject({ code: 0 });
  const shown = await bench.run(["show", "-json", "next.tfplan"]);
  for (const text of [bench.state(), apply.output, plan.output, shown.output]) {
    for (const secret of bench.stored) expect(text.includes(secret)).toBe(false);
  }
}

describeOnEmulator("an apply that is killed", () => {
  let bench: Bench;

  beforeEach(async () => {
    bench = await Bench.open(databaseConfiguration());
    // A kill while a subnet is made leaves one that Terraform cannot know of; that is not what is tested here.
    await bench.run(["apply", "-auto-approve", "-input=false", ...SUBNETS.map((subnet) => `-target=${subnet}`)]);
  }, 4 * MINUTES);

  afterEach(async () => {
    await bench.close();
  });

  test(
    "between the secret and the database, twice",
    async () => {
      // The value is stored, and Terraform dies before it notes so.
      expect(await bench.applyKilledWhen(at("PutSecretValue", "answered"))).toBe(true);
      // The value is noted, and Terraform dies as it hands it to the database.
      expect(await bench.applyKilledWhen(at("CreateDBInstance", "asked"))).toBe(true);
      expect(bench.passwords).toEqual([]);

      await expectConverged(bench);

      // A value was drawn in each run, so that using it directly would have given the database another one.
      expect(new Set(bench.stored).size).toBeGreaterThan(1);
      expect(bench.passwords).toHaveLength(1);
    },
    10 * MINUTES,
  );

  test(
    "while RDS makes the instance",
    async () => {
      expect(await bench.applyKilledWhen(at("CreateDBInstance", "answered"))).toBe(true);

      await expectConverged(bench);
    },
    10 * MINUTES,
  );

  test(
    "at five random moments between the first drawn value and the running database",
    async () => {
      for (const requests of randomNumbers(SEED, 5, 12)) {
        let seen = 0;
        await bench.applyKilledWhen(({ operation }) => PATH_OF_THE_PASSWORD.has(operation) && ++seen === requests);
      }

      await expectConverged(bench);
    },
    20 * MINUTES,
  );
});

const SUBNETS = ["aws_subnet.Subnet-a", "aws_subnet.Subnet-b"];

/** What Terraform asks of AWS from drawing a value to seeing it in the database; each request counts twice. */
const PATH_OF_THE_PASSWORD = new Set([
  "GetRandomPassword",
  "PutSecretValue",
  "GetSecretValue",
  "CreateDBInstance",
  "DescribeDBInstances",
]);

const errorsIn = (output: string): string[] => output.split("\n").filter((line) => line.includes("Error:"));

/** Another seed gives other moments; every one must converge. */
const SEED = Number(process.env["RETOOL_CRASH_SEED"] ?? "20260101");

/** Whole numbers from 1 to a limit, the same for the same seed (a linear congruential generator). */
function randomNumbers(seed: number, count: number, limit: number): number[] {
  const numbers: number[] = [];
  for (let state = seed; numbers.length < count;) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    numbers.push(1 + Math.floor((state / 2 ** 32) * limit));
  }
  return numbers;
}
