import type { ChildProcess } from "node:child_process";

import { Failure } from "./failure";

/** Exit codes after the signals that stop a command, as a shell has them: 128 and the number of the signal. */
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const;

/** A signal that stops a command: a Ctrl-C, or what a CI runner sends to cancel a job. */
type StopSignal = keyof typeof EXIT_CODES;

/** Milliseconds within which signals count as one: `npm` and `npx` pass on a Ctrl-C that the terminal sends as well. */
const SAME_SIGNAL_MS = 1000;

let first: { readonly signal: StopSignal; readonly at: number } | undefined;
const running = new Map<ChildProcess, { readonly mustEnd: boolean }>();
let toldOfLeader: (pid: number) => void = () => undefined;

/** Somebody pressed Ctrl-C or cancelled the job: exit code 130 after SIGINT, 143 after SIGTERM. */
export class Interrupted extends Failure {
  public override readonly exitCode = EXIT_CODES[first?.signal ?? "SIGINT"];

  public constructor() {
    super("Interrupted; run the same command to go on.");
    this.name = "Interrupted";
  }
}

/** Whether somebody pressed Ctrl-C or cancelled the job. */
export function wasInterrupted(): boolean {
  return first !== undefined;
}

/**
 * Notes a program that runs, so that a signal is passed on to it.
 *
 * @param mustEnd - Whether it must be waited for; it then leads its own process group.
 * @returns A function to call when it has ended.
 */
export function whileRunning(program: ChildProcess, mustEnd: boolean): () => void {
  running.set(program, { mustEnd });
  if (mustEnd && program.pid !== undefined) toldOfLeader(program.pid);
  return () => running.delete(program);
}

/**
 * Calls a function with the process id of every program that must be waited for, as soon as it has started. It leads a process
 * group, which outlives this process where that is killed.
 */
export function onLeaderStarted(listener: (pid: number) => void): void {
  toldOfLeader = listener;
}

/**
 * Passes SIGINT or SIGTERM on. Terraform gets SIGINT for both: at the first it finishes what it began and saves its state, at a
 * second it ends at once and may lose state. So the terminal must not send it one as well: programs that must be waited for run
 * in separate process groups ({@link run}), and only this function interrupts them. Other programs are ended.
 */
export function passOnSignal(): void {
  for (const [program, { mustEnd }] of running) {
    if (mustEnd) signalGroup(program.pid, "SIGINT");
    else program.kill("SIGTERM");
  }
}

/**
 * Calls a function at SIGINT and at SIGTERM.
 *
 * @param onStop - Gets the signal, and whether it insists: a Ctrl-C a second or more after the first signal. A SIGTERM never
 * does, since CI runners send it a few seconds after SIGINT. What neither is first nor insists is ignored.
 */
export function onStopSignal(onStop: (exitCode: number, insists: boolean) => void): void {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      const insists = first !== undefined && signal === "SIGINT" && Date.now() - first.at >= SAME_SIGNAL_MS;
      if (first !== undefined && !insists) return;
      first ??= { signal, at: Date.now() };
      onStop(EXIT_CODES[first.signal], insists);
    });
  }
}

/**
 * Ends the process on Ctrl-C or SIGTERM: at once where nothing would be left behind, else when the running programs have ended,
 * because Terraform saves its state first. A second Ctrl-C ends them and the process at once.
 */
export function endOnInterrupt(): void {
  onStopSignal((exitCode, insists) => {
    const mustWait = [...running.values()].some(({ mustEnd }) => mustEnd);
    passOnSignal();
    if (insists) process.exit(exitCode);
    else process.stderr.write(mustWait ? "Interrupted: waiting for Terraform to save its state.\n" : "Interrupted.\n");
    if (!mustWait) process.exit(exitCode);
  });
}

/** Ends what a program that led its own process group has left running. */
export function endGroup(leader: number | undefined): void {
  signalGroup(leader, "SIGKILL");
}

function signalGroup(leader: number | undefined, signal: NodeJS.Signals): void {
  if (leader === undefined) return;
  try {
    process.kill(-leader, signal);
  } catch {
    // All of it has ended: there is nobody left to tell.
  }
}
