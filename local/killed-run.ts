import { readFileSync, rmSync } from "node:fs";
import { basename } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { Failure } from "../cli/failure";
import { endGroup, onLeaderStarted } from "../cli/interrupt";
import { withLock } from "./lock";
import { paths } from "./paths";
import { type Noted, noteOf, processesIn, type Running } from "./running";
import { writeWhole } from "./whole-file";

/**
 * Runs the driver while no other one runs in this project, and notes each Terraform that it starts.
 *
 * @param body - Gets what was ended of a run before it, as a line; undefined where there was nothing.
 * @throws {@link Failure} where another driver is running.
 */
export async function asOnlyRun(body: (ended: string | undefined) => Promise<void>): Promise<void> {
  const refuse = ({ pid }: Noted): never => {
    throw new Failure(`npm run local: it is already running here as process ${String(pid)}; wait until it has ended`);
  };
  await withLock(
    paths.runLock,
    async () => {
      const ended = await endLeftTerraform();
      onLeaderStarted(note);
      await body(ended);
      rmSync(paths.terraform, { force: true });
    },
    refuse,
  );
}

function note(pid: number): void {
  writeWhole(paths.terraform, JSON.stringify(noteOf(pid)));
}

/**
 * Ends the Terraform and the providers that a killed run left at work: they would go on changing what this run looks at, and nobody
 * would note what they make.
 *
 * Terraform leads a process group. Its providers stay in it when Terraform has ended, and its id is given to no other process until
 * they have.
 */
async function endLeftTerraform(): Promise<string | undefined> {
  const noted = notedTerraform();
  if (noted === undefined) return undefined;
  const left = (): Running[] => membersOf(noted);
  const names = terraformIn(left());
  if (names.length > 0) endGroup(noted.pid);
  while (left().length > 0) await sleep(50);
  rmSync(paths.terraform, { force: true });
  if (names.length === 0) return undefined;
  return `An earlier run was killed while ${names.join(", ")} worked for it; they have been ended now.`;
}

function notedTerraform(): Noted | undefined {
  try {
    return JSON.parse(readFileSync(paths.terraform, "utf8")) as Noted;
  } catch {
    return undefined;
  }
}

/** What runs of the noted group; nothing where its id belongs to another program now. */
function membersOf({ pid, started }: Noted): Running[] {
  const members = processesIn(pid);
  const leader = members.find((one) => one.pid === pid);
  const isOurs = leader === undefined || leader.started === started;
  return isOurs && terraformIn(members).length > 0 ? members : [];
}

/** Names of Terraform and its providers among processes, sorted, without versions. */
function terraformIn(processes: readonly Running[]): string[] {
  const names = processes.map(({ command }) => basename(command.split(" ")[0] ?? "").replace(/_.*/, ""));
  return [...new Set(names)].filter((name) => name.startsWith("terraform")).sort();
}
