/** A metric as the service that emits it documents it. */
export interface Metric {
  /** Namespace in CloudWatch. */
  readonly namespace: string;
  /** Name in the namespace. */
  readonly metricName: string;
  /** Names of the dimensions by which it is published together. */
  readonly dimensions: readonly string[];
}

const LOAD_BALANCER = "AWS/ApplicationELB";
const RDS = "AWS/RDS";
const CONTAINERS = "ContainerInsights";

/**
 * Every metric that an alarm or the dashboard uses. An alarm on dimensions that are not published together stays silent
 * forever, so each row is a set that its source lists.
 *
 * Sources: load balancer, https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html;
 * RDS, https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-metrics.html and dimensions.html;
 * ACM, https://docs.aws.amazon.com/acm/latest/userguide/cloudwatch-metrics.html;
 * Container Insights, https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Container-Insights-metrics-enhanced-EKS.html and
 * the declarations of the agent that emits them, https://github.com/aws/amazon-cloudwatch-agent
 * (translator/translate/otel/exporter/awsemf/kubernetes.go): a Deployment's name is the dimension `PodName`.
 */
export const METRICS = {
  loadBalancerErrors: {
    namespace: LOAD_BALANCER,
    metricName: "HTTPCode_ELB_5XX_Count",
    dimensions: ["LoadBalancer"],
  },
  targetErrors: {
    namespace: LOAD_BALANCER,
    metricName: "HTTPCode_Target_5XX_Count",
    dimensions: ["LoadBalancer", "TargetGroup"],
  },
  healthyTargets: {
    namespace: LOAD_BALANCER,
    metricName: "HealthyHostCount",
    dimensions: ["LoadBalancer", "TargetGroup"],
  },
  unhealthyTargets: {
    namespace: LOAD_BALANCER,
    metricName: "UnHealthyHostCount",
    dimensions: ["LoadBalancer", "TargetGroup"],
  },
  responseTime: {
    namespace: LOAD_BALANCER,
    metricName: "TargetResponseTime",
    dimensions: ["LoadBalancer", "TargetGroup"],
  },
  requests: { namespace: LOAD_BALANCER, metricName: "RequestCount", dimensions: ["LoadBalancer"] },
  databaseCpu: { namespace: RDS, metricName: "CPUUtilization", dimensions: ["DBInstanceIdentifier"] },
  databaseMemory: { namespace: RDS, metricName: "FreeableMemory", dimensions: ["DBInstanceIdentifier"] },
  databaseStorage: { namespace: RDS, metricName: "FreeStorageSpace", dimensions: ["DBInstanceIdentifier"] },
  databaseConnections: { namespace: RDS, metricName: "DatabaseConnections", dimensions: ["DBInstanceIdentifier"] },
  certificateDays: {
    namespace: "AWS/CertificateManager",
    metricName: "DaysToExpiry",
    dimensions: ["CertificateArn"],
  },
  pendingPods: { namespace: CONTAINERS, metricName: "pod_status_pending", dimensions: ["ClusterName"] },
  restarts: {
    namespace: CONTAINERS,
    metricName: "pod_number_of_container_restarts",
    dimensions: ["ClusterName"],
  },
  crashLoops: {
    namespace: CONTAINERS,
    metricName: "pod_container_status_waiting_reason_crash_loop_back_off",
    dimensions: ["ClusterName"],
  },
  podRestarts: {
    namespace: CONTAINERS,
    metricName: "pod_number_of_container_restarts",
    dimensions: ["PodName", "Namespace", "ClusterName"],
  },
  failedNodes: { namespace: CONTAINERS, metricName: "cluster_failed_node_count", dimensions: ["ClusterName"] },
  nodes: { namespace: CONTAINERS, metricName: "cluster_node_count", dimensions: ["ClusterName"] },
  availableReplicas: {
    namespace: CONTAINERS,
    metricName: "status_replicas_available",
    dimensions: ["PodName", "Namespace", "ClusterName"],
  },
  runningPods: {
    namespace: CONTAINERS,
    metricName: "namespace_number_of_running_pods",
    dimensions: ["Namespace", "ClusterName"],
  },
} as const satisfies Readonly<Record<string, Metric>>;
