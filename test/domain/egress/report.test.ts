import fc from "fast-check";

import { type EgressSpec, planEgress } from "../../../domain/egress/egress";
import { type EgressReport, type EgressReportRow, egressReport } from "../../../domain/egress/report";
import { egressCsv, egressJson, egressMarkdown } from "../../../domain/egress/report-formats";
import { context } from "../../support/fakes";
import { expectGolden } from "../../support/golden";
import { features } from "../../support/retool-cluster";

const RESOURCES = [
  { to: "api.partner.example.net", reason: "Billing" },
  { to: "203.0.113.0/28", port: 5432 },
] as const;

function report(spec: EgressSpec = { resources: RESOURCES }): EgressReport {
  const input = { temporal: { kind: "retool-managed" }, features, interfaceEndpoints: ["eks-auth"] } as const;
  return egressReport(planEgress(spec, context, input).plan, context);
}

function rowTo(where: string, spec?: EgressSpec): EgressReportRow {
  const row = report(spec).connections.find((candidate) => candidate.where === where);
  if (row === undefined) throw new Error(`no row to ${where}`);
  return row;
}

describe("the report", () => {
  test("as Markdown", () => {
    expectGolden("egress-report.firewall.md", egressMarkdown(report({ level: "firewall", resources: RESOURCES })));
  });

  test("begins with one line while nothing is refused, and only then", () => {
    expect(egressMarkdown(report({ mode: "alert" })).split("\n")[0]).toMatch(/^\*\*EGRESS ONLY ALERTS: /);
    expect(egressMarkdown(report({ mode: "enforce", resources: RESOURCES })).split("\n")[0]).toMatch(/^# Outbound/);
  });

  test("as comma-separated values", () => {
    expectGolden("egress-report.csv", egressCsv(report()));
  });

  test("as JSON says the same", () => {
    expect(JSON.parse(egressJson(report()))).toEqual(report());
  });

  test.each([
    ["open", "licensing.tryretool.com", ["network policy: container and port"]],
    ["dns", "licensing.tryretool.com", ["network policy: container and port", "DNS firewall: name"]],
    [
      "firewall",
      "licensing.tryretool.com",
      ["network policy: container and port", "DNS firewall: name", "network firewall: name and port"],
    ],
    ["firewall", "203.0.113.0/28", ["network policy: container and port", "network firewall: address and port"]],
    ["dns", "203.0.113.0/28", ["network policy: container and port"]],
    ["firewall", "registry-1.docker.io", ["DNS firewall: name", "network firewall: name and port"]],
    ["open", "registry-1.docker.io", []],
    ["firewall", "charts.retool.com", []],
    ["firewall", "eks-auth.us-east-1.api.aws", ["DNS firewall: name", "VPC endpoint: service"]],
    ["firewall", "database", ["network policy: container and port"]],
  ] as const)("at level %s names what enforces %s", (level, where, layers) => {
    expect(rowTo(where, { level, resources: RESOURCES }).enforcedBy).toEqual(layers);
  });

  test("says which names are resolved for one with an underscore, which the DNS firewall cannot list", () => {
    const resources = [{ to: "my_db.corp.example.net", port: 8443, application: "tls" }] as const;

    expect(rowTo("my_db.corp.example.net", { level: "firewall", resources }).enforcedBy).toEqual([
      "network policy: container and port",
      "DNS firewall: *.corp.example.net",
      "network firewall: name and port",
    ]);
    const note = "my_db.corp.example.net: the DNS firewall accepts no underscore, so it resolves *.corp.example.net.";
    expect(report({ resources }).notes).toContain(note);
    expect(report({ level: "open", resources }).notes).not.toContain(note);
  });

  test("always prints Retool's names and addresses", () => {
    const text = egressMarkdown(report());

    expect(text).toContain("licensing.tryretool.com");
    expect(text).toContain("can allow 35.92.202.168/29 and 44.211.178.248/29 on port 443. One that takes single");
    expect(text).toContain("which are the same:\n\n- 35.92.202.168\n- 35.92.202.169\n");
    expect(text).toContain("- 44.211.178.255\n");
  });

  test("prints what each level costs", () => {
    expect(Object.entries(report().costs).map(([level, { perMonth }]) => [level, perMonth])).toEqual([
      ["open", 0],
      ["dns", 0.02],
      ["firewall", 766.52],
    ]);
    expect(egressMarkdown(report())).toContain("| firewall | $766.52 |");
  });

  test("marks what is our own conclusion", () => {
    expect(rowTo("anywhere", { level: "open" }).inferred).toBe(true);
    expect(egressCsv(report({ level: "open" }))).toContain("install packages (inferred)");
  });
});

describe("text of the team's own", () => {
  const withReason = (reason: string): EgressReport => report({ resources: [{ to: "a.example.net", reason }] });

  test.each([
    ["=HYPERLINK()", "'=HYPERLINK()"],
    ["+1", "'+1"],
    ["-1", "'-1"],
    ["@x", "'@x"],
    ['a "b", c', '"a ""b"", c"'],
    ["a\nb", '"a\nb"'],
  ])("%j is a harmless cell", (reason, cell) => {
    expect(egressCsv(withReason(reason))).toContain(`,tls,${cell},`);
  });

  test("never adds a cell, a row or markup to a table", () => {
    const text = fc.string({ unit: fc.constantFrom("|", "\n", "\r", "\\", "`", "<", "*", "[", "a", " ") });
    const lines = egressMarkdown(withReason("plain")).split("\n").length;
    fc.assert(
      fc.property(text, (reason) => {
        const rows = egressMarkdown(withReason(`x${reason}x`)).split("\n");
        const row = rows.find((line) => line.includes("a.example.net")) ?? "";

        expect(rows).toHaveLength(lines);
        expect(row.replaceAll(/\\./g, "").split("|")).toHaveLength(12);
        expect(row.replaceAll(/\\./g, "")).not.toMatch(/[`<*[]/);
      }),
    );
  });
});
