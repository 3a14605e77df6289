import { setTimeout as sleep } from "node:timers/promises";
import { isatty } from "node:tty";

import { statusCommands } from "../../domain/status/commands";
import { type Phase, phaseOf } from "../../domain/status/phase";
import { type Status, statusOf } from "../../domain/status/status";
import { assertCredentials } from "../credentials";
import { plannedEnvironment } from "../environments";
import { Failure } from "../failure";
import { observer, type ReachOptions } from "../running/gather";
import type { OutputOptions, Report } from "../report";
import { statusText } from "./text";
import { watch } from "./watch";

/** What {@link status} and {@link watchStatus} are told on the command line. */
export interface StatusOptions extends OutputOptions, ReachOptions {
  /** Look again and again. */
  readonly watch?: true;
}

/** Milliseconds between two looks at the cluster. */
const EVERY_MS = 5000;

/** Shows the running platform on one screen. It changes nothing. */
export async function status(name: string, options: StatusOptions): Promise<Report> {
  const plan = plannedEnvironment(name);
  await assertCredentials(plan);
  const found = statusOf(plan, await observer(plan, options)());
  const phase = phaseOf(found);
  const commands = statusCommands(plan);
  return {
    json: { phase, ...found, commands },
    text: () => statusText(found, phase, commands),
    exitCode: EXIT_CODES[phase.state],
  };
}

const EXIT_CODES: Readonly<Record<Phase["state"], 0 | 1 | 2>> = { settled: 0, working: 1, unknown: 2 };

/**
 * Shows the running platform again and again until a deployment has ended. It changes nothing.
 *
 * @throws {@link Failure} where it is to write into a file.
 */
export async function watchStatus(name: string, { json, out, ...options }: StatusOptions): Promise<void> {
  if (out !== undefined)
    throw new Failure("status: --watch writes as it goes, and --out at the end; leave one of them out");
  const plan = plannedEnvironment(name);
  await assertCredentials(plan);
  const look = observer(plan, options);
  let wait = 0;
  const next = async (): Promise<Status> => {
    await sleep(wait);
    wait = EVERY_MS;
    return statusOf(plan, await look());
  };
  const phase = await watch(next, {
    lines: isatty(1) ? process.stdout.rows : undefined,
    json: json === true,
    write: (text) => process.stdout.write(text),
  });
  process.exitCode = EXIT_CODES[phase.state];
}
