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
  private killWhen: { readonly operation: string; readonly moment: Moment } | undefined;
  private terraform: ChildProcess | undefined;

  private constructor(
    private readonly emulator: ChildProcess,
    private readonly port: number,
    private proxy?: AwsProxy,
    private environment: NodeJS.ProcessEnv = {},
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
    bench.proxy = new AwsProxy(port, (call, moment) => {
      bench.see(call, moment);
    });
    bench.environment = emulatorEnvironment(await bench.proxy.start(), context.region);
    writeFileSync(join(bench.folder, "main.tf.json"), configuration());
    const { code, output } = await bench.run(["init", "-input=false"]);
    if (code !== 0) throw new Error(output);
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

  /** Applies, and kills Terraform when an operation is asked for or has been answered. */
  public async applyKilledWhen(operation: string, moment: Moment): Promise<void> {
    this.killWhen = { operation, moment };
    const { code, output } = await this.run(["apply", "-auto-approve", "-input=false"]);
    if (code !== null) throw new Error(`Terraform ended before it could be killed:\n${output}`);
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

  private see(call: AwsCall, moment: Moment): void {
    if (moment === "answered") this.record(call);
    if (call.operation !== this.killWhen?.operation || moment !== this.killWhen.moment) return;
    this.killWhen = undefined;
    process.kill(-(this.terraform?.pid ?? 0), "SIGKILL");
    throw new Error("Terraform is gone");
  }

  private record({ operation, parameters }: AwsCall): void {
    if (operation === "PutSecretValue") this.stored.push(String(parameters["SecretString"]));
    if (typeof parameters["MasterUserPassword"] === "string") this.passwords.push(parameters["MasterUserPassword"]);
  }
}

describeOnEmulator("an apply that is killed between the secret and the database, twice", () => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await Bench.open();
  }, 2 * MINUTES);
  afterAll(async () => {
    await bench.close();
  });

  test(
    "ends with the same password in both, and with none in the state",
    async () => {
      // The value is stored, and Terraform dies before it notes so.
      await bench.applyKilledWhen("PutSecretValue", "answered");
      // The value is noted, and Terraform dies as it hands it to the database.
      await bench.applyKilledWhen("CreateDBInstance", "asked");
      expect(bench.passwords).toEqual([]);

      const { code, output } = await bench.run(["apply", "-auto-approve", "-input=false"]);
      expect({ code, output }).toMatchObject({ code: 0 });

      const value = await bench.secretValue();
      expect(value).toMatch(/^[A-Za-z0-9]{64}$/);
      expect(bench.passwords).toEqual([value]);
      // A value was drawn in each run, so that using it directly would have given the database another one.
      expect(new Set(bench.stored).size).toBeGreaterThan(1);

      const plan = await bench.run(["plan", "-detailed-exitcode", "-input=false", "-out=next.tfplan"]);
      expect(plan).toMatchObject({ code: 0 });
      const shown = await bench.run(["show", "-json", "next.tfplan"]);
      for (const text of [bench.state(), output, plan.output, shown.output]) {
        for (const secret of bench.stored) expect(text.includes(secret)).toBe(false);
      }
    },
    10 * MINUTES,
  );
});
