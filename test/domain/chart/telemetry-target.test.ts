import { telemetryTargetValues } from "../../../domain/chart/telemetry-target";
import { planTelemetryTarget } from "../../../domain/retool/telemetry-target";

const datadog = planTelemetryTarget({
  kind: "datadog",
  site: "datadoghq.eu",
  apiKeySecret: "retool/datadog-key",
  revision: 1,
});
const otlp = planTelemetryTarget({
  kind: "otlp",
  endpoint: "https://otlp.example.com:4318",
  headers: { "api-key": { secret: "retool/otlp-key" }, "x-scope": { secret: "retool/otlp-scope" } },
  revision: 1,
});

describe("telemetryTargetValues", () => {
  test("sends logs and metrics to Datadog by Vector, with a key that stands in no value", () => {
    const key = { default_api_key: "${TELEMETRY_API_KEY}", site: "datadoghq.eu" };

    expect(telemetryTargetValues(datadog)).toMatchObject({
      extraEnv: [
        {
          name: "TELEMETRY_API_KEY",
          valueFrom: { secretKeyRef: { name: "retool-telemetry-target", key: "TELEMETRY_API_KEY" } },
        },
      ],
      customVectorConfig: {
        sinks: {
          own_target_logs: { type: "datadog_logs", inputs: ["container_logs"], ...key },
          own_target_metrics: { type: "datadog_metrics", inputs: ["metrics"], ...key },
        },
      },
    });
  });

  test("scrapes port 9090 and reads logs for OTLP by Alloy, each part joined to one that exists", () => {
    const text = telemetryTargetValues(otlp)["customGrafanaAgentConfig"] as string;
    const defined = [...text.matchAll(/^([a-z_.]+) "(\w+)" \{$/gm)].map(([, type, name]) => `${type}.${name}`);
    const used = [...text.matchAll(/= \[?([a-z]+\.[a-z_]+(?:\.[a-z_]+)*)\.(?:targets|output|receiver|input)\]?$/gm)];

    expect(used).toHaveLength(8);
    expect(used.map(([, name]) => name).filter((name) => !defined.includes(name!))).toEqual([]);
    expect(text).toContain('regex         = "9090"');
    expect(text).toContain('endpoint = "https://otlp.example.com:4318"');
    expect(text).toContain('"api-key" = env("TELEMETRY_HEADER_1"),\n      "x-scope" = env("TELEMETRY_HEADER_2"),');
    expect(text.split("{")).toHaveLength(text.split("}").length);
    expect(text).not.toContain("retool/otlp");
  });

  test("restarts the telemetry container when a secret's revision is raised", () => {
    const annotation = (revision: number): unknown => telemetryTargetValues({ ...otlp!, revision })["extraAnnotations"];

    expect(annotation(2)).not.toEqual(annotation(1));
    expect(telemetryTargetValues(undefined)).toEqual({});
  });
});
