import type { Fact } from "../domain/common/fact";
import { Interrupted } from "./interrupt";
import { run } from "./process";

/** Milliseconds that one question may take. */
const LIMIT_MS = 20_000;

/** Asks AWS one question by its CLI, which uses the credentials that a deployment would use. */
export type AskAws = <Answer>(args: readonly string[]) => Promise<Fact<Answer>>;

/**
 * Asks by the AWS CLI in a region; an answer that takes too long, or that AWS refuses, is unknown.
 *
 * @param region - Region that is asked.
 */
export function awsOf(region: string): AskAws {
  const limits = ["--cli-connect-timeout", "5", "--cli-read-timeout", "10", "--output", "json", "--region", region];
  return async <Answer>(args: readonly string[]): Promise<Fact<Answer>> => {
    const answer = await outputOf("aws", [...args, ...limits]);
    if ("unknown" in answer) return answer;
    try {
      return { known: JSON.parse(answer.known === "" ? "{}" : answer.known) as Answer };
    } catch {
      return { unknown: `aws ${args.slice(0, 2).join(" ")} did not answer in JSON` };
    }
  };
}

/** Programs that run at the same time: more of them only wait for each other, and run into the limit. */
export const MOST_AT_ONCE = 8;

let running = 0;
const waiting: (() => void)[] = [];

/** Waits for a free place, and gives it to the next one afterwards. */
async function inTurn<Value>(body: () => Promise<Value>): Promise<Value> {
  if (running >= MOST_AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
  else running += 1;
  try {
    return await body();
  } finally {
    const next = waiting.shift();
    if (next === undefined) running -= 1;
    else next();
  }
}

/** Standard output of a program that ended well within the limit. */
export async function outputOf(command: string, args: readonly string[]): Promise<Fact<string>> {
  const name = `${command} ${args.slice(0, 2).join(" ")}`;
  const env = { ...process.env, AWS_PAGER: "", AWS_MAX_ATTEMPTS: "2", CHECKPOINT_DISABLE: "1" };
  try {
    const { code, signal, stdout, stderr } = await inTurn(() =>
      run(command, args, { cwd: process.cwd(), env, timeoutMs: LIMIT_MS }),
    );
    if (signal !== undefined) return { unknown: `${name} timed out after ${LIMIT_MS / 1000} s` };
    return code === 0 ? { known: stdout } : { unknown: firstLine(stderr) };
  } catch (error) {
    if (error instanceof Interrupted) throw error;
    const { code = "unknown" } = error as NodeJS.ErrnoException;
    return { unknown: code === "ENOENT" ? `${command} was not found in PATH` : `${command} cannot be run (${code})` };
  }
}

/** What AWS said, on one line and not too long. */
function firstLine(text: string): string {
  const line = text.trim().replaceAll(/\s+/g, " ");
  return line.length > 300 ? `${line.slice(0, 299)}…` : line;
}

/** The answer with one of its parts computed. */
export function mapped<From, To>(fact: Fact<From>, change: (value: From) => To): Fact<To> {
  return "unknown" in fact ? fact : { known: change(fact.known) };
}

/** A moment as the AWS CLI writes it: version 2 in ISO 8601, version 1 in seconds since 1970. */
export type Moment = string | number;

/** A moment in ISO 8601. */
export function momentOf(time: Moment): string {
  return new Date(typeof time === "number" ? time * 1000 : time).toISOString();
}
