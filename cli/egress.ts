import { isatty } from "node:tty";

import { blobCheck } from "../domain/environment/blob-check";
import { egressCheck } from "../domain/environment/egress-check";
import { type EgressReport, egressReport } from "../domain/egress/report";
import { egressCsv, egressJson, egressMarkdown } from "../domain/egress/report-formats";
import type { EnvironmentPlan } from "../domain/environment/environment";
import { guestNeeds } from "../domain/environment/guests";
import { egressPicture } from "./egress-picture";
import { egressTables } from "./egress-tables";
import { checkNeighbours, plannedEnvironment, plannedEnvironments } from "./environments";
import { Failure } from "./failure";
import { manifestText } from "./manifest-text";
import { type OutputOptions, printReport } from "./report";

/** How {@link printEgress} prints. */
export interface EgressOptions extends OutputOptions {
  /** `table`, `md`, `csv`, `json`, `owner` or `svg`; on a terminal `table`, else `md`. */
  readonly format?: string;
  /** The same as the format `owner`. */
  readonly forOwner?: true;
  /** Print a check to run in the cluster, instead of the report. */
  readonly check?: true;
}

type Reports = readonly [EgressReport, ...EgressReport[]];

const FORMATS: Readonly<Record<string, (...reports: Reports) => string>> = {
  table: (...reports) => reports.map((report) => egressTables(report)).join("\n"),
  md: egressMarkdown,
  csv: egressCsv,
  json: egressJson,
};

/** Formats that are about one environment, each with what it prints. */
const SINGLE: Readonly<Record<string, (plan: EnvironmentPlan) => string>> = {
  owner: ownerNeeds,
  svg: ({ egress, context }) => egressPicture(egressReport(egress, context)),
  check: (plan) => manifestText([...egressCheck(plan), ...blobCheck(plan)]),
};

/** Prints what may leave an environment, or all of them, for the team that keeps the company's firewall. Offline. */
export function printEgress(name: string | undefined, options: EgressOptions): void {
  const format = formatOf(options);
  checkNeighbours();
  const single = SINGLE[format];
  const text = single === undefined ? reportsOf(name, format) : single(oneEnvironment(name, format));
  printReport({ text: () => `${text.trimEnd()}\n`, json: undefined }, { out: options.out });
}

function formatOf({ format, json, out, forOwner, check }: EgressOptions): string {
  checkFormat(format);
  const asked = [format, json && "json", forOwner && "owner", check && "check"].filter((one) => one !== undefined);
  if (new Set(asked).size > 1)
    throw new Failure(`egress: ${asked.join(" and ")} are different reports; ask for one of them`);
  return asked[0] ?? usualFormat(out);
}

/** Tables are for people in front of a terminal. */
function usualFormat(out: string | undefined): string {
  return isatty(1) && out === undefined ? "table" : "md";
}

function checkFormat(format: string | undefined): void {
  if (format !== undefined && !KNOWN.includes(format))
    throw new Failure(`--format: ${format} is not known; use ${KNOWN.join(", ")}`);
}

const KNOWN = [...Object.keys(FORMATS), "owner", "svg"];

function reportsOf(name: string | undefined, format: string): string {
  const plans = name === undefined ? plannedEnvironments() : [plannedEnvironment(name)];
  const [first, ...others] = plans.map(({ egress, context }) => egressReport(egress, context));
  if (first === undefined) throw new Failure("egress: the project has no environments; add one");
  return (FORMATS[format] ?? egressMarkdown)(first, ...others);
}

function oneEnvironment(name: string | undefined, format: string): EnvironmentPlan {
  if (name !== undefined) return plannedEnvironment(name);
  throw new Failure(`egress: ${format} is about one environment; name it`);
}

/** For an owner whose configuration is in another repository. */
function ownerNeeds(plan: EnvironmentPlan): string {
  const { s3Buckets, resources } = guestNeeds(plan);
  return JSON.stringify({ network: { s3Buckets }, egress: { resources } }, undefined, 2);
}
