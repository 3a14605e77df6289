import { setTimeout as sleep } from "node:timers/promises";

import type { AwsCall } from "./aws-proxy";
import { processesBelow } from "./processes";

/** Before the emulator sees a request, or before Terraform sees the answer. */
export type Moment = "asked" | "answered";

/** What of a running command is killed: its whole process group, the command itself, Terraform, its providers or the emulator. */
export type Victim = "all" | "command" | "terraform" | "provider" | "emulator";

/** Whether a request is one at which something is killed, and whether it is lost with it: it then waits for the kill. */
export type Part = "lost" | "passes" | undefined;

/** How many times as long as for one request a kill waits for others: AWS's client gives up what has no answer for minutes. */
const LONGEST = 4;

/** One kill of a running command. */
export class Strike {
  private kill: Promise<void> | undefined;
  private done = false;
  private lastMet = 0;

  /**
   * @param partOf - Whether something is killed at a request.
   * @param heldFor - Milliseconds from such a request to the kill, within which another one may still join it.
   * @param carryOut - Kills; whether there was anything to kill.
   */
  public constructor(
    private readonly partOf: (call: AwsCall, moment: Moment) => Part,
    private readonly heldFor: number,
    private readonly carryOut: () => boolean,
  ) {}

  /** Whether something was killed. */
  public get isDone(): boolean {
    return this.done;
  }

  /**
   * Shows a request.
   *
   * @throws Error where something was killed at it: then it is lost.
   */
  public async meet(call: AwsCall, moment: Moment): Promise<void> {
    const part = this.done ? undefined : this.partOf(call, moment);
    if (part === undefined) return;
    this.lastMet = Date.now();
    this.kill ??= this.soon();
    if (part === "passes") return;
    await this.kill;
    // Terraform's providers outlive it for a moment, and would send at once again what they see fail.
    if (this.heldFor > 0) await sleep(this.heldFor);
    throw new Error("one of the two is gone");
  }

  /** At once where nothing is held: nothing else may happen meanwhile. */
  private async soon(): Promise<void> {
    const longest = Date.now() + LONGEST * this.heldFor;
    for (let left = this.heldFor; left > 0; left = Math.min(this.lastMet + this.heldFor, longest) - Date.now()) {
      await sleep(left);
    }
    this.now();
  }

  private now(): void {
    // What an earlier run left may ask as well, before this one has begun.
    this.done = this.carryOut();
    if (!this.done) queueMicrotask(() => (this.kill = undefined));
  }
}

/**
 * Kills a part of a running command with SIGKILL; what has ended meanwhile is not missed.
 *
 * @param root - Process id of the command, which leads a process group.
 * @param emulator - Process id of the emulator.
 * @returns Whether there was such a part.
 */
export function killVictim(victim: Victim, root: number, emulator: number): boolean {
  const terraform = processesBelow(root, "terraform");
  const providers = processesBelow(root, "terraform-pr");
  const victims: Readonly<Record<Victim, readonly number[]>> = {
    all: [...terraform, -root],
    command: [root],
    terraform: terraform.filter((pid) => !providers.includes(pid)),
    provider: providers,
    emulator: [emulator],
  };
  for (const pid of victims[victim]) {
    try {
      process.kill(pid, "SIGKILL");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
  }
  return victims[victim].length > 0;
}
