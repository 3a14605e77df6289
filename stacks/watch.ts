import { Construct } from "constructs";

import { ClusterAddons } from "../constructs/cluster/cluster-addons";
import type { ICluster, IFrontDoor, INetwork, IWorkloads } from "../constructs/common/contracts";
import { SystemNetworkPolicies } from "../constructs/network-policies/system-network-policies";
import { Alarms } from "../constructs/observability/alarms";
import { keepFormer } from "../constructs/common/render-blocks";
import { AUDIT_BUCKET_RESOURCES } from "../constructs/observability/audit-bucket";
import { ClusterLogs } from "../constructs/observability/cluster-logs";
import { Dashboard } from "../constructs/observability/dashboard";
import type { WatchedResources } from "../constructs/observability/dimensions";
import type { EnvironmentContext } from "../domain/common/context";
import type { EnvironmentPlan } from "../domain/environment/environment";
import { logsPolicies } from "../domain/observability/logs";
import type { ObservabilityPlan } from "../domain/observability/observability";
import type { Keys } from "./foundation";

/** What {@link Watch} is made from. */
export interface WatchProps {
  /** The environment. */
  readonly plan: EnvironmentPlan;
  /** Its keys. */
  readonly keys: Keys;
  /** The load balancer. */
  readonly frontDoor: IFrontDoor;
  /** ARN of the load balancer's certificate. */
  readonly certificateArn: string;
  /**
   * The cluster whose logs are collected.
   *
   * @default - another stack collects them
   */
  readonly logged?: LoggedCluster;
}

/** A cluster whose logs are collected. */
export interface LoggedCluster {
  /** Network of the cluster. */
  readonly network: INetwork;
  /** The cluster. */
  readonly cluster: ICluster;
  /** Where Kubernetes objects go. */
  readonly workloads: IWorkloads;
}

/** Logs, alarms and dashboard of an environment. */
export class Watch extends Construct {
  public constructor(scope: Construct, id: string, props: WatchProps) {
    super(scope, id);
    const { plan, keys, frontDoor, certificateArn, logged } = props;
    const { alarms, dashboard, prefix } = plan.observability;
    const { account, region } = plan.context;
    const resources: WatchedResources = {
      loadBalancer: frontDoor.arnSuffix,
      targetGroups: new Map(frontDoor.targets.map(({ name, targetGroupArnSuffix }) => [name, targetGroupArnSuffix])),
      certificateArn,
    };
    if (logged !== undefined) collectLogs(this, { plan, keys, ...logged });
    let alarmArns: readonly string[] = [];
    if (alarms !== undefined) {
      const keyArns = [keys.cluster, keys.data, keys.backup, keys.logs].flatMap((key) => key?.keyArn ?? []);
      const shared = { prefix, account, resources, keyArns, encryptionKey: keys.logs };
      alarmArns = new Alarms(this, "Alarms", { plan: alarms, ...shared }).alarmArns;
    }
    if (dashboard !== undefined) new Dashboard(this, "Dashboard", { plan: dashboard, region, resources, alarmArns });
  }
}

/** Where logs go. */
export interface LogsOf {
  /** What is collected. */
  readonly plan: {
    readonly observability: Pick<ObservabilityPlan, "logs">;
    readonly context: Pick<EnvironmentContext, "dataProtection">;
  };
  /** Key of the log groups; its policy must let CloudWatch Logs use it. */
  readonly keys: Pick<Keys, "logs">;
}

/**
 * Collects the logs of a cluster's pods, where the plan says so.
 *
 * EKS waits until the pods of the add-on run, which need their namespace's policies, their role and their log groups. A bucket of
 * audit events that was made before and is not wanted now stays in the account with what guards it.
 */
export function collectLogs(scope: Construct, props: LoggedCluster & LogsOf): void {
  const { plan, keys, network, cluster, workloads } = props;
  const { logs } = plan.observability;
  if (logs?.auditBucket === undefined)
    keepFormer(scope, plan.context.dataProtection, AUDIT_BUCKET_RESOURCES, "Logs/AuditBucket");
  if (logs === undefined) return;
  const { clusterName } = cluster;
  const groups = new ClusterLogs(scope, "Logs", { plan: logs, clusterName, encryptionKey: keys.logs });
  const namespace = workloads.namespace(scope, "LogsNamespace", { manifest: logs.namespace, after: cluster.apiReady });
  const policies = new SystemNetworkPolicies(scope, "LogsPolicies", {
    policies: logsPolicies([network.vpcCidr, ...(network.secondaryCidrs ?? [])]),
    workloads,
    after: namespace,
  });
  new ClusterAddons(scope, "LogsAddon", {
    addons: [logs.addon],
    cluster,
    after: [...cluster.nodesReady, ...namespace, ...policies.ready, ...groups.ready],
  });
}
