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
    `${count("good")} good`,
    counted(count("warning"), "warning"),
    counted(count("problem"), "problem"),
    `${count("unknown")} not known`,
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

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

function lines(findings: readonly Finding[], grade: Grade): string[] {
  return findings.filter((finding) => finding.grade === grade).flatMap(findingLines);
}

function findingLines({ check, what, why, remedy, link }: Finding): string[] {
  const more: readonly (readonly [string, string | undefined])[] = [
    ["why", why],
    ["do", remedy],
    ["see", link],
  ];
  return [
    wrap(`${check}: ${what}`, "  - "),
    ...more.flatMap(([label, text]) => (text === undefined ? [] : [wrap(text, `      ${label.padEnd(4)}`)])),
  ];
}
