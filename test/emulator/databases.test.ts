import { databasesConfiguration, type Ground, SANDBOX_SECRET } from "../support/databases-configuration";
import { Bench, describeOnEmulator, MINUTES } from "../support/terraform-bench";

/** Every instance that an environment can make. */
const THREE = {
  dataProtection: "protected",
  retoolDatabase: { kind: "dedicated", engineVersion: "16", multiAz: false, storageGiB: 60 },
  temporal: { kind: "local" },
} as const;

/** The platform database of somebody else, and no Retool Database any more. */
const ELSEWHERE = {
  ...THREE,
  database: { kind: "existing", host: "10.20.0.9", user: "retool_app", secret: "corp/retool-db" },
  retoolDatabase: "none",
} as const;

const NOWHERE: Ground = { vpcId: "vpc-0", subnetIds: ["subnet-0"], keyArn: "arn:aws:kms:us-east-1:123456789012:key/k" };

/** What stays of an instance with its password; a name that is too long for a role ends with a hash. */
const partsOf = (instance: string, role: string, family: string, password: string): string[] => [
  `instance ${instance}`,
  `snapshot rds:${instance}-`,
  `parameters ${instance}-${family}-`,
  `subnets ${instance}-`,
  `group ${instance}-database-`,
  `log /aws/rds/instance/${instance}/postgresql`,
  `log /aws/rds/instance/${instance}/upgrade`,
  `role ${instance}-database-${role}-`,
  `secret retool/uat/${password}`,
];

const PLATFORM = partsOf("retool-uat", "monitoring", "postgres17", "database-password");
const TABLES = partsOf("retool-uat-retooldb", "3e9bbcb2", "postgres16", "retool-database-password");
const TEMPORAL = partsOf("retool-uat-temporal", "97f21d1d", "postgres17", "temporal-database-password");

/** Lists of what databases make: what a line begins with, where it is from, and the key of the name. */
const LISTS: readonly (readonly [label: string, service: string, operation: string, key: string])[] = [
  ["instance", "rds", "describe_db_instances", "DBInstanceIdentifier"],
  ["snapshot", "rds", "describe_db_snapshots", "DBSnapshotIdentifier"],
  ["parameters", "rds", "describe_db_parameter_groups", "DBParameterGroupName"],
  ["subnets", "rds", "describe_db_subnet_groups", "DBSubnetGroupName"],
  ["group", "ec2", "describe_security_groups", "GroupName"],
  ["log", "logs", "describe_log_groups", "logGroupName"],
  ["role", "iam", "list_roles", "RoleName"],
  ["secret", "secretsmanager", "list_secrets", "Name"],
];

/** What Terraform adds to the prefix of a name, and RDS to that of its daily snapshots. */
const ADDED = /(\d{20,}\w*|\d{4}(-\d\d){4})$/;

type Listed = Readonly<Record<string, unknown>>;

/** Everything in the account that is in one of the lists, a line each; without what is added to a prefix. */
function inventory(bench: Bench): string[] {
  const answers = bench.call(LISTS.map(([, service, operation]) => ({ service, operation }))) as Record<
    string,
    Listed[]
  >[];
  return LISTS.flatMap(([label, , , key], index) =>
    Object.values(answers[index] ?? {})
      .filter(Array.isArray)
      .flat()
      .filter((one: Listed) => (one["DeletedDate"] ?? null) === null)
      .map((one: Listed) => `${label} ${String(one[key]).replace(ADDED, "")}`),
  ).sort();
}

function prepareGround(bench: Bench): Ground {
  const [vpc] = bench.call([{ service: "ec2", operation: "create_vpc", parameters: { CidrBlock: "10.0.0.0/16" } }]);
  const { VpcId: vpcId } = (vpc as { Vpc: { VpcId: string } }).Vpc;
  const secret = (Name: string): object => ({ Name, SecretString: `value of ${Name}` });
  const answers = bench.call([
    ...["a", "b"].map((zone, index) => ({
      service: "ec2",
      operation: "create_subnet",
      parameters: { VpcId: vpcId, CidrBlock: `10.0.${index}.0/24`, AvailabilityZone: `us-east-1${zone}` },
    })),
    { service: "kms", operation: "create_key" },
    ...[SANDBOX_SECRET, "corp/retool-db"].map((name) => ({
      service: "secretsmanager",
      operation: "create_secret",
      parameters: { ...secret(name) },
    })),
  ]) as { Subnet?: { SubnetId: string }; KeyMetadata?: { Arn: string } }[];
  return {
    vpcId,
    subnetIds: answers.flatMap(({ Subnet }) => (Subnet === undefined ? [] : [Subnet.SubnetId])),
    keyArn: answers.find(({ KeyMetadata }) => KeyMetadata)?.KeyMetadata?.Arn ?? "",
  };
}

/** One environment from three instances to a database of somebody else, and to nothing. */
describeOnEmulator("the databases of an environment", () => {
  let bench: Bench;
  let ground: Ground;
  let before: string[];

  const terraform = async (...args: string[]): Promise<string> => {
    const { code, output } = await bench.run([...args, "-input=false"]);
    if (code !== 0) throw new Error(output);
    return output;
  };
  const plan = async (): Promise<string> => terraform("plan", "-detailed-exitcode");
  /** What is in the account now and was not before the first apply. */
  const made = (): string[] => inventory(bench).filter((line) => !before.includes(line));
  const sorted = (...lines: string[]): string[] => lines.sort();

  beforeAll(async () => {
    bench = await Bench.open(databasesConfiguration(NOWHERE, THREE));
    ground = prepareGround(bench);
    before = inventory(bench);
    bench.configure(databasesConfiguration(ground, THREE));
    await terraform("apply", "-auto-approve", "-parallelism=40");
  }, 10 * MINUTES);

  afterAll(async () => {
    await bench.close();
  });

  test("each has its own instance, with a port, its own version and size", () => {
    const [answer] = bench.call([{ service: "rds", operation: "describe_db_instances" }]);
    const { DBInstances } = answer as { DBInstances: Listed[] };
    const seen = DBInstances.map((one) => [
      one["DBInstanceIdentifier"],
      (one["Endpoint"] as Listed)["Port"],
      String(one["EngineVersion"]).split(".")[0],
      one["AllocatedStorage"],
      one["MultiAZ"],
    ]);

    expect(seen.sort()).toEqual([
      ["retool-uat", 5432, "17", 100, true],
      ["retool-uat-retooldb", 5433, "16", 60, false],
      ["retool-uat-temporal", 5434, "17", 100, true],
    ]);
    for (const one of DBInstances)
      expect(one).toMatchObject({ StorageEncrypted: true, DeletionProtection: true, PubliclyAccessible: false });
  });

  test("each has the password of its own secret, and state has none of them", async () => {
    const names = ["database-password", "retool-database-password", "temporal-database-password"];
    const stored = await Promise.all(names.map(async (name) => bench.secretValue(`retool/uat/${name}`)));

    expect([...bench.passwords].sort()).toEqual([...stored].sort());
    expect(new Set(stored).size).toBe(3);
    for (const password of stored) expect(bench.state()).not.toContain(password);
  });

  test(
    "a second plan is empty",
    async () => {
      expect(await plan()).toContain("No changes.");
    },
    3 * MINUTES,
  );

  test(
    "the next apply forgets what is given up, and leaves it with its password",
    async () => {
      const all = made();
      const password = await bench.secretValue("retool/uat/database-password");
      bench.configure(databasesConfiguration(ground, ELSEWHERE));
      const output = await terraform("apply", "-auto-approve");

      // The nodes need not reach these two any more.
      expect(output).toContain("Resources: 0 added, 0 changed, 2 destroyed.");
      expect(output.match(/_From\w+: Destruction complete/g)).toHaveLength(2);
      expect(made()).toEqual(all);
      expect(made()).toEqual(expect.arrayContaining([...PLATFORM, ...TABLES, ...TEMPORAL]));
      expect(await bench.secretValue("retool/uat/database-password")).toBe(password);
      expect(bench.state()).not.toMatch(/"identifier": "retool-uat(-retooldb)?"/);
      expect(await plan()).toContain("No changes.");
    },
    5 * MINUTES,
  );

  test(
    "destroy takes the rest, and what was forgotten stays",
    async () => {
      bench.configure(databasesConfiguration(ground, { ...ELSEWHERE, dataProtection: "disposable" }));
      await terraform("apply", "-auto-approve");
      await terraform("destroy", "-auto-approve");

      expect(made()).toEqual(sorted(...PLATFORM, ...TABLES));
      expect(inventory(bench)).toEqual(sorted(...before, ...PLATFORM, ...TABLES));
    },
    8 * MINUTES,
  );
});
