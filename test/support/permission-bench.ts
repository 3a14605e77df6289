import { appendFileSync, existsSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Policy } from "../../domain/permissions/policies";
import { PROJECT } from "../../local/paths";
import { type Logged, readLog } from "../../scripts/permissions/collect";
import type { AwsRequest } from "./aws-calls";
import { local } from "./environments/local";
import { Bench } from "./terraform-bench";

/** What the emulator knows of IAM's actions. */
export const ACTIONS = join(PROJECT, "local", "emulator", "actions.json");

/** A bench whose emulator asks IAM about every request, and notes what it asked. */
export class PermissionBench {
  private users = 0;

  private constructor(
    /** The emulator and Terraform. */
    public readonly bench: Bench,
    /** Folder of the notes: of each run what the provider logged, and what IAM was asked. */
    public readonly folder: string,
  ) {}

  /** Starts everything; nobody's requests are refused until {@link userWith}. */
  public static async open(configuration: string, actions = ACTIONS): Promise<PermissionBench> {
    const folder = mkdtempSync(join(tmpdir(), "permissions-"));
    const log = join(folder, "actions.log");
    const bench = await Bench.open(configuration, { EMULATOR_ACTIONS: actions, EMULATOR_ACTIONS_LOG: log });
    return new PermissionBench(bench, folder);
  }

  /** Makes a user who may do what policies allow and nothing else, and gives the keys. */
  public userWith(policies: readonly Policy[]): NodeJS.ProcessEnv {
    const UserName = `deployer-${String(this.users++)}`;
    const iam = (operation: string, parameters: object): AwsRequest => ({
      service: "iam",
      operation,
      parameters: { ...parameters },
    });
    const requests = policies.flatMap(({ name, document }) => {
      const PolicyName = `${UserName}-${name}`;
      const PolicyArn = `arn:aws:iam::${local.account}:policy/${PolicyName}`;
      return [
        iam("create_policy", { PolicyName, PolicyDocument: JSON.stringify(document) }),
        iam("attach_user_policy", { UserName, PolicyArn }),
      ];
    });
    const create = iam("create_user", { UserName });
    const answers = this.bench.call([create, ...requests, iam("create_access_key", { UserName })]);
    const { AccessKey } = answers.at(-1) as { AccessKey: { AccessKeyId: string; SecretAccessKey: string } };
    return { AWS_ACCESS_KEY_ID: AccessKey.AccessKeyId, AWS_SECRET_ACCESS_KEY: AccessKey.SecretAccessKey };
  }

  /**
   * Runs Terraform, and notes what it asked under the name of the run.
   *
   * @param isTraced - Whether it is also noted for which resource each request was sent.
   */
  public async run(
    name: string,
    args: readonly string[],
    keys: NodeJS.ProcessEnv = {},
    isTraced = true,
  ): Promise<{ code: number | null; output: string }> {
    this.note("before", "actions.log");
    const logging = isTraced ? { TF_LOG: "JSON", TF_LOG_PATH: join(this.folder, `${name}.log`) } : {};
    const result = await this.bench.run([...args, "-input=false"], { ...keys, ...logging });
    this.note(`${name}.actions`, "actions.log");
    return result;
  }

  /** What IAM was asked since the last run of {@link run}. */
  public asked(): Logged[] {
    return readLog(join(this.folder, "actions.log"));
  }

  /** Stops and deletes everything. */
  public async close(): Promise<void> {
    await this.bench.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private note(name: string, log: string): void {
    if (existsSync(join(this.folder, log))) renameSync(join(this.folder, log), join(this.folder, name));
    appendFileSync(join(this.folder, log), "");
  }
}
