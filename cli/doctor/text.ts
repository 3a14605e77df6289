import { counted } from "../../domain/common/counted";
import type { Diagnosis, Finding, Grade } from "../../domain/doctor/finding";
import { bullets, colors, section, wrap } from "../text";

/** Grades with a fault, the worst first: title and colour. */
const FAULTS: readonly (readonly [Grade, string, "red" | "yellow"])[] = [
  ["problem", "Problems", "red"],
  ["unknown", "Not known", "yellow"],
  ["warning", "Warnings", "yellow"],
];

/** What doctor found, the worst first; what is good on one line each. */
export function doctorText({ environment, elapsedMs, findings }: Diagnosis): string {
  const count = (grade: Grade): number => findings.filter((finding) => finding.grade === grade).length;
  const summary = [
    counted(count("problem"), "problem"),
    `${count("unknown")} not known`,
    counted(count("warning"), "warning"),
    `${count("good")} good`,
  ];
  const head = `doctor ${environment}: ${summary.join(", ")}; ${(elapsedMs / 1000).toFixed(1)} s`;
  return [
    `${colors().bold(head)}\n`,
    ...FAULTS.map(([grade, title, color]) => section(colors()[color](title), lines(findings, grade))),
    section(
      colors().green("Good"),
      bullets(findings.filter(({ grade }) => grade === "good").map(({ check, what }) => `${check}: ${what}`)),
    ),
  ].join("");
}

/** Findings with the same advice share it: one cause, such as a network that is down, is read once. */
function lines(findings: readonly Finding[], grade: Grade): string[] {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings.filter((each) => each.grade === grade)) {
    const advice = JSON.stringify([finding.why, finding.remedy, finding.link]);
    groups.set(advice, [...(groups.get(advice) ?? []), finding]);
  }
  return [...groups.values()].flatMap(groupLines);
}

function groupLines(group: readonly Finding[]): string[] {
  const { why, remedy, link } = group[0] ?? {};
  const more: readonly (readonly [string, string | undefined])[] = [
    ["why", why],
    ["do", remedy],
    ["see", link],
  ];
  return [
    ...group.map(({ check, what }) => wrap(`${check}: ${what}`, "  - ")),
    ...more.flatMap(([label, text]) => (text === undefined ? [] : [wrap(text, `      ${label.padEnd(4)}`)])),
  ];
}
