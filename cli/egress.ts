import { egressReport } from "../domain/egress/report";
import { egressCsv, egressJson, egressMarkdown } from "../domain/egress/report-formats";
import { planEnvironment } from "../domain/environment/environment";
import { guestNeeds } from "../domain/environment/guests";
import { allEnvironments, environmentNamed } from "./environments";
import { Failure } from "./failure";

/** How {@link printEgress} prints. */
export interface EgressOptions {
  /** `md`, `csv` or `json`. */
  readonly format: string;
  /** Print what the owner of the network must list for this instance, instead of the report. */
  readonly forOwner?: true;
}

const FORMATS = { md: egressMarkdown, csv: egressCsv, json: egressJson } as const;

/** Prints what may leave an environment, or all of them, for the team that keeps the company's firewall. Offline. */
export function printEgress(name: string | undefined, { format, forOwner }: EgressOptions): void {
  if (forOwner === true) {
    printNeeds(name);
    return;
  }
  const specs = name === undefined ? Object.values(allEnvironments()) : [environmentNamed(name)];
  if (!isFormat(format)) throw new Failure(`--format: ${format} is not known; use ${Object.keys(FORMATS).join(", ")}`);
  const [first, ...others] = specs.map(planEnvironment).map(({ egress, context }) => egressReport(egress, context));
  if (first === undefined) throw new Failure("egress: the project has no environments; add one");
  process.stdout.write(`${FORMATS[format](first, ...others).trimEnd()}\n`);
}

/** For an owner whose configuration is in another repository. */
function printNeeds(name: string | undefined): void {
  if (name === undefined) throw new Failure("--for-owner: needs one environment; add its name");
  const { s3Buckets, resources } = guestNeeds(planEnvironment(environmentNamed(name)));
  const settings = { network: { s3Buckets }, egress: { resources } };
  process.stdout.write(`${JSON.stringify(settings, undefined, 2)}\n`);
}

function isFormat(format: string): format is keyof typeof FORMATS {
  return format in FORMATS;
}
