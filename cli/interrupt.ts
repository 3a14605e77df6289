import { Failure } from "./failure";

/** Somebody pressed Ctrl-C: exit code 130, as a shell has it for a program that an interrupt ended. */
export class Interrupted extends Failure {
  public override readonly exitCode = 130;

  public constructor() {
    super("Interrupted; run the same command to go on.");
    this.name = "Interrupted";
  }
}

let isInterrupted = false;
const working = new Set<object>();

/** Whether somebody pressed Ctrl-C. */
export function wasInterrupted(): boolean {
  return isInterrupted;
}

/**
 * Marks a program that must be waited for. The terminal interrupts it as well; once it has ended, its command cleans up.
 *
 * @returns A function to call when it has ended.
 */
export function mustEnd(program: object): () => void {
  working.add(program);
  return () => working.delete(program);
}

/**
 * Ends the process on Ctrl-C: at once where nothing would be left behind, else when the running programs have ended, because
 * Terraform saves its state first. A second Ctrl-C ends it at once.
 *
 * @param exit - Ends the process.
 */
export function endOnInterrupt(exit: (code: number) => void = (code) => process.exit(code)): void {
  process.on("SIGINT", () => {
    if (isInterrupted || working.size === 0) {
      if (!isInterrupted) process.stderr.write("Interrupted.\n");
      isInterrupted = true;
      exit(130);
      return;
    }
    isInterrupted = true;
    process.stderr.write("Interrupted: waiting for Terraform to save its state.\n");
  });
}
