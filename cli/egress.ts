import { egressReport } from "../domain/egress-report";
import { egressCsv, egressJson, egressMarkdown } from "../domain/egress-report-formats";
import { planEnvironment } from "../domain/environment";
import { environmentNamed } from "./environments";
import { Failure } from "./failure";

/** How {@link printEgress} prints. */
export interface EgressOptions {
  /** `markdown`, `csv` or `json`. */
  readonly format: string;
}

const FORMATS = { markdown: egressMarkdown, csv: egressCsv, json: egressJson } as const;

/** Prints what may leave an environment, for the team that keeps the company's firewall. Offline. */
export function printEgress(name: string, { format }: EgressOptions): void {
  const { egress, context, network } = planEnvironment(environmentNamed(name));
  if (!isFormat(format)) throw new Failure(`--format: ${format} is not known; use ${Object.keys(FORMATS).join(", ")}`);
  process.stdout.write(`${FORMATS[format](egressReport(egress, context, { zones: network.zones })).trimEnd()}\n`);
}

function isFormat(format: string): format is keyof typeof FORMATS {
  return format in FORMATS;
}
