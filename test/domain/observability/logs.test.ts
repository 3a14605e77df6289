import { egressReport } from "../../../domain/egress/report";
import { planEnvironment } from "../../../domain/environment/environment";
import type { EnvironmentSpec } from "../../../domain/environment/spec";
import { prod } from "../../support/environments/prod";

const OTLP = { kind: "otlp", endpoint: "https://otlp.example.com" } as const;
const DATADOG = { kind: "datadog", site: "us3.datadoghq.com", apiKeySecret: "retool/datadog-key" } as const;
const POLICY = "network policy: container and port";
const NAME = "DNS firewall: name";
const NAME_AND_PORT = "network firewall: name and port";

/** What the report says of connections to a host: who opens them, and what enforces them. */
function letOut(spec: Partial<EnvironmentSpec>, pattern: RegExp): object[] {
  const plan = planEnvironment({ ...prod, ...spec });
  return egressReport(plan.egress, plan.context)
    .connections.filter(({ where }) => pattern.test(where))
    .map(({ who, where, port, enforcedBy }) => ({ who, where, port, enforcedBy }));
}

describe.each([
  ["open", [], [POLICY]],
  ["dns", [NAME], [POLICY, NAME]],
  ["firewall", [NAME, NAME_AND_PORT], [POLICY, NAME, NAME_AND_PORT]],
] as const)("at egress level %s", (level, ofNodes, ofPods) => {
  test("the agents on the nodes reach CloudWatch Logs", () => {
    expect(letOut({ egress: { level } }, /^logs\./)).toEqual([
      { who: ["nodes", "deployer"], where: "logs.us-east-1.amazonaws.com", port: 443, enforcedBy: ofNodes },
    ]);
  });

  test("the agents on the nodes put audit events into S3 by the region's own host, through the endpoint", () => {
    const enforcedBy = [...ofNodes.filter((layer) => layer === NAME), "VPC endpoint: service"];
    const logs = { kind: "cloudwatch", auditBucketDays: 365 } as const;
    const retool = { auditEvents: "stdout" } as const;

    expect(letOut({ egress: { level }, observability: { logs }, retool }, /^s3\./)).toEqual([
      { who: ["nodes", "deployer"], where: "s3.us-east-1.amazonaws.com", port: 443, enforcedBy },
    ]);
    expect(letOut({ egress: { level } }, /^s3\./)).toEqual([
      { who: ["deployer"], where: "s3.us-east-1.amazonaws.com", port: 443, enforcedBy: [] },
    ]);
  });

  test.each([
    ["otlp", OTLP, /^otlp\.example\.com$/],
    ["datadog", DATADOG, /us3\.datadoghq\.com$/],
  ] as const)(
    "the telemetry container reaches the endpoint of %s, and nobody else does",
    (_, telemetryTarget, host) => {
      const rows = letOut({ egress: { level }, retool: { telemetryTarget } }, host);

      expect(rows.length).toBeGreaterThan(0);
      for (const row of rows) expect(row).toMatchObject({ who: ["telemetry"], port: 443, enforcedBy: ofPods });
      expect(letOut({ egress: { level } }, host)).toEqual([]);
    },
  );
});
