import { CATALOG } from "../../../domain/catalog/catalog";
import { planEnvironment } from "../../../domain/environment/environment";
import type { EnvironmentSpec } from "../../../domain/environment/spec";
import type { AlarmPlan } from "../../../domain/observability/alarm";
import { METRICS } from "../../../domain/observability/metrics";
import { headroomName } from "../../../domain/nodes/headroom-manifests";
import { prod } from "../../support/environments/prod";
import { counts } from "../../support/log-filter";

/** What AWS writes about a metric. */
interface Documented {
  /** Dimensions by which it is published together, each set sorted. */
  readonly dimensions: readonly (readonly string[])[];
  /** Unit of its values. */
  readonly unit: "Count" | "Percent" | "Bytes" | "Seconds" | "Days";
  /** Statistics that say something. */
  readonly statistics: readonly string[];
  /** What it means that there is no value, by the side on which an alarm waits. */
  readonly silence: Partial<Record<AlarmPlan["wrong"], AlarmPlan["missing"]>>;
}

const [ELB, TARGET] = [[["LoadBalancer"]], [["LoadBalancer", "TargetGroup"]]];
const [ABOVE, BELOW] = ["GreaterThanThreshold", "LessThanThreshold"] as const;
/** Reported only where something happened, or while the thing runs; that it does not run is said by another alarm. */
const QUIET = { [ABOVE]: "notBreaching", [BELOW]: "notBreaching" } as const;
const INSTANCE = [["DBInstanceIdentifier"]];
const [CLUSTER, POD] = [["ClusterName"], ["ClusterName", "Namespace", "PodName"]];
const ANY = ["Average", "Maximum", "Minimum", "Sum"];

/**
 * Written down from AWS's pages and from the agent's source, not from the table that the alarms are made of.
 *
 * Sources: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html,
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-metrics.html,
 * https://docs.aws.amazon.com/acm/latest/userguide/cloudwatch-metrics.html,
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Container-Insights-metrics-enhanced-EKS.html and
 * https://github.com/aws/amazon-cloudwatch-agent (translator/translate/otel/exporter/awsemf/kubernetes.go).
 */
const DOCUMENTED: Readonly<Record<string, Documented>> = {
  // "Reporting criteria: There is a nonzero value."
  "AWS/ApplicationELB HTTPCode_ELB_5XX_Count": { dimensions: ELB, unit: "Count", statistics: ["Sum"], silence: QUIET },
  "AWS/ApplicationELB HTTPCode_Target_5XX_Count": {
    dimensions: TARGET,
    unit: "Count",
    statistics: ["Sum"],
    silence: QUIET,
  },
  "AWS/ApplicationELB RequestCount": { dimensions: ELB, unit: "Count", statistics: ["Sum"], silence: QUIET },
  "AWS/ApplicationELB TargetResponseTime": {
    dimensions: TARGET,
    unit: "Seconds",
    statistics: ["Average", "p90"],
    silence: QUIET,
  },
  // "Reporting criteria: Reported if there are registered targets": none registered is the fault itself.
  "AWS/ApplicationELB HealthyHostCount": {
    dimensions: TARGET,
    unit: "Count",
    statistics: ["Average", "Minimum", "Maximum"],
    silence: { [BELOW]: "breaching" },
  },
  "AWS/ApplicationELB UnHealthyHostCount": {
    dimensions: TARGET,
    unit: "Count",
    statistics: ["Average", "Minimum", "Maximum"],
    silence: QUIET,
  },
  "AWS/RDS CPUUtilization": { dimensions: INSTANCE, unit: "Percent", statistics: ANY, silence: QUIET },
  "AWS/RDS FreeableMemory": { dimensions: INSTANCE, unit: "Bytes", statistics: ANY, silence: QUIET },
  "AWS/RDS FreeStorageSpace": { dimensions: INSTANCE, unit: "Bytes", statistics: ANY, silence: QUIET },
  "AWS/RDS DatabaseConnections": { dimensions: INSTANCE, unit: "Count", statistics: ANY, silence: QUIET },
  // Twice a day, and no more once the certificate has expired.
  "AWS/CertificateManager DaysToExpiry": {
    dimensions: [["CertificateArn"]],
    unit: "Days",
    statistics: ["Average", "Minimum", "Maximum"],
    silence: { [BELOW]: "ignore" },
  },
  "ContainerInsights pod_status_pending": { dimensions: [CLUSTER], unit: "Count", statistics: ANY, silence: QUIET },
  "ContainerInsights pod_number_of_container_restarts": {
    dimensions: [CLUSTER, POD],
    unit: "Count",
    statistics: ANY,
    silence: QUIET,
  },
  "ContainerInsights pod_container_status_waiting_reason_crash_loop_back_off": {
    dimensions: [CLUSTER, POD],
    unit: "Count",
    statistics: ANY,
    silence: QUIET,
  },
  "ContainerInsights cluster_failed_node_count": {
    dimensions: [CLUSTER],
    unit: "Count",
    statistics: ANY,
    silence: QUIET,
  },
  "ContainerInsights cluster_node_count": { dimensions: [CLUSTER], unit: "Count", statistics: ANY, silence: QUIET },
  // Without the Deployment, and without an agent that measures, there is no value: one alarm must notice both.
  "ContainerInsights status_replicas_available": {
    dimensions: [POD],
    unit: "Count",
    statistics: ANY,
    silence: { [BELOW]: "breaching", [ABOVE]: "notBreaching" },
  },
  "ContainerInsights namespace_number_of_running_pods": {
    dimensions: [["ClusterName", "Namespace"]],
    unit: "Count",
    statistics: ANY,
    silence: QUIET,
  },
};

/** Thresholds that make sense in a unit. */
const RANGES: Readonly<Record<Documented["unit"], readonly [number, number]>> = {
  Count: [0, 10_000],
  Percent: [1, 100],
  Bytes: [64 * 1024 ** 2, 64 * 1024 ** 4],
  Seconds: [0.1, 60],
  Days: [1, 60],
};

const plan = planEnvironment({ ...prod, egress: { level: "firewall" } });
const { alarms, logs, dashboard } = plan.observability;
const ringing = alarms?.alarms ?? [];
const used = [...ringing, ...(dashboard?.graphs ?? []).flatMap(({ lines }) => lines)];
const isOurs = ({ metric }: Pick<AlarmPlan, "metric">): boolean => metric.namespace.startsWith("cdktf-retool/");
const ofAws = used.filter((each) => !isOurs(each));
const documented = ({ metric }: Pick<AlarmPlan, "metric">): Documented | undefined =>
  DOCUMENTED[`${metric.namespace} ${metric.metricName}`];

describe("the metrics of alarms and dashboard", () => {
  test("are published with exactly the dimensions that the alarms ask for", () => {
    const wrong = ofAws.filter((each) => {
      const asked = JSON.stringify(Object.keys(each.dimensions).sort());
      return documented(each)?.dimensions.some((set) => JSON.stringify(set) === asked) !== true;
    });

    expect(ofAws.length).toBeGreaterThan(20);
    expect(wrong).toEqual([]);
  });

  test("are summarized by a statistic that says something", () => {
    expect(ofAws.filter((each) => documented(each)?.statistics.includes(each.statistic) !== true)).toEqual([]);
  });

  test("are all of the table, and the table has no other", () => {
    const names = new Set(ofAws.map(({ metric }) => metric.metricName));

    expect(Object.values(METRICS).filter(({ metricName }) => !names.has(metricName))).toEqual([]);
    expect(Object.keys(DOCUMENTED).filter((key) => !names.has(key.split(" ")[1] ?? ""))).toEqual([]);
  });

  test("that are counted here are counted by a filter of the same name", () => {
    const own = used.filter(isOurs).map(({ metric }) => metric);

    expect(own).toEqual([
      ...(logs?.counts ?? []).map(({ metric }) => metric),
      ...[
        "RefusedNames",
        "RefusedLicenceHost",
        "FirewallRejected",
        "FirewallDropped",
        "HomeNetLacksRange",
        "FirewallRejectedLicenceHost",
      ].map((metricName) => ({ namespace: "cdktf-retool/retool-prod", metricName, dimensions: [] })),
    ]);
  });
});

describe("services that no health check of the load balancer watches", () => {
  const alarmsOf = (retool: EnvironmentSpec["retool"]): AlarmPlan[] =>
    (planEnvironment({ ...prod, retool }).observability.alarms?.alarms ?? []).filter(
      ({ runbook }) => runbook === "not-ready",
    );
  const watched = (retool: EnvironmentSpec["retool"]): unknown[] =>
    alarmsOf(retool).map(({ dimensions }) => dimensions["PodName"]);
  const always = [
    "retool-workflow-worker",
    "retool-workflow-backend",
    "retool-code-executor",
    "retool-js-executor",
    "retool-agent-sandbox-controller",
    "retool-r2-agent-worker",
  ];

  test("have an alarm each, for when no pod of theirs is ready", () => {
    expect(watched({}).sort()).toEqual([...always].sort());
    expect(watched({ features: { agents: true, mcp: true, multiplayer: true } }).sort()).toEqual(
      [...always, "retool-agent-worker", "retool-agent-eval-worker", "retool-mcp"].sort(),
    );
  });

  test("say what users lose, with every feature", () => {
    const all = alarmsOf({ features: { agents: true, mcp: true, multiplayer: true, dbconnector: true } });
    const says = all.map((alarm) => alarm.says);

    expect(says).toContain("No pod of workflow-worker has been available for 15 minutes: workflows stop");
    expect(says.filter((text) => !/^No pod of [\w-]+ has been available for 15 minutes: \w/.test(text))).toEqual([]);
    expect(ringing.filter((alarm) => alarm.says.includes("Prometheus"))).toEqual([]);
  });
});

describe("each alarm", () => {
  test.each(ringing.filter((alarm) => !isOurs(alarm)).map((alarm) => [alarm.name, alarm] as const))(
    "%s has a threshold in the metric's unit, and silence means what it should",
    (_, alarm) => {
      const { unit = "Count", silence } = documented(alarm) ?? {};
      const [least, most] = RANGES[unit];

      expect(alarm.threshold).toBeGreaterThanOrEqual(least);
      expect(alarm.threshold).toBeLessThanOrEqual(most);
      // Of the alarms on Deployments, only that of jobs-runner tells silence.
      const tells = alarm.runbook === "not-ready" ? "notBreaching" : silence?.[alarm.wrong];
      expect(alarm.missing ?? "notBreaching").toBe(tells);
    },
  );

  test("that counts lines is quiet where there is none", () => {
    expect(ringing.filter(isOurs).filter(({ missing }) => missing !== undefined)).toEqual([]);
  });

  test("looks back a day at most, which is CloudWatch's limit", () => {
    expect(ringing.filter(({ periods, periodSeconds }) => periods * periodSeconds > 86_400)).toEqual([]);
  });
});

/**
 * A line of Karpenter's log as Fluent Bit sends it with `Merge_Log`: the line, and what its JSON says under `log_processed`.
 *
 * Source: https://docs.fluentbit.io/manual/pipeline/filters/kubernetes
 */
function karpenterLine(level: string, message: string, more: Readonly<Record<string, string>> = {}): object {
  const said = {
    level,
    time: "2026-11-29T12:00:00.590Z",
    logger: "controller",
    message,
    commit: "490ef94",
    controller: "nodeclaim.lifecycle",
    controllerGroup: "karpenter.sh",
    controllerKind: "NodeClaim",
    NodeClaim: { name: "sandbox-hmqzq" },
    namespace: "",
    name: "sandbox-hmqzq",
    error: "creating instance, insufficient capacity, with fleet error(s), VcpuLimitExceeded",
    ...more,
  };
  return {
    time: "2026-11-29T12:00:00.590123456Z",
    stream: "stdout",
    _p: "F",
    log: JSON.stringify(said),
    log_processed: said,
    kubernetes: { pod_name: "karpenter-0", namespace_name: "kube-system", container_name: "controller" },
  };
}

describe("the filter of Karpenter's log", () => {
  const filter = logs?.counts.find(({ name }) => name === "launch-failures");

  test("counts a node that could not be launched, and nothing else", () => {
    const counted = (line: object): boolean => filter !== undefined && counts(filter, line);

    expect(counted(karpenterLine("ERROR", "failed launching nodeclaim"))).toBe(true);
    expect(counted(karpenterLine("INFO", "launched nodeclaim"))).toBe(false);
    const refused =
      "launching nodeclaim, creating instance, operation error EC2: CreateFleet, api error UnauthorizedOperation";
    expect(counted(karpenterLine("ERROR", "Reconciler error", { error: refused }))).toBe(true);
    expect(counted(karpenterLine("ERROR", "Reconciler error", { error: "terminating nodeclaim, not found" }))).toBe(
      false,
    );
    expect(counted({ time: "2026-11-29T12:00:00Z", stream: "stdout", log: "failed launching nodeclaim" })).toBe(false);
  });

  test("reads the key under which the agent's configuration puts the line's JSON", () => {
    const text = JSON.stringify(logs?.addon.configuration);

    expect(text).toContain("Merge_Log On\\n    Merge_Log_Key log_processed");
    expect(filter?.pattern).toContain("$.log_processed.level");
  });
});

/**
 * A pod that the API server knows and no node has, as the agent writes it, cut to what matters.
 *
 * Sources: getPendingPodStatusMetrics of the receiver awscontainerinsightreceiver, and
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Container-Insights-reference-performance-logs-EKS.html
 */
function podLine(name: string, labels: Readonly<Record<string, string>> | undefined, isScheduled = false): object {
  return {
    ClusterName: "retool-prod",
    Namespace: "retool",
    PodName: name,
    Type: "Pod",
    pod_status: "Pending",
    pod_status_pending: 1,
    pod_status_scheduled: isScheduled ? 1 : 0,
    kubernetes: { namespace_name: "retool", pod_id: "1", ...(labels && { labels }) },
  };
}

const minutes = (length: number, pods: number): number[] => Array.from({ length }, () => pods);
const sumOf = (counted: readonly number[]): number => counted.reduce((sum, pods) => sum + pods, 0);

describe("the filter of pods that wait for a node", () => {
  const filter = logs?.counts.find(({ name }) => name === "waiting-pods");
  const counted = (line: object): boolean => filter !== undefined && counts(filter, line);

  test("counts pods of Retool and of the cluster", () => {
    expect(filter?.group).toBe("performance");
    expect(counted(podLine("retool", { retoolService: "retool" }))).toBe(true);
    expect(counted(podLine("coredns", { "k8s-app": "kube-dns" }))).toBe(true);
    expect(counted(podLine("bare", undefined))).toBe(true);
  });

  test("counts no pod that has a node and only pulls its image, and nothing else that is measured", () => {
    expect(counted(podLine("retool", { retoolService: "retool" }, true))).toBe(false);
    expect(counted({ Type: "ClusterNamespace", Namespace: "retool", namespace_number_of_running_pods: 9 })).toBe(false);
  });

  test("counts neither sandboxes nor the placeholders that give way to them: a busy pool is not a fault", () => {
    expect(counted(podLine("sandbox-7f3a", { ...CATALOG.sandbox.labels }))).toBe(false);
    expect(counted(podLine(headroomName(plan.cluster.pools), { app: "headroom" }))).toBe(false);
  });

  const alarm = ringing.find(({ name }) => name === "pods-pending");

  test.each<[string, boolean, number[][]]>([
    ["one pod that waits all the time", true, [minutes(5, 1), minutes(5, 1), minutes(5, 1)]],
    ["the same, where a measurement falls into the next period", true, [minutes(4, 1), minutes(6, 1), minutes(5, 1)]],
    ["a rollout of four pods that each wait a minute", false, [[4, 0, 0, 0, 0], minutes(5, 0), minutes(5, 0)]],
    [
      "a rollout whose pods wait one after the other for ten minutes",
      false,
      [minutes(5, 1), minutes(5, 1), [1, 0, 0, 0, 0]],
    ],
    [
      "three waits of a minute in each period",
      false,
      [
        [1, 1, 1, 0, 0],
        [3, 0, 0, 0, 0],
        [0, 1, 0, 1, 1],
      ],
    ],
    // No pod has waited for long, so the text speaks of all pods together.
    [
      "a long rollout with four waits of a minute in each period",
      true,
      [
        [4, 0, 0, 0, 0],
        [4, 0, 0, 0, 0],
        [4, 0, 0, 0, 0],
      ],
    ],
  ])("%s: rings %s", (_, expected, waiting) => {
    const { threshold = 0 } = alarm ?? {};

    expect(alarm).toMatchObject({ metric: filter?.metric, statistic: "Sum", wrong: ABOVE });
    expect(waiting.every((period) => sumOf(period) > threshold)).toBe(expected);
  });

  test("says what is measured: no single pod, but the waits of all", () => {
    expect(alarm?.says).toMatch(
      /^In each of three 5-minute periods pods of the platform waited for a node for more than 3 minutes altogether: /,
    );
    expect(alarm).toMatchObject({ threshold: 3, periods: 3, periodSeconds: 300 });
  });
});
