import { type ChildProcess, execFile, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
  appendFileSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

import { Failure } from "../cli/failure";
import { withLock } from "./lock";
import { KEPT, paths, PROJECT } from "./paths";
import { processOf } from "./running";

const SOURCES = join(PROJECT, "local", "emulator");
const LOOPBACK = "127.0.0.1";
const START_TIMEOUT_MS = 60_000;

/** A running emulator. */
export interface Emulator {
  /** Process id of the server. */
  readonly pid: number;
  /** Port on loopback. */
  readonly port: number;
}

/** URL of an emulator. */
export function endpointOf({ port }: Emulator): string {
  return `http://${LOOPBACK}:${String(port)}`;
}

/** AWS CLI for `aws eks get-token`, which the stack's own authentication runs. */
export const AWS_CLI = "awscli==1.46.2";

/**
 * Makes the virtual environment the emulator runs in; what is installed already is not changed.
 *
 * @param packages - Further packages, pinned.
 */
export async function prepareEmulator(packages: readonly string[]): Promise<void> {
  await withLock(`${paths.virtualEnvironment}.lock`, () => installMissing(packages));
}

async function installMissing(packages: readonly string[]): Promise<void> {
  const requirements = join(SOURCES, "requirements.txt");
  const base = createHash("sha256").update(readFileSync(requirements)).digest("hex");
  const stamp = join(paths.virtualEnvironment, "installed");
  const installed = existsSync(stamp) ? readFileSync(stamp, "utf8").split("\n") : [];
  const isCurrent = installed.includes(base);
  const missing = packages.filter((name) => !isCurrent || !installed.includes(name));
  if (isCurrent && missing.length === 0) return;
  if (!isCurrent) await makeVirtualEnvironment();
  await install(isCurrent ? missing : ["-r", requirements, ...missing]);
  writeFileSync(stamp, [base, ...(isCurrent ? installed.slice(1) : []), ...missing].join("\n"));
}

async function makeVirtualEnvironment(): Promise<void> {
  rmSync(paths.virtualEnvironment, { recursive: true, force: true });
  mkdirSync(KEPT, { recursive: true });
  await executed("python3", ["-m", "venv", paths.virtualEnvironment]);
}

async function install(packages: readonly string[]): Promise<void> {
  const pip = join(paths.virtualEnvironment, "bin", "pip");
  await executed(pip, ["install", "--quiet", "--disable-pip-version-check", ...packages]);
}

async function executed(command: string, args: readonly string[]): Promise<void> {
  try {
    await promisify(execFile)(command, [...args]);
  } catch (error) {
    const detail = (error as Error).message.split("\n").slice(-3).join(" ");
    throw new Failure(
      `emulator: its Python packages could not be installed (${detail}); check python3's venv module and the package index, then run the same command again`,
    );
  }
}

/** The emulator an earlier run left behind, where it still answers. */
export async function findEmulator(): Promise<Emulator | undefined> {
  if (!existsSync(paths.emulatorRecord)) return undefined;
  const emulator = recorded();
  return emulator !== undefined && runs(emulator) && (await answers(emulator)) ? emulator : undefined;
}

/** Whether the noted process is an emulator: its id may have been given to another program since, and its port as well. */
function runs({ pid }: Emulator): boolean {
  return /\blocal\/emulator --port /.test(processOf(pid)?.command ?? "");
}

/** The emulator that is noted; undefined where a kill left the note empty. */
function recorded(): Emulator | undefined {
  try {
    return JSON.parse(readFileSync(paths.emulatorRecord, "utf8")) as Emulator;
  } catch {
    return undefined;
  }
}

/**
 * Starts an emulator that outlives this process, so that an interrupted deployment can be resumed.
 *
 * @param port - Port on loopback; 0 takes a free one.
 * @param variables - Further environment, such as the Kubernetes endpoint that clusters report.
 * @throws {@link Failure} where its Python cannot be started, or it does not answer.
 */
export async function startEmulator(port: number, variables: NodeJS.ProcessEnv): Promise<Emulator> {
  const chosen = await availablePort(port);
  const log = openSync(paths.emulatorLog, "w");
  const python = join(paths.virtualEnvironment, "bin", "python");
  const child = spawn(python, [SOURCES, "--port", String(chosen)], {
    detached: true,
    stdio: ["ignore", log, log],
    env: { PATH: process.env["PATH"], HOME: process.env["HOME"], ...variables },
  });
  closeSync(log);
  child.once("error", ({ message }) => {
    appendFileSync(paths.emulatorLog, `${message}\n`);
  });
  child.unref();
  if (child.pid === undefined) {
    throw new Failure(
      `emulator: ${python} cannot be started; delete ${paths.virtualEnvironment} and run the same command again`,
    );
  }
  const emulator = { pid: child.pid, port: chosen };
  // Before it answers: a run that is killed meanwhile would leave one that nobody knows.
  writeFileSync(paths.emulatorRecord, JSON.stringify(emulator));
  await untilAnswering(emulator, child);
  return emulator;
}

/** Stops an emulator that we started, and forgets it; nothing is stopped where it has ended by itself. */
export async function stopEmulator(emulator: Emulator): Promise<void> {
  if (runs(emulator)) process.kill(emulator.pid, "SIGTERM");
  while (runs(emulator)) await sleep(100);
  rmSync(paths.emulatorRecord, { force: true });
}

async function untilAnswering(emulator: Emulator, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (!(await answers(emulator, { milliseconds: 2000, times: 1 }))) {
    if (child.exitCode !== null || Date.now() > deadline) {
      throw new Failure(`emulator: it did not start; see its log ${paths.emulatorLog}`);
    }
    await sleep(200);
  }
}

/**
 * Whether an emulator answers. On a busy machine it may take long, and must not count as ended: its state would be put aside.
 *
 * @param patience - Milliseconds for one answer, and how often it is asked; nobody on the port is asked once.
 */
export async function answers(
  emulator: Pick<Emulator, "port">,
  { milliseconds, times } = { milliseconds: 2000, times: 15 },
): Promise<boolean> {
  for (let time = 0; time < times; time += 1) {
    try {
      const url = `http://${LOOPBACK}:${String(emulator.port)}/moto-api/`;
      return (await fetch(url, { signal: AbortSignal.timeout(milliseconds) })).ok;
    } catch (error) {
      const { name, cause } = error as Error & { readonly cause?: { readonly code?: string } };
      if (cause?.code === "ECONNREFUSED") return false;
      // A busy one also closes connections without an answer.
      if (name !== "TimeoutError") await sleep(milliseconds);
    }
  }
  return false;
}

async function availablePort(port: number): Promise<number> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once("error", () => {
      reject(new Failure(`--port: ${String(port)} on ${LOOPBACK} is in use; use another port, or omit --port`));
    });
    server.listen(port, LOOPBACK, () => {
      const address = server.address();
      const chosen = typeof address === "object" && address !== null ? address.port : port;
      server.close(() => {
        resolve(chosen);
      });
    });
  });
}
