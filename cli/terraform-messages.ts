import type { RunResult } from "./process";

/** One line of Terraform's machine-readable output; only what we read of it. */
export interface TerraformMessage {
  readonly type?: string;
  readonly hook?: {
    readonly resource?: { readonly addr?: string };
    /** Id in its provider, at the beginning of what changes or deletes it. */
    readonly id_value?: string;
  };
  readonly changes?: {
    readonly add: number;
    readonly change: number;
    readonly remove: number;
    readonly operation: string;
  };
  readonly diagnostic?: {
    readonly severity: string;
    readonly summary: string;
    readonly detail?: string;
    readonly address?: string;
  };
}

/** A warning or an error. */
export type Diagnostic = NonNullable<TerraformMessage["diagnostic"]>;

/** What data sources for one thing say where there is none. */
const NOT_FOUND =
  /not found|couldn't find|no matching|empty result|NotFound|NonExistent|returned no results|does not exist/i;

/** Something that could not be read. */
export interface ReadFailure {
  /** Address of the data source or resource; absent where Terraform names none. */
  readonly address?: string;
  /** What Terraform says. */
  readonly problem: string;
  /** Whether it says that there is no such thing. */
  readonly isAbsence: boolean;
  /** Whether nothing could have been read: no server answered, or Terraform itself ended. */
  readonly isOfAll: boolean;
}

/** Whether a message says that something does not exist. */
export function saysAbsence(message: string): boolean {
  return NOT_FOUND.test(message);
}

/** Reads one line; a line that is not JSON is ignored. */
export function parseMessage(line: string): TerraformMessage {
  try {
    return JSON.parse(line) as TerraformMessage;
  } catch {
    return {};
  }
}

/** Says what could not be read, and whether that is because it does not exist. */
export function readFailure(diagnostic: Diagnostic): ReadFailure {
  const problem = diagnosticLine(diagnostic);
  const isOfAll = isOfGoneServer(diagnostic);
  return { address: diagnostic.address, problem, isAbsence: !isOfAll && saysAbsence(problem), isOfAll };
}

/** Writes a diagnostic as one line. */
export function diagnosticLine({ summary, detail, address }: Diagnostic): string {
  const where = address === undefined ? "" : `${address}: `;
  return `${where}${summary}${detail === undefined || detail === "" ? "" : ` (${detail.replaceAll(/\s+/g, " ").trim()})`}`;
}

/**
 * Which of the resources that failed an error is about that names none: those whose id it mentions, else any of them.
 *
 * @param failed - Addresses with ids; a long id wins over one that it contains.
 */
export function addressOf(diagnostic: Diagnostic, failed: ReadonlyMap<string, string>): string | undefined {
  const text = diagnosticLine(diagnostic);
  const ids = [...failed.values()].filter((id) => id !== "" && text.includes(id));
  const id = ids.sort((left, right) => right.length - left.length)[0];
  const addresses = [...failed].filter(([, one]) => id === undefined || one === id).map(([address]) => address);
  return addresses.length === 0 ? undefined : addresses.join(" or ");
}

/** Whether Terraform says only that a provider's process ended before it answered. */
export function isUnanswered({ summary }: Diagnostic): boolean {
  return summary === "Plugin did not respond" || summary === "Request cancelled";
}

/** What a request ends with whose server has gone away; EKS and proxies put it into an answer. */
const GONE_AWAY = /ECONNREFUSED|connection refused|socket hang up|connection reset|ECONNRESET|: EOF\b/;

/** Whether a request found no server, or lost it while it waited for the answer. */
export function isOfGoneServer(diagnostic: Diagnostic): boolean {
  return GONE_AWAY.test(diagnosticLine(diagnostic));
}

/**
 * How a request of {@link isOfGoneServer} failed, as the end of a sentence: with the server, or with what it says where it names none.
 */
export function lossOf({ summary, detail }: Diagnostic): string {
  const text = diagnosticLine({ severity: "error", summary, detail });
  const [, host, socket] = /https?:\/\/(?:[^\s/"'@]*@)?([^\s/"'\\]+)|dial tcp (\S+:\d+)/.exec(text) ?? [];
  const server = host ?? socket;
  return server === undefined ? `ended in the same way: ${text}` : `did not reach ${server}`;
}

/** Who holds the lock of a state, as Terraform prints it. */
const LOCK_INFO =
  /Error acquiring the state lock[\s\S]*?\bID:\s+(\S+)[\s\S]*?\bWho:\s+(\S+)[\s\S]*?\bCreated:\s+(\S+ [\d:]+)/;

/**
 * What failed and what to do, in one line.
 *
 * @param folder - Folder in which Terraform ran, as a person would give it.
 * @param remedy - What to do, where the error does not say it: the lock of a state does, and the condition of a resource.
 */
export function problemLine(result: RunResult, folder: string, remedy: string): string {
  const [, id, who, since] = LOCK_INFO.exec(`${result.stderr}\n${result.stdout}`.replaceAll("│", "")) ?? [];
  if (id === undefined) return conditionMessage(result) ?? `${firstError(result)}; ${remedyFor(result, remedy)}`;
  return `the state is locked since ${String(since)} by ${String(who)}; ask whether that run goes on; only if not, run terraform -chdir=${folder} force-unlock ${id}`;
}

/** What to do; nothing is to be fixed where a signal ended Terraform. */
function remedyFor({ signal }: RunResult, remedy: string): string {
  return signal === undefined ? remedy : "run the same command again";
}

/** What a condition in the configuration says where the first error is that it failed; Terraform writes it behind the place. */
function conditionMessage(result: RunResult): string | undefined {
  const lines = linesOf(result);
  const start = lines.findIndex((line) => line.startsWith("Error:"));
  if (!/^Error: \w+ (pre|post)condition failed$/.test(lines[start] ?? "")) return undefined;
  const [, , message] = lines.slice(start).join("\n").split("\n\n");
  return message?.replaceAll("\n", " ");
}

/** Terraform's human-readable output without its frames. */
function linesOf({ stderr, stdout }: RunResult): string[] {
  return `${stderr}\n${stdout}`.split("\n").map((line) => line.replace(/^[│╷╵\s]+/, "").trim());
}

/** The first error line of Terraform's human-readable output; the signal where one ended it. */
export function firstError(result: RunResult): string {
  const { signal } = result;
  if (signal !== undefined) return `was stopped by ${signal} before it finished`;
  const lines = linesOf(result);
  const start = lines.findIndex((line) => line.startsWith("Error:"));
  if (start < 0)
    return lines
      .filter((line) => line !== "")
      .slice(-3)
      .join(" ");
  return lines
    .slice(start, start + 6)
    .filter((line) => line !== "")
    .join(" ")
    .replace(/^Error: /, "");
}
