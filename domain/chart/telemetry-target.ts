import { hashOf } from "../common/names";
import type { JsonObject } from "../common/kubernetes";
import type { TelemetryTargetPlan } from "../retool/telemetry-target";

/** Kubernetes Secret with what lets the telemetry pod in. */
export const TELEMETRY_SECRET = "retool-telemetry-target";

/** Names of our parts among those that the pod's own configuration has. */
const NAME = "own_target";

/**
 * What the telemetry pod of the chart sends where the team says, by the keys that the chart keeps open for it.
 *
 * The inputs of Vector are those that the chart names; Alloy reads logs and metrics by itself, since Vector's metrics do not fit OTLP.
 * Sources: `telemetry` in the values of chart 6.11.21, https://docs.retool.com/4.86/self-hosted/self-managed/guides/telemetry,
 * https://vector.dev/docs/reference/configuration/sinks/, https://grafana.com/docs/alloy/latest/reference/components/
 */
export function telemetryTargetValues(target: TelemetryTargetPlan | undefined): JsonObject {
  if (target === undefined) return {};
  const revision = hashOf(JSON.stringify([target.secrets, target.revision]));
  const variables = Object.keys(target.secrets);
  return {
    extraEnv: variables.map((name) => ({ name, valueFrom: { secretKeyRef: { name: TELEMETRY_SECRET, key: name } } })),
    extraAnnotations: { "cdktf-retool/telemetry-target-revision": String(revision) },
    ...(target.kind === "datadog"
      ? { customVectorConfig: datadogSinks(target) }
      : { customGrafanaAgentConfig: otlpPipeline(target) }),
  };
}

function datadogSinks({ site, keyVariable }: Extract<TelemetryTargetPlan, { kind: "datadog" }>): JsonObject {
  const key = { default_api_key: `\${${keyVariable}}`, site };
  return {
    sinks: {
      [`${NAME}_logs`]: { type: "datadog_logs", inputs: ["container_logs"], ...key },
      [`${NAME}_metrics`]: { type: "datadog_metrics", inputs: ["metrics"], default_namespace: "retool", ...key },
    },
  };
}

/** Every log of the release, and the metrics of the containers that listen on 9090; variables of the pod name the release. */
const OTLP_INPUTS = `discovery.kubernetes "${NAME}" {
  role = "pod"
  namespaces {
    names = [env("RTEL_KUBE_NAMESPACE")]
  }
  selectors {
    role  = "pod"
    label = env("RTEL_KUBE_LABEL_SELECTOR")
  }
}

discovery.relabel "${NAME}_metrics" {
  targets = discovery.kubernetes.${NAME}.targets
  rule {
    source_labels = ["__meta_kubernetes_pod_container_port_number"]
    regex         = "9090"
    action        = "keep"
  }
  rule {
    source_labels = ["__meta_kubernetes_pod_name"]
    target_label  = "pod"
  }
}

prometheus.scrape "${NAME}" {
  targets         = discovery.relabel.${NAME}_metrics.output
  scrape_interval = "60s"
  forward_to      = [otelcol.receiver.prometheus.${NAME}.receiver]
}

otelcol.receiver.prometheus "${NAME}" {
  output {
    metrics = [otelcol.exporter.otlphttp.${NAME}.input]
  }
}

discovery.relabel "${NAME}_logs" {
  targets = discovery.kubernetes.${NAME}.targets
  rule {
    source_labels = ["__meta_kubernetes_pod_name"]
    target_label  = "pod"
  }
  rule {
    source_labels = ["__meta_kubernetes_pod_container_name"]
    target_label  = "container"
  }
}

loki.source.kubernetes "${NAME}" {
  targets    = discovery.relabel.${NAME}_logs.output
  forward_to = [otelcol.receiver.loki.${NAME}.receiver]
}

otelcol.receiver.loki "${NAME}" {
  output {
    logs = [otelcol.exporter.otlphttp.${NAME}.input]
  }
}

`;

function otlpPipeline({ endpoint, headers }: Extract<TelemetryTargetPlan, { kind: "otlp" }>): string {
  const values = Object.entries(headers).map(([header, variable]) => `      "${header}" = env("${variable}"),`);
  return `${OTLP_INPUTS}otelcol.exporter.otlphttp "${NAME}" {
  client {
    endpoint = "${endpoint}"
    headers  = {
${values.join("\n")}
    }
  }
}
`;
}
