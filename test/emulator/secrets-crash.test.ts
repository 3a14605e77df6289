import { adoptLeftovers } from "../../cli/adopt";
import type { AwsCall } from "../support/aws-proxy";
import { databaseConfiguration } from "../support/database-configuration";
import { clusterProvidersAvailable } from "../support/providers";
import type { Moment } from "../support/kills";
import { Bench, describeOnEmulator, MINUTES } from "../support/terraform-bench";

const at = (operation: string, moment: Moment) => (call: AwsCall, now: Moment) =>
  call.operation === operation && moment === now;

/** Converges, and holds the one thing that must be true in every case. */
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
    "before it could note that the secret exists, and what the operator does then",
    async () => {
      expect(await bench.applyKilledWhen(at("CreateSecret", "answered"))).toBe(true);
      const refused = await bench.run(["apply", "-auto-approve", "-input=false"]);
      expect(refused.output).toMatch(/already exists|ResourceExistsException/);

      somebodyElsesThings(bench);
      bench.configure(withSomebodyElsesNames(databaseConfiguration()));
      await bench.run(["init", "-input=false"]);
      const adopted = await adoptLeftovers(bench.terraformOfOperator, bench.stackOfOperator, OWNER);
      expect(bench.state()).not.toContain("somebody");
      bench.configure(databaseConfiguration());
      const again = await adoptLeftovers(bench.terraformOfOperator, bench.stackOfOperator, OWNER);

      const outcome = new Map(adopted.map((one) => [one.id, one.adopted]));
      expect(outcome.get("retool/prod/database-password")).toBe(true);
      expect(outcome.get("somebody-else")).toBe(false);
      expect(outcome.get("alias/somebody-else")).toBe(false);
      expect(outcome.has("nobody")).toBe(false);
      expect(again).toEqual([]);
      await expectConverged(bench);
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

const OWNER = {
  tags: { Project: "cdktf-retool", Environment: "prod" },
  place: { account: "123456789012", region: "us-east-1", partition: "aws" },
};
const TRUST = '{"Version":"2012-10-17","Statement":[]}';

/** A role and an alias without the environment's tags. */
function somebodyElsesThings(bench: Bench): void {
  const [, key] = bench.call([
    {
      service: "iam",
      operation: "create_role",
      parameters: { RoleName: "somebody-else", AssumeRolePolicyDocument: TRUST },
    },
    { service: "kms", operation: "create_key" },
  ]) as [unknown, { KeyMetadata: { KeyId: string } }];
  const parameters = { AliasName: "alias/somebody-else", TargetKeyId: key.KeyMetadata.KeyId };
  bench.call([{ service: "kms", operation: "create_alias", parameters }]);
}

/**
 * Adds resources under those names, and, as in the real stack, a provider that cannot be configured before the apply,
 * where it can be installed.
 */
function withSomebodyElsesNames(configuration: string): string {
  const stack = JSON.parse(configuration) as Record<"terraform" | "provider" | "resource", Record<string, object>>;
  const role = (name: string) => ({ name, assume_role_policy: TRUST });
  const alias = { name: "alias/somebody-else", target_key_id: "${aws_kms_key.Key.id}" };
  const resource = {
    ...stack.resource,
    aws_iam_role: { ...stack.resource["aws_iam_role"], theirs: role("somebody-else"), nobody: role("nobody") },
    aws_kms_alias: { theirs: alias },
  };
  if (!clusterProvidersAvailable) return JSON.stringify({ ...stack, resource });
  const providers = { ...stack.terraform["required_providers"], kubernetes: { source: "hashicorp/kubernetes" } };
  return JSON.stringify({
    ...stack,
    terraform: { ...stack.terraform, required_providers: providers },
    provider: { ...stack.provider, kubernetes: [{ host: "https://${aws_iam_role.nobody.unique_id}" }] },
    resource: { ...resource, kubernetes_namespace: { it: { metadata: { name: "retool" } } } },
  });
}

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
