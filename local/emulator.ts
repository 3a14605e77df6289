import { type ChildProcess, execFile, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

import { Failure } from "../cli/failure";
import { withLock } from "./lock";
import { KEPT, paths, PROJECT } from "./paths";

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
export async function prepareEmulator(packages: readonly string[] = []): Promise<void> {
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
  const emulator = JSON.parse(readFileSync(paths.emulatorRecord, "utf8")) as Emulator;
  return (await answers(emulator)) ? emulator : undefined;
}

/**
 * Starts an emulator that outlives this process, so that an interrupted deployment can be resumed.
 *
 * @param port - Port on loopback; 0 takes a free one.
 * @param variables - Further environment, such as the Kubernetes endpoint that clusters report.
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
  child.unref();
  const emulator = { pid: child.pid ?? 0, port: chosen };
  await untilAnswering(emulator, child);
  writeFileSync(paths.emulatorRecord, JSON.stringify(emulator));
  return emulator;
}

/** Stops an emulator that we started, and forgets it. */
export async function stopEmulator(emulator: Emulator): Promise<void> {
  try {
    process.kill(emulator.pid, "SIGTERM");
  } catch {
    // It has ended by itself: there is nothing left to stop.
  }
  while (await answers(emulator)) await sleep(100);
  rmSync(paths.emulatorRecord, { force: true });
}

async function untilAnswering(emulator: Emulator, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (!(await answers(emulator))) {
    if (child.exitCode !== null || Date.now() > deadline) {
      throw new Failure(`emulator: it did not start; see its log ${paths.emulatorLog}`);
    }
    await sleep(200);
  }
}

async function answers(emulator: Emulator): Promise<boolean> {
  try {
    const response = await fetch(`${endpointOf(emulator)}/moto-api/`, { signal: AbortSignal.timeout(2000) });
    return response.ok;
  } catch {
    return false;
  }
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
