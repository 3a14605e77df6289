import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";

/** A process, told from a later one that was given the same id. */
export interface Noted {
  /** Its id. */
  readonly pid: number;
  /** When it started, as the system writes it. */
  readonly started: string;
}

/** A process that runs. */
export interface Running extends Noted {
  /** Id of the process group. */
  readonly group: number;
  /** Its command line. */
  readonly command: string;
}

const PROC = "/proc";

/** The process with an id; undefined where none runs. */
export function processOf(pid: number): Running | undefined {
  return hasProc() ? inProc(pid) : fromPs(["-p", String(pid)])[0];
}

/** How a process is noted, so that it can be told later; without a start where it has ended already. */
export function noteOf(pid: number): Noted {
  return { pid, started: processOf(pid)?.started ?? "" };
}

/** The process that was noted; undefined where it has ended, even if another one has its id now. */
export function stillRunning({ pid, started }: Noted): Running | undefined {
  const running = processOf(pid);
  return running?.started === started ? running : undefined;
}

/** The processes of a group. */
export function processesIn(group: number): Running[] {
  const all = hasProc()
    ? readdirSync(PROC).flatMap((name) => (/^\d+$/.test(name) ? (inProc(Number(name)) ?? []) : []))
    : fromPs(["-ax"]);
  return all.filter((one) => one.group === group);
}

/** Linux has it, with or without `ps`. */
function hasProc(): boolean {
  return existsSync(`${PROC}/self/stat`);
}

/** Reads a process from /proc (see `man 5 proc_pid_stat`); one that has ended and only waits for its parent is not running. */
function inProc(pid: number): Running | undefined {
  try {
    // The name, in brackets, may have spaces.
    const [state, , group, ...later] =
      readFileSync(`${PROC}/${String(pid)}/stat`, "utf8")
        .split(") ")
        .at(-1)
        ?.split(" ") ?? [];
    const command = readFileSync(`${PROC}/${String(pid)}/cmdline`, "utf8")
      .replaceAll("\0", " ")
      .trim();
    return state === "Z" ? undefined : { pid, group: Number(group), started: later[16] ?? "", command };
  } catch {
    return undefined;
  }
}

function fromPs(which: readonly string[]): Running[] {
  let output: string;
  try {
    output = execFileSync("ps", [...which, "-o", "pid=,pgid=,state=,lstart=,args="], {
      encoding: "utf8",
      env: { ...process.env, LC_ALL: "C" },
      stdio: ["ignore", "pipe", "ignore"],
    });
  } catch {
    // It fails where there is no such process.
    return [];
  }
  return output.split("\n").flatMap((line) => {
    const [, pid, group, state, started, command] =
      /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(\S+ \S+\s+\S+ \S+ \S+)\s+(.*)$/.exec(line) ?? [];
    if (pid === undefined || state?.startsWith("Z")) return [];
    return [{ pid: Number(pid), group: Number(group), started: started ?? "", command: command ?? "" }];
  });
}
