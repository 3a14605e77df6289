import { formatViolation } from "../../../domain/common/violation";
import { checkEnvironment, type EnvironmentPlan, planEnvironment } from "../../../domain/environment/environment";
import type { TelemetryTargetSpec } from "../../../domain/retool/telemetry-target";
import { prod } from "../../support/environments/prod";

const DATADOG = { kind: "datadog", site: "us3.datadoghq.com", apiKeySecret: "retool/datadog-key" } as const;
const OTLP = {
  kind: "otlp",
  endpoint: "https://otlp.example.com:4318",
  headers: { "api-key": { secret: "retool/otlp-key" } },
} as const;
const planned = (telemetryTarget: TelemetryTargetSpec): EnvironmentPlan =>
  planEnvironment({ ...prod, retool: { telemetryTarget } });

describe("the target of telemetry", () => {
  test.each([
    [DATADOG, ["http-intake.logs.us3.datadoghq.com:443", "api.us3.datadoghq.com:443"]],
    [OTLP, ["otlp.example.com:4318"]],
  ])("%j is let out, for the telemetry container only", (target, expected) => {
    const rules = planned(target).egress.rules.filter(({ id }) => id.startsWith("telemetry/"));
    const hosts = rules.map(({ destination, port }) =>
      destination.kind === "host" ? `${destination.host}:${port}` : destination.kind,
    );

    expect(hosts).toEqual(expected);
    expect(rules.every(({ sources }) => sources.join() === "telemetry")).toBe(true);
    expect(planned(target).dnsFirewall?.allowed).toEqual(
      expect.arrayContaining(expected.map((host) => host.split(":")[0])),
    );
  });

  test.each([
    ["https://otlp.example.com/", "https://otlp.example.com"],
    ["https://otlp.example.com/otlp/", "https://otlp.example.com/otlp"],
  ])("at %s is %s to the exporter, which adds the path of each signal", (endpoint, expected) => {
    expect(planned({ ...OTLP, endpoint }).retool.telemetryTarget).toMatchObject({ endpoint: expected });
  });

  test("gets nothing that Retool would get as well, unless that is asked for", () => {
    const hosts = ({ dnsFirewall }: EnvironmentPlan): readonly string[] => dnsFirewall?.allowed ?? [];
    const both = planEnvironment({ ...prod, retool: { telemetry: "metrics", telemetryTarget: OTLP } });

    expect(hosts(planned(OTLP))).not.toContain("telemetry.retool.com");
    expect(hosts(both)).toEqual(expect.arrayContaining(["telemetry.retool.com", "otlp.example.com"]));
  });

  test("has room on Retool's nodes", () => {
    const pods = ({ observability }: EnvironmentPlan): number => observability.logs?.basePods ?? 0;

    expect(pods(planned(DATADOG)) - pods(planEnvironment(prod))).toBe(1);
  });

  test.each<[object, string]>([
    [
      { ...OTLP, endpoint: "http://otlp.example.com" },
      'retool.telemetryTarget.endpoint: "http://otlp.example.com" is not the address of an OTLP endpoint; use https and the name of a server outside the cluster, such as "https://otlp.example.com:4318"',
    ],
    [
      { ...OTLP, endpoint: "https://otlp.example.com/v1/logs" },
      'retool.telemetryTarget.endpoint: "https://otlp.example.com/v1/logs" is the address of one signal only; remove "/v1/logs", which is added',
    ],
    [
      { ...OTLP, endpoint: "https://10.0.0.5:4318" },
      'retool.telemetryTarget.endpoint: "https://10.0.0.5:4318" is not the address of an OTLP endpoint; use https and the name of a server outside the cluster, such as "https://otlp.example.com:4318"',
    ],
    [
      { ...OTLP, endpoint: "https://otel.monitoring.svc.cluster.local" },
      'retool.telemetryTarget.endpoint: "https://otel.monitoring.svc.cluster.local" is not the address of an OTLP endpoint; use https and the name of a server outside the cluster, such as "https://otlp.example.com:4318"',
    ],
    [
      { ...OTLP, endpoint: "https://collector:4318" },
      'retool.telemetryTarget.endpoint: "https://collector:4318" is not the address of an OTLP endpoint; use https and the name of a server outside the cluster, such as "https://otlp.example.com:4318"',
    ],
    [
      { ...OTLP, headers: { "api key": { secret: "retool/otlp-key" } } },
      'retool.telemetryTarget.headers: "api key" is not the name of a header; use letters, digits and hyphens, such as "api-key"',
    ],
    [
      { ...DATADOG, apiKeySecret: "ef8d5de700e7989468166c40fc8a0ccd" },
      "retool.telemetryTarget.apiKeySecret: the 32 characters given look like the secret's value; store the value in Secrets Manager and use the secret's name here; the ARN of a secret is always taken for what it is",
    ],
    [
      { ...DATADOG, apiKeySecret: prod.license },
      'retool.telemetryTarget: "retool/license-key" is also the secret of license; use a separate secret for each',
    ],
  ])("%j is refused", (telemetryTarget, expected) => {
    const retool = { telemetryTarget: telemetryTarget as TelemetryTargetSpec };

    expect(checkEnvironment({ ...prod, retool }).violations.map(formatViolation)).toEqual([expected]);
  });
});
