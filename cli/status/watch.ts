import type { Phase } from "../../domain/status/phase";
import { phaseOf } from "../../domain/status/phase";
import type { Status } from "../../domain/status/status";
import { jsonText } from "../pages";
import { rowsOf, statusText } from "./text";

/** Where {@link watch} writes. */
export interface Output {
  /** Lines of the terminal; undefined where it is none. */
  readonly lines: number | undefined;
  /** Whether programs read it. */
  readonly json: boolean;
  /** Writes text. */
  readonly write: (text: string) => void;
}

/**
 * Shows the state again and again: a screen that is redrawn on a terminal, else a line for each change.
 *
 * It ends when a deployment does: once everything is as planned after something was not. Where everything is as planned from the
 * beginning, it waits for a deployment to begin.
 *
 * @param next - Looks again; it waits between two looks.
 */
export async function watch(next: () => Promise<Status>, output: Output): Promise<Phase> {
  let before: readonly string[] = [];
  for (let wasWorking = false; ;) {
    const status = await next();
    const phase = phaseOf(status);
    const lines = linesOf(status, phase);
    if (output.json) showJson(status, phase, lines.join() !== before.join(), output);
    else if (output.lines === undefined) showChanges(status, lines, before, output);
    else showScreen(status, phase, output.lines, output);
    before = lines;
    if (phase.state === "settled" && wasWorking) return phase;
    wasWorking ||= phase.state === "working";
  }
}

/** What is compared from one look to the next. */
function linesOf(status: Status, { says }: Phase): string[] {
  return [says, ...rowsOf(status).map(({ label, text }) => `${label}: ${text}`)];
}

function showJson(status: Status, phase: Phase, hasChanged: boolean, { write }: Output): void {
  if (hasChanged) write(`${jsonText({ phase, ...status })}\n`);
}

function showChanges(status: Status, lines: readonly string[], before: readonly string[], { write }: Output): void {
  const changed = lines.filter((line) => !before.includes(line));
  for (const line of changed) write(`${status.at.slice(11, 19)} ${line}\n`);
}

/** To the upper left corner, and nothing below it. */
const CLEAR = "\u001B[H\u001B[J";

function showScreen(status: Status, phase: Phase, lines: number, { write }: Output): void {
  const text = statusText(status, phase, []).trimEnd().split("\n");
  write(`${CLEAR}${text.slice(0, Math.max(1, lines - 1)).join("\n")}\n`);
}
