import { randomUUID } from "node:crypto";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";

import { isRefusedAgain, type PlannedResource } from "../domain/lifecycle/adoption";
import type { TerraformState } from "../domain/lifecycle/state-file";
import { Failure } from "./failure";
import { run, type RunResult } from "./process";
import {
  addressOf,
  type Diagnostic,
  diagnosticLine,
  firstError,
  isOfGoneServer,
  isUnanswered,
  lossOf,
  parseMessage,
  problemLine,
  type ReadFailure,
  readFailure,
  type TerraformMessage,
} from "./terraform-messages";

/** Progress of an apply or a destroy. */
export interface Progress {
  /** Resources finished so far. */
  readonly done: number;
  /** Resources that the plan changes. */
  readonly total: number;
  /** Addresses being worked on, the oldest first. */
  readonly running: readonly string[];
}

/** One entry of a plan; only what we read of it. */
interface PlannedChange {
  readonly address: string;
  readonly mode: string;
  readonly type: string;
  /** Why it is replaced. */
  readonly action_reason?: string;
  readonly change: {
    readonly actions: readonly string[];
    readonly after: Record<string, unknown> | null;
    /** Present where an `import` block takes it. */
    readonly importing?: object;
  };
}

/** Whether a plan changes anything. */
export type PlanVerdict = "no changes" | "changes";

const AGAIN = "fix it and run the same command again";

/** Terraform in the folder of one synthesized stack. */
export class Terraform {
  /**
   * @param folder - Folder that holds `cdk.tf.json`.
   * @param env - Environment of every Terraform command.
   */
  public constructor(
    private readonly folder: string,
    private readonly env: NodeJS.ProcessEnv,
  ) {}

  /** Installs providers and sets up the backend. */
  public async init(): Promise<void> {
    const result = await this.terraform(["init", "-input=false", "-no-color", "-reconfigure"]);
    if (result.code !== 0) {
      throw new Failure(
        `terraform init: ${this.problem(result, "check that the provider registry can be reached, or point TF_CLI_CONFIG_FILE at a file with a provider mirror")}`,
      );
    }
  }

  /** Applies; a saved plan where one is given. */
  public async apply(onProgress: (progress: Progress) => void): Promise<void> {
    await this.change(["apply", "-auto-approve"], onProgress);
  }

  /**
   * Applies a plan that was saved before.
   *
   * @param total - Resources that the plan changes; Terraform does not say it again.
   */
  public async applyPlan(planFile: string, total: number, onProgress: (progress: Progress) => void): Promise<void> {
    await this.change(["apply", planFile], onProgress, total);
  }

  /** Plans without applying and says whether anything would change. */
  public async plan(): Promise<{ verdict: PlanVerdict; text: string }> {
    const result = await this.terraform(["plan", "-input=false", "-no-color", "-detailed-exitcode"]);
    if (![0, 2].includes(result.code)) throw new Failure(`terraform plan: ${this.problem(result)}`);
    return { verdict: result.code === 0 ? "no changes" : "changes", text: result.stdout };
  }

  /** Writes a destroy plan to a file and returns the addresses it deletes. */
  public async planDestroy(planFile: string): Promise<string[]> {
    const result = await this.terraform(["plan", "-destroy", "-input=false", "-no-color", `-out=${planFile}`]);
    if (result.code !== 0)
      throw new Failure(`terraform plan -destroy: ${this.problem(result, "nothing was destroyed")}`);
    const shown = await this.terraform(["show", "-json", planFile]);
    const plan = JSON.parse(shown.stdout) as {
      resource_changes?: { address: string; mode: string; change: { actions: string[] } }[];
    };
    return (plan.resource_changes ?? [])
      .filter(({ mode, change }) => mode === "managed" && change.actions.includes("delete"))
      .map(({ address }) => address);
  }

  /**
   * Resources that the next apply would take into state, made or imported, as far as it can be planned, and why it cannot be planned
   * to the end; with those that it would make again and AWS would refuse.
   */
  public async plannedCreates(): Promise<{ creates: PlannedResource[]; error?: string }> {
    const planFile = join(this.folder, "creates.tfplan");
    rmSync(planFile, { force: true });
    try {
      // What state holds is not made: it need not be looked at.
      const result = await this.terraform(["plan", "-refresh=false", "-input=false", "-no-color", `-out=${planFile}`]);
      const error = result.code === 0 ? undefined : `terraform plan: ${this.problem(result)}`;
      // Terraform saves what it has planned in front of an error as well.
      if (error !== undefined && !existsSync(planFile)) throw new Failure(error);
      const creates = createdBy(await this.terraform(["show", "-json", planFile]));
      return error === undefined ? { creates } : { creates, error };
    } finally {
      rmSync(planFile, { force: true });
    }
  }

  /**
   * Reads data sources, and what state holds, from AWS into state. Nothing in AWS changes.
   *
   * @returns What could not be read; state is as it was then.
   */
  public async refresh(): Promise<ReadFailure[]> {
    const failures: ReadFailure[] = [];
    const result = await this.terraform(
      ["apply", "-refresh-only", "-auto-approve", "-input=false", "-json"],
      (line) => {
        const { diagnostic } = parseMessage(line);
        if (diagnostic?.severity === "error") failures.push(readFailure(diagnostic));
      },
    );
    if (result.code === 0) return [];
    return failures.length > 0 ? failures : [{ problem: firstError(result), isAbsence: false, isOfAll: true }];
  }

  /** Version of the state that the providers keep of each type of resource. */
  public async schemaVersions(): Promise<Readonly<Record<string, number>>> {
    const result = await this.terraform(["providers", "schema", "-json"]);
    if (result.code !== 0) throw new Failure(`terraform providers schema: ${this.problem(result)}`);
    const { provider_schemas: schemas = {} } = JSON.parse(result.stdout) as {
      provider_schemas?: Record<string, { resource_schemas?: Record<string, { version: number }> }>;
    };
    const types = Object.values(schemas).flatMap(({ resource_schemas: resources = {} }) => Object.entries(resources));
    return Object.fromEntries(types.map(([type, { version }]) => [type, version]));
  }

  /** The whole state; an empty one where there is none yet. */
  public async pullState(): Promise<TerraformState> {
    const result = await this.terraform(["state", "pull"]);
    if (result.code !== 0) throw new Failure(`terraform state pull: ${this.problem(result)}`);
    if (result.stdout.trim() !== "") return JSON.parse(result.stdout) as TerraformState;
    return { version: 4, serial: 0, lineage: randomUUID(), outputs: {}, resources: [] };
  }

  /** Writes the whole state; refused where another one was written since it was read. */
  public async pushState(state: TerraformState): Promise<void> {
    const file = join(this.folder, "adopted.tfstate");
    writeFileSync(file, JSON.stringify(state), { mode: 0o600 });
    const result = await this.terraform(["state", "push", file]).finally(() => {
      rmSync(file, { force: true });
    });
    if (result.code !== 0)
      throw new Failure(
        `terraform state push: ${this.problem(result, "nothing was written, run the same command again")}`,
      );
  }

  /** Addresses of all managed resources in state. */
  public async stateList(): Promise<string[]> {
    const result = await this.terraform(["state", "list"]);
    if (result.code !== 0) {
      if (`${result.stderr}${result.stdout}`.includes("No state file was found")) return [];
      throw new Failure(
        `terraform state list: ${this.problem(result, "restore the state from its backup, then run the same command again")}`,
      );
    }
    return result.stdout.split("\n").filter((address) => address !== "" && !/(^|\.)data\./.test(address));
  }

  /** Takes something that exists into state, under the id that its provider knows. */
  public async take(address: string, id: string): Promise<void> {
    const result = await this.terraform(["import", "-input=false", "-no-color", address, id]);
    if (result.code !== 0) throw new Failure(`terraform import: ${address}: ${this.problem(result)}`);
  }

  /** Takes resources out of state; they stay as they are in AWS. */
  public async forget(addresses: readonly string[]): Promise<void> {
    const result = await this.terraform(["state", "rm", ...addresses]);
    if (result.code !== 0) throw new Failure(`terraform state rm: ${this.problem(result)}`);
  }

  /** Values of all outputs that are not sensitive. */
  public async outputs(): Promise<Record<string, unknown>> {
    const result = await this.terraform(["output", "-json", "-no-color"]);
    if (result.code !== 0) throw new Failure(`terraform output: ${this.problem(result, "apply first")}`);
    const outputs = JSON.parse(result.stdout) as Record<string, { sensitive: boolean; value: unknown }>;
    return Object.fromEntries(
      Object.entries(outputs)
        .filter(([, { sensitive }]) => !sensitive)
        .map(([name, { value }]) => [name, value]),
    );
  }

  private async change(args: readonly string[], onProgress: (progress: Progress) => void, total = 0): Promise<void> {
    const tracker = new ProgressTracker(onProgress, total);
    const [command = "", ...rest] = args;
    const result = await this.terraform([command, "-input=false", "-json", ...rest], (line) => {
      tracker.read(line);
    });
    if (result.code !== 0) {
      const errors = tracker.errors();
      if (result.signal !== undefined || errors.length === 0) errors.push(firstError(result));
      throw new Failure(...errors.map((error) => `terraform ${command}: ${error}`));
    }
  }

  private problem(result: RunResult, remedy = AGAIN): string {
    return problemLine(result, relative(process.cwd(), this.folder) || ".", remedy);
  }

  private terraform(args: readonly string[], onLine?: (line: string) => void): Promise<RunResult> {
    return run("terraform", args, { cwd: this.folder, env: this.env, onLine, mustEnd: true });
  }
}

/** What a plan in JSON takes into state. */
function createdBy({ stdout }: RunResult): PlannedResource[] {
  const plan = JSON.parse(stdout) as { resource_changes?: PlannedChange[] };
  return (plan.resource_changes ?? [])
    .filter(({ mode }) => mode === "managed")
    .filter(
      ({ type, action_reason: reason, change: { actions, importing } }) =>
        importing ?? (actions.join() === "create" || isRefusedAgain(type, actions, reason)),
    )
    .map(({ address, type, change }) => ({ address, type, values: change.after ?? {} }));
}

/** Errors of one lost server that are printed one by one. */
const FEW = 3;

class ProgressTracker {
  private readonly diagnostics: Diagnostic[] = [];
  private readonly errored = new Map<string, string>();
  private readonly ids = new Map<string, string>();
  private done = 0;
  private readonly running = new Set<string>();

  public constructor(
    private readonly onProgress: (progress: Progress) => void,
    private total: number,
  ) {}

  /**
   * One line an error. Where Terraform leaves out which resource it is about (it does when it destroys), the ones that failed
   * are named. A provider that ended is one error, however many resources it worked on.
   */
  public errors(): string[] {
    const { length: unanswered } = this.diagnostics.filter(isUnanswered);
    if (unanswered === 0) return this.refusals(this.diagnostics);
    return [
      `a provider ended while it worked on resources (${String(unanswered)} without an answer): it was killed, or memory ran out`,
      ...this.refusals(this.diagnostics.filter((one) => !isUnanswered(one))),
    ];
  }

  /** Of many that lost the same server the first is printed, and how many more there are. */
  private refusals(all: readonly Diagnostic[]): string[] {
    const gone = all.filter(isOfGoneServer);
    const many = [...new Set(gone.map(lossOf))]
      .map((loss) => ({ loss, rest: gone.filter((one) => lossOf(one) === loss).slice(1) }))
      .filter(({ rest }) => rest.length >= FEW);
    const unprinted = new Set(many.flatMap(({ rest }) => rest));
    return [
      ...this.named(all.filter((one) => !unprinted.has(one))),
      ...many.map(({ loss, rest }) => `${String(rest.length)} more requests ${loss}`),
    ];
  }

  private named(diagnostics: readonly Diagnostic[]): string[] {
    const named = new Set(this.diagnostics.map(({ address }) => address));
    const others = new Map([...this.errored].filter(([address]) => !named.has(address)));
    return diagnostics.map((diagnostic) =>
      diagnosticLine({ ...diagnostic, address: diagnostic.address ?? addressOf(diagnostic, others) }),
    );
  }

  public read(line: string): void {
    const { type, changes, diagnostic, hook } = parseMessage(line);
    if (changes !== undefined) this.countPlanned(changes);
    if (diagnostic !== undefined) this.note(diagnostic);
    this.track(type, hook?.resource?.addr, hook?.id_value);
  }

  private countPlanned({ add, change, remove, operation }: NonNullable<TerraformMessage["changes"]>): void {
    if (operation === "plan") this.total = add + change + remove;
  }

  private note(diagnostic: Diagnostic): void {
    if (diagnostic.severity === "error") this.diagnostics.push(diagnostic);
  }

  private track(type: string | undefined, address: string | undefined, id: string | undefined): void {
    if (address === undefined) return;
    if (id !== undefined) this.ids.set(address, id);
    if (type === "apply_errored") this.errored.set(address, this.ids.get(address) ?? "");
    if (type === "apply_start") this.running.add(address);
    else if (type === "apply_complete" || type === "apply_errored") this.finish(address);
    else return;
    this.onProgress({ done: this.done, total: this.total, running: [...this.running] });
  }

  private finish(address: string): void {
    this.running.delete(address);
    if (!address.startsWith("data.")) this.done += 1;
  }
}
