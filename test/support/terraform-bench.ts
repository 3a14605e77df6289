import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { BareStack, type StackJson } from "../../cli/bare-stack";
import { Terraform } from "../../cli/terraform";
import { emulatorEnvironment } from "../../local/aws-environment";
import type { Emulator } from "../../local/emulator";
import { PROJECT } from "../../local/paths";
import { type AwsRequest, callAws } from "./aws-calls";
import { describeWithEmulator, PYTHON } from "./available";
import { type AwsCall, AwsProxy } from "./aws-proxy";
import { killVictim, type Moment, type Part, Strike, type Victim } from "./kills";

const REGION = "us-east-1";

/** Keys that belong to no user: everything is allowed to them. */
const NOBODY = { AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" } as const;

/** One minute in milliseconds, for the limits of tests that wait for RDS. */
export const MINUTES = 60_000;

/** `describe` where Terraform and the emulator are, `describe.skip` elsewhere. */
export const describeOnEmulator: jest.Describe = describeWithEmulator();

/** What a command left behind; the code is null where it was killed. */
export interface Ran {
  readonly code: number | null;
  readonly output: string;
}

/** An emulator, a proxy in front of it and a Terraform folder; all of it is gone after {@link Bench.close}. */
export class Bench {
  /** Every value that went into Secrets Manager. */
  public readonly stored: string[] = [];
  /** Every password that RDS was given. */
  public readonly passwords: string[] = [];
  /** Every operation that changed something, in the order of the answers. */
  public readonly operations: string[] = [];
  private strike: Strike | undefined;
  private isLost: ((call: AwsCall) => boolean) | undefined;
  private terraform: ChildProcess | undefined;
  private proxy: AwsProxy | undefined;
  private environment: NodeJS.ProcessEnv = {};

  private constructor(
    private readonly emulator: ChildProcess,
    private readonly port: number,
    private readonly folder: string,
  ) {}

  /** The same Terraform as the operator's commands run it. */
  public get terraformOfOperator(): Terraform {
    return new Terraform(this.folder, this.environment);
  }

  /**
   * Another stack in the same account, initialized, with its state next to its configuration.
   *
   * @param name - Name of the stack, and of a folder.
   */
  public async otherStack(name: string, configuration: string): Promise<Terraform> {
    const folder = this.path(name);
    mkdirSync(folder);
    writeFileSync(join(folder, "main.tf.json"), configuration);
    const terraform = new Terraform(folder, this.environment);
    await terraform.init();
    return terraform;
  }

  /** The same stack as the operator's commands look at it. */
  public get stackOfOperator(): BareStack {
    const stack = JSON.parse(readFileSync(join(this.folder, "main.tf.json"), "utf8")) as StackJson;
    return new BareStack(this.folder, stack, this.environment);
  }

  /**
   * Starts everything and initializes Terraform with a configuration.
   *
   * @param variables - Further environment of the emulator.
   */
  public static async open(configuration: string, variables: NodeJS.ProcessEnv = {}): Promise<Bench> {
    const bench = await Bench.start(mkdtempSync(join(tmpdir(), "terraform-bench-")), variables);
    try {
      await bench.prepare(configuration);
    } catch (error) {
      await bench.close();
      throw error;
    }
    return bench;
  }

  /**
   * Starts the emulator and the proxy; Terraform runs in a folder that need not exist yet.
   *
   * @param variables - Further environment of the emulator.
   */
  public static async start(folder: string, variables: NodeJS.ProcessEnv = {}): Promise<Bench> {
    const emulator = spawn(PYTHON, [join(PROJECT, "local", "emulator"), "--port", "0"], {
      stdio: ["ignore", "pipe", "ignore"],
      env: { ...process.env, ...variables },
    });
    const port = await new Promise<number>((resolve, reject) => {
      emulator.once("exit", () => {
        reject(new Error("the emulator did not start"));
      });
      emulator.stdout.once("data", (line: Buffer) => {
        resolve((JSON.parse(line.toString()) as { port: number }).port);
      });
    });
    const bench = new Bench(emulator, port, folder);
    bench.proxy = new AwsProxy(port, (call, moment) => bench.see(call, moment));
    bench.environment = emulatorEnvironment(await bench.proxy.start(), REGION);
    return bench;
  }

  /** URL of the emulator itself, for what Terraform is not to see. */
  public get endpoint(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Asks the emulator what there is, past the proxy. */
  public async ask(
    service: string,
    call: { path?: string; method?: string; target?: string; body?: string },
  ): Promise<string> {
    const { path = "/", method = "POST", target, body } = call;
    const type = target === undefined ? "application/x-www-form-urlencoded" : "application/x-amz-json-1.1";
    const response = await fetch(`${this.endpoint}${path}`, {
      method,
      headers: {
        ...(target === undefined ? {} : { "X-Amz-Target": target }),
        ...(method === "GET" ? {} : { "Content-Type": type }),
        Authorization: `AWS4-HMAC-SHA256 Credential=test/20260101/${REGION}/${service}/aws4_request, SignedHeaders=host, Signature=0`,
      },
      body,
    });
    return response.text();
  }

  /** Takes the keys of a user for everything that runs from now on; those of nobody where none are given. */
  public signIn(keys: NodeJS.ProcessEnv = NOBODY): void {
    this.environment = { ...this.environment, ...keys };
  }

  /** Changes the configuration. */
  public configure(configuration: string): void {
    writeFileSync(join(this.folder, "main.tf.json"), configuration);
  }

  /**
   * Runs Terraform to its end, and gives its exit code and everything it printed.
   *
   * @param variables - Further environment, such as the keys of a user.
   */
  public run(args: readonly string[], variables: NodeJS.ProcessEnv = {}): Promise<Ran> {
    return this.spawned("terraform", [...args, "-no-color"], this.folder, variables);
  }

  /**
   * Runs lines of a shell in a folder, with the environment of an operator.
   *
   * @param until - What ends them, with SIGKILL, once it is printed.
   */
  public shell(lines: string, folder: string, until?: RegExp): Promise<Ran> {
    return this.spawned("bash", ["--norc", "-eo", "pipefail", "-c", lines], folder, {}, until);
  }

  /**
   * Applies, and kills Terraform at a moment.
   *
   * @param victim - What is killed: Terraform, its providers or all of it.
   * @returns Whether something was killed; Terraform may have ended before that moment came.
   */
  public async applyKilledWhen(
    kill: (call: AwsCall, moment: Moment) => boolean,
    victim: Victim = "all",
  ): Promise<boolean> {
    const apply = (): Promise<Ran> => this.run(["apply", "-auto-approve", "-input=false", "-parallelism=40"]);
    const { code, output, wasKilled } = await this.killedWhen(
      (call, moment) => (kill(call, moment) ? "lost" : undefined),
      victim,
      apply,
    );
    if (!wasKilled && code !== 0) throw new Error(`Terraform failed before it could be killed:\n${output}`);
    return wasKilled;
  }

  /**
   * Runs a command, and kills a part of it, or the emulator, at a moment.
   *
   * @param partOf - Whether a request is one at which something is killed.
   * @param heldFor - Milliseconds from each of them to the kill, in which all others are carried out.
   */
  public async killedWhen(
    partOf: (call: AwsCall, moment: Moment) => Part,
    victim: Victim,
    command: () => Promise<Ran>,
    heldFor = 0,
  ): Promise<Ran & { readonly wasKilled: boolean }> {
    const strike = new Strike(partOf, heldFor, () => {
      if (victim === "emulator") this.proxy?.stop();
      return killVictim(victim, this.terraform?.pid ?? 0, this.emulator.pid ?? 0);
    });
    this.strike = strike;
    const ran = await command();
    this.strike = undefined;
    return { ...ran, wasKilled: strike.isDone };
  }

  /**
   * Runs a command whose answers to some requests are lost on their way, as where a connection breaks: AWS has carried them out, and
   * the client does not know.
   *
   * @param again - Whether AWS carries out a repeated request again, or gives the first answer to it.
   */
  public async losing(isLost: (call: AwsCall) => boolean, again: boolean, command: () => Promise<Ran>): Promise<Ran> {
    this.isLost = isLost;
    if (this.proxy !== undefined) this.proxy.hidesRepeats = again;
    const ran = await command();
    this.isLost = undefined;
    if (this.proxy !== undefined) this.proxy.hidesRepeats = false;
    return ran;
  }

  /** The emulator as `npm run local` records one, behind the proxy. */
  public get emulatorRecord(): Emulator {
    const { port } = new URL(this.environment["AWS_ENDPOINT_URL"] ?? "");
    return { pid: this.emulator.pid ?? 0, port: Number(port) };
  }

  /** Calls AWS as boto3 does, past the proxy, which could not answer while this process waits. */
  public call(requests: readonly AwsRequest[]): unknown[] {
    return callAws(PYTHON, { ...this.environment, ...NOBODY, AWS_ENDPOINT_URL: this.endpoint }, requests);
  }

  /** The current value of a secret. */
  public async secretValue(name = "retool/prod/database-password"): Promise<string> {
    const text = await this.ask("secretsmanager", {
      target: "secretsmanager.GetSecretValue",
      body: JSON.stringify({ SecretId: name }),
    });
    return (JSON.parse(text) as { SecretString: string }).SecretString;
  }

  /** Names of the database instances in the account, sorted. */
  public async databases(): Promise<string[]> {
    const text = await this.ask("rds", { body: "Action=DescribeDBInstances&Version=2014-10-31" });
    const found = text.matchAll(/<DBInstanceIdentifier>([^<]+)</g);
    return Array.from(found, ([, name]) => name ?? "").sort();
  }

  /** Path of a file next to the configuration. */
  public path(name: string): string {
    return join(this.folder, name);
  }

  /** Writes a file next to the configuration, and gives its path. */
  public write(name: string, text: string): string {
    const path = this.path(name);
    writeFileSync(path, text);
    return path;
  }

  /** What Terraform keeps on disk. */
  public state(): string {
    return readFileSync(join(this.folder, "terraform.tfstate"), "utf8");
  }

  /** Takes Terraform's state away, as a deleted file or another state key does. */
  public loseState(): void {
    rmSync(join(this.folder, "terraform.tfstate"), { force: true });
    rmSync(join(this.folder, "terraform.tfstate.backup"), { force: true });
  }

  /** Stops and deletes everything. */
  public async close(): Promise<void> {
    this.proxy?.stop();
    if (this.emulator.exitCode === null && this.emulator.signalCode === null) {
      await new Promise((resolve) => {
        this.emulator.once("exit", resolve).kill("SIGTERM");
      });
    }
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async spawned(
    command: string,
    args: readonly string[],
    cwd: string,
    variables: NodeJS.ProcessEnv = {},
    until?: RegExp,
  ): Promise<Ran> {
    const child = spawn(command, args, {
      cwd,
      env: { ...this.environment, ...variables },
      // Its own process group, so that a kill takes the provider as well.
      detached: true,
    });
    this.terraform = child;
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk: Buffer) => {
        output += chunk.toString();
        if (until?.test(output) === true) child.kill("SIGKILL");
      });
    }
    child.stdin.end();
    const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
    return { code, output };
  }

  private async prepare(configuration: string): Promise<void> {
    this.configure(configuration);
    const { code, output } = await this.run(["init", "-input=false"]);
    if (code !== 0) throw new Error(output);
  }

  private async see(call: AwsCall, moment: Moment): Promise<void> {
    if (moment === "answered") this.record(call);
    // What a command asks before it starts Terraform is not the moment to kill Terraform.
    if (!call.agent.includes("Terraform")) return;
    await this.strike?.meet(call, moment);
    if (moment === "answered" && this.isLost?.(call) === true) throw new Error("the answer is lost");
  }

  private record({ operation, parameters }: AwsCall): void {
    if (operation !== "" && !/^(Describe|Get|List)/.test(operation)) this.operations.push(operation);
    if (operation === "PutSecretValue") this.stored.push(String(parameters["SecretString"]));
    if (typeof parameters["MasterUserPassword"] === "string") this.passwords.push(parameters["MasterUserPassword"]);
  }
}
