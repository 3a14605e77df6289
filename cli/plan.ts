import Table from "cli-table3";

import { planEnvironment } from "../domain/environment";
import { isSettable } from "../domain/settable";
import { listSettings, type Setting } from "../domain/settings";
import { environmentNamed } from "./environments";

/** How {@link printPlan} prints. */
export interface PlanOptions {
  /** Print JSON instead of a table. */
  readonly json?: true;
}

/** Prints every setting of an environment with its value and where it comes from. Needs no network and no credentials. */
export function printPlan(name: string, { json }: PlanOptions): void {
  const spec = environmentNamed(name);
  const settings = listSettings(spec, planEnvironment(spec), isSettable);
  process.stdout.write(`${json === true ? JSON.stringify(settings, null, 2) : table(settings)}\n`);
}

/** Columns without lines between them, which can be searched and pasted. */
const BORDERLESS = Object.fromEntries(
  ["top", "bottom", "mid", "left", "right"]
    .flatMap((side) => ["", "-mid", "-left", "-right"].map((part) => `${side}${part}`))
    .concat("middle")
    .map((part) => [part, part === "middle" ? "  " : ""]),
);

const LONGEST_VALUE = 70;

function table(settings: readonly Setting[]): string {
  const rows = new Table({ head: ["setting", "value", "origin"], style: { head: [], border: [] }, chars: BORDERLESS });
  for (const { path, value, origin } of settings) rows.push([path, shortened(value), origin]);
  return rows.toString();
}

function shortened(value: string): string {
  return value.length <= LONGEST_VALUE ? value : `${value.slice(0, LONGEST_VALUE - 1)}…`;
}
