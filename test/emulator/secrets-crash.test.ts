import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Subnet } from "@cdktf/provider-aws/lib/subnet";
import { Vpc } from "@cdktf/provider-aws/lib/vpc";
import { App, LocalBackend, TerraformStack, Testing } from "cdktf";

import { GeneratedSecret } from "../../constructs/generated-secret";
import { PostgresDatabase } from "../../constructs/postgres-database";
import { planPostgres } from "../../domain/postgres";
import { planSecrets } from "../../domain/secrets";
import { emulatorEnvironment } from "../../local/aws-environment";
import { paths, PROJECT } from "../../local/paths";
import { AwsProxy, type AwsCall } from "../support/aws-proxy";
import { context as base } from "../support/fakes";

const PYTHON = process.env["RETOOL_EMULATOR_PYTHON"] ?? join(paths.virtualEnvironment, "bin", "python");
const MINUTES = 60_000;
const runs = existsSync(PYTHON) && spawnSync("terraform", ["version"]).status === 0;
const describeOnEmulator = runs ? describe : describe.skip;

if (!runs) {
  process.stdout.write(
    `the kill test is skipped: it needs terraform and the emulator's packages (${PYTHON}, which npm run local installs)\n`,
  );
}

const context = { ...base, account: "123456789012", dataProtection: "disposable" } as const;

/** One secret and the database that takes its password from it, as the real stack wires them. */
function configuration(): string {
  const stack = new TerraformStack(new App({ skipValidation: true }), "crash");
  new LocalBackend(stack, { path: "terraform.tfstate" });
  new AwsProvider(stack, "Aws", { region: context.region, maxRetries: 3 });
  stack.addOverride("terraform.required_providers.aws.version", ">= 5.100.0, < 7.0.0");
  const vpc = new Vpc(stack, "Vpc", { cidrBlock: "10.0.0.0/16" });
  const subnets = ["a", "b"].map(
    (zone, index) =>
      new Subnet(stack, `Subnet-${zone}`, {
        vpcId: vpc.id,
        cidrBlock: `10.0.${index}.0/24`,
        availabilityZone: `${context.region}${zone}`,
      }).id,
  );
  const encryptionKey = { keyArn: new KmsKey(stack, "Key", { deletionWindowInDays: 7 }).arn };
  const { plan: secrets } = planSecrets(undefined, "none", context);
  const password = new GeneratedSecret(stack, "Password", { ...secrets, ...secrets.databasePassword, encryptionKey });
  new PostgresDatabase(stack, "Database", {
    plan: planPostgres(undefined, context, { connections: 100 }).plan,
    network: {
      vpcId: vpc.id,
      vpcCidr: "10.0.0.0/16",
      publicSubnetIds: [],
      privateSubnetIds: subnets,
      databaseSubnetIds: subnets,
      natAddresses: [],
      egressReady: [],
    },
    encryptionKey,
    password,
  });
  return Testing.synth(stack);
}

type Moment = "asked" | "answered";

/** An emulator, a proxy in front of it and a Terraform folder; all of it is gone after {@link Bench.close}. */
class Bench {
  /** Every value that went into Secrets Manager. */
  public readonly stored: string[] = [];
  /** Every password that RDS was given. */
  public readonly passwords: string[] = [];
  private readonly folder = mkdtempSync(join(tmpdir(), "secrets-crash-"));
  private killWhen: ((call: AwsCall, moment: Moment) => boolean) | undefined;
  private terraform: ChildProcess | undefined;
  private proxy: AwsProxy | undefined;
  private environment: NodeJS.ProcessEnv = {};

  private constructor(
    private readonly emulator: ChildProcess,
    private readonly port: number,
  ) {}

  public static async open(): Promise<Bench> {
    const emulator = spawn(PYTHON, [join(PROJECT, "local", "emulator"), "--port", "0"], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    const port = await new Promise<number>((resolve, reject) => {
      emulator.once("exit", () => {
        reject(new Error("the emulator did not start"));
      });
      emulator.stdout.once("data", (line: Buffer) => {
        resolve((JSON.parse(line.toString()) as { port: number }).port);
      });
    });
    const bench = new Bench(emulator, port);
    try {
      await bench.prepare();
    } catch (error) {
      await bench.close();
      throw error;
    }
    return bench;
  }

  /** Runs Terraform to its end, and gives its exit code and everything it printed. */
  public async run(args: readonly string[]): Promise<{ code: number | null; output: string }> {
    const terraform = spawn("terraform", [...args, "-no-color"], {
      cwd: this.folder,
      env: this.environment,
      // A process group of its own, so that a kill takes the provider as well.
      detached: true,
    });
    this.terraform = terraform;
    let output = "";
    terraform.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
    terraform.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
    const code = await new Promise<number | null>((resolve) => terraform.once("close", resolve));
    return { code, output };
  }

  /**
   * Applies, and kills Terraform at a moment.
   *
   * @returns Whether Terraform was killed; it may have ended before that moment came.
   */
  public async applyKilledWhen(kill: (call: AwsCall, moment: Moment) => boolean): Promise<boolean> {
    this.killWhen = kill;
    const { code, output } = await this.run(["apply", "-auto-approve", "-input=false"]);
    this.killWhen = undefined;
    if (code !== null && code !== 0) throw new Error(`Terraform failed before it could be killed:\n${output}`);
    return code === null;
  }

  /** The current value of the secret. */
  public async secretValue(): Promise<string> {
    const response = await fetch(`http://127.0.0.1:${this.port}`, {
      method: "POST",
      headers: {
        "X-Amz-Target": "secretsmanager.GetSecretValue",
        "Content-Type": "application/x-amz-json-1.1",
        Authorization: `AWS4-HMAC-SHA256 Credential=test/20260101/${context.region}/secretsmanager/aws4_request, SignedHeaders=host, Signature=0`,
      },
      body: JSON.stringify({ SecretId: "retool/prod/database-password" }),
    });
    return ((await response.json()) as { SecretString: string }).SecretString;
  }

  /** What Terraform keeps on disk. */
  public state(): string {
    return readFileSync(join(this.folder, "terraform.tfstate"), "utf8");
  }

  public async close(): Promise<void> {
    this.proxy?.stop();
    await new Promise((resolve) => {
      this.emulator.once("exit", resolve).kill("SIGTERM");
    });
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async prepare(): Promise<void> {
    this.proxy = new AwsProxy(this.port, (call, moment) => {
      this.see(call, moment);
    });
    this.environment = emulatorEnvironment(await this.proxy.start(), context.region);
    writeFileSync(join(this.folder, "main.tf.json"), configuration());
    const { code, output } = await this.run(["init", "-input=false"]);
    if (code !== 0) throw new Error(output);
  }

  private see(call: AwsCall, moment: Moment): void {
    if (moment === "answered") this.record(call);
    if (this.killWhen?.(call, moment) !== true) return;
    this.killWhen = undefined;
    process.kill(-(this.terraform?.pid ?? 0), "SIGKILL");
    throw new Error("Terraform is gone");
  }

  private record({ operation, parameters }: AwsCall): void {
    if (operation === "PutSecretValue") this.stored.push(String(parameters["SecretString"]));
    if (typeof parameters["MasterUserPassword"] === "string") this.passwords.push(parameters["MasterUserPassword"]);
  }
}

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
    bench = await Bench.open();
  }, 2 * MINUTES);

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
      await bench.run([
        "apply",
        "-auto-approve",
        "-input=false",
        "-target=aws_subnet.Subnet-a",
        "-target=aws_subnet.Subnet-b",
      ]);
      for (const requests of randomNumbers(SEED, 5, 12)) {
        let seen = 0;
        await bench.applyKilledWhen(({ operation }) => PATH_OF_THE_PASSWORD.has(operation) && ++seen === requests);
      }

      await expectConverged(bench);
    },
    20 * MINUTES,
  );
});

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
