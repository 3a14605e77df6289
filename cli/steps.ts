import { setInterval } from "node:timers";
import { isatty } from "node:tty";

import pc from "picocolors";

import type { Progress } from "./terraform";

/** Seconds between two lines about a step that is still running, where the output is not a terminal. */
const LINE_EVERY_SECONDS = 20;

/** Shows steps as they run: what is happening, for how long, and how far it is. Everything goes to standard error. */
export class Steps {
  private readonly out = process.stderr;
  private readonly colors = pc.createColors(isatty(this.out.fd));

  /** Runs one step; its text result, if any, is shown after its title. */
  public async run(title: string, body: (show: (text: string) => void) => Promise<unknown>): Promise<void> {
    const started = Date.now();
    const elapsed = (): number => Math.round((Date.now() - started) / 1000);
    let status = "";
    const ticker = setInterval(
      () => {
        this.progress(`${title} (${String(elapsed())} s) ${status}`);
      },
      this.out.isTTY ? 500 : LINE_EVERY_SECONDS * 1000,
    );
    try {
      const note = await body((text) => (status = text));
      this.end(
        `${this.colors.green("✔")} ${title}${typeof note === "string" && note !== "" ? `: ${note}` : ""}`,
        elapsed(),
      );
    } catch (error) {
      this.end(`${this.colors.red("✘")} ${title}`, elapsed());
      throw error;
    } finally {
      clearInterval(ticker);
    }
  }

  /** Shows a remark between steps. */
  public say(text: string): void {
    this.out.write(`  ${text}\n`);
  }

  private progress(text: string): void {
    if (this.out.isTTY) this.out.write(`\r\u001B[2K… ${text.slice(0, (this.out.columns || 80) - 3)}`);
    else this.out.write(`… ${text}\n`);
  }

  private end(text: string, seconds: number): void {
    this.out.write(`${this.out.isTTY ? "\r\u001B[2K" : ""}${text} (${String(seconds)} s)\n`);
  }
}

/** Shows the progress of an apply or a destroy as a step's status. */
export function showing(show: (text: string) => void): (progress: Progress) => void {
  return ({ done, total, running }) => {
    if (total === 0) return;
    const more = running.length > 2 ? ", ..." : "";
    const waiting = running.length === 0 ? "" : `, waiting for ${running.slice(0, 2).join(", ")}${more}`;
    show(`${String(done)} of ${String(total)} resources${waiting}`);
  };
}
