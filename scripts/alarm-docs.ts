import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { planEnvironment } from "../domain/environment/environment";
import type { AlarmPlan, EventPlan } from "../domain/observability/alarm";
import { listPrices } from "../domain/cost/prices";

// Writes the table of alarms into docs/guides/observability.md: `npm run docs:alarms`.

const REGION = "us-east-1";

/** An environment that has every alarm and every event. */
const { observability } = planEnvironment({
  name: "prod",
  account: "111122223333",
  region: REGION,
  domain: "retool.example.com",
  retoolVersion: "4.34.1-stable",
  access: ["203.0.113.0/24"],
  clusterAccess: ["203.0.113.10/32"],
  license: "retool/license-key",
  egress: { level: "firewall" },
  backup: { copyTo: { region: "us-west-2" } },
});

/** A part of the page between two comments, which this script writes. */
const BLOCK = /(<!-- alarms: npm run docs:alarms -->\n)[\s\S]*?(<!-- end of alarms -->)/;

/** Writes the alarms into the page that is about them. */
export function withAlarms(page: string): string {
  if (!BLOCK.test(page)) throw new Error("the page has no place for alarms");
  return page.replace(BLOCK, (_, begin: string, end: string) => `${begin}\n${alarmSection()}\n\n${end}`);
}

function alarmSection(): string {
  const { alarms = [], events = [] } = observability.alarms ?? {};
  const { usd = 0 } = listPrices(REGION)("cloudwatch:alarm") ?? {};
  const rows = [
    ["alarm", "rings when", "threshold", "runbook"],
    ["---", "---", "---", "---"],
    ...alarms.map((alarm) => [`\`${alarm.name}\``, alarm.says, thresholdOf(alarm), linkOf(alarm)]),
    ...events.map((event) => [`\`${event.name}\``, event.says, "as it happens", linkOf(event)]),
  ];
  return [
    ...aligned(rows),
    "",
    `These ${alarms.length} alarms cost ${usd.toFixed(2)} USD a month each, the ${events.length} events nothing.`,
  ].join("\n");
}

function linkOf({ runbook = "" }: Pick<AlarmPlan | EventPlan, "runbook">): string {
  return `[${runbook}](../runbooks/${runbook}.md)`;
}

const GIB = 1024 ** 3;

/** Units of the metrics that count nothing, and what makes one of them. */
const UNITS: Readonly<Record<string, readonly [unit: string, size: number]>> = {
  CPUUtilization: [" %", 1],
  FreeableMemory: [" GiB", GIB],
  FreeStorageSpace: [" GiB", GIB],
  TargetResponseTime: [" s", 1],
  DaysToExpiry: [" days", 1],
};

function thresholdOf({ metric, threshold, wrong, statistic, periods, periodSeconds }: AlarmPlan): string {
  const [unit, size] = UNITS[metric.metricName] ?? ["", 1];
  const value = `${Number((threshold / size).toFixed(2))}${unit}`;
  const side = wrong === "GreaterThanThreshold" ? "above" : "below";
  const minutes = periodSeconds / 60;
  const period = minutes >= 1440 ? `${minutes / 1440} day` : `${minutes} min`;
  return `${statistic} ${side} ${value}, ${periods > 1 ? `${periods} × ` : ""}${period}`;
}

/** A table as Prettier writes it. */
function aligned(rows: readonly (readonly string[])[]): string[] {
  const [head = []] = rows;
  const widths = head.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => {
    const cells = row.map((cell, column) => cell.padEnd(widths[column] ?? 0, cell === "---" ? "-" : " "));
    return `| ${cells.join(" | ")} |`;
  });
}

if (require.main === module) {
  const path = join(__dirname, "..", "docs", "guides", "observability.md");
  writeFileSync(path, withAlarms(readFileSync(path, "utf8")));
}
