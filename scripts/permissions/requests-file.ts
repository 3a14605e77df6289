import { writeFileSync } from "node:fs";

import type { Question } from "./collect";
import { FREE_REQUESTS } from "./needs";

/** What IAM was asked while an environment was deployed, changed and destroyed, each question once, by run. */
export type Requests = Readonly<Record<string, readonly Question[]>>;

/** Writes the questions of runs, a line each: ids are the same in every recording, and only the tag `Environment` is kept. */
export function writeRequests(file: string, requests: Requests): void {
  const runs = Object.entries(requests).map(([run, questions]) => {
    const asked = questions.filter(({ action }) => !FREE_REQUESTS.includes(action));
    const lines = [...new Set(asked.map((question) => JSON.stringify(steady(question))))].sort();
    return `  "${run}": [\n${lines.map((line) => `    ${line}`).join(",\n")}\n  ]`;
  });
  writeFileSync(file, `{\n${runs.join(",\n")}\n}\n`);
}

/** A question without what differs between two recordings. */
function steady({ action, resource, context }: Question): Question {
  const kept = Object.entries(context).filter(
    ([key]) => !/^aws:\w+Tag\//.test(key) || /Tag\/(Environment|aws:)/.test(key),
  );
  return JSON.parse(withoutIds(JSON.stringify({ action, resource, context: Object.fromEntries(kept) }))) as Question;
}

function withoutIds(text: string): string {
  return text
    .replaceAll(/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, "00000000-0000-4000-8000-000000000000")
    .replaceAll(/-(?!\d{12}\b)[0-9a-f]{8,17}\b/g, "-0123456789abcdef0")
    .replaceAll(/\/[0-9a-f]{16}\b/g, "/0123456789abcdef")
    .replaceAll(/\b20\d{6}\d{6,}[0-9a-f]*\b/g, "20260101000000000000000001")
    .replaceAll(/(hostedzone\/)[A-Z0-9]+/g, "$1Z0123456789ABCDEFGHI")
    .replaceAll(/(retool\/[\w/-]+)-[A-Za-z0-9]{6}"/g, '$1-AbCdEf"')
    .replaceAll(/_[0-9a-z]{20,40}\./g, "_proof.");
}
