import { Construct } from "constructs";

import { ClusterAddons } from "../constructs/cluster/cluster-addons";
import type { ICluster, IFrontDoor, INetwork, IWorkloads } from "../constructs/common/contracts";
import { SystemNetworkPolicies } from "../constructs/network-policies/system-network-policies";
import { Alarms } from "../constructs/observability/alarms";
import { ClusterLogs } from "../constructs/observability/cluster-logs";
import { Dashboard } from "../constructs/observability/dashboard";
import type { WatchedResources } from "../constructs/observability/dimensions";
import type { EnvironmentPlan } from "../domain/environment/environment";
import { logsPolicies, type LogsPlan } from "../domain/observability/logs";
import type { Keys } from "./foundation";

/** What {@link Watch} is made from. */
export interface WatchProps {
  /** The environment. */
  readonly plan: EnvironmentPlan;
  /** Its keys. */
  readonly keys: Keys;
  /** Network of the cluster. */
  readonly network: INetwork;
  /** The cluster. */
  readonly cluster: ICluster;
  /** The load balancer. */
  readonly frontDoor: IFrontDoor;
  /** ARN of the load balancer's certificate. */
  readonly certificateArn: string;
  /** Where Kubernetes objects go. */
  readonly workloads: IWorkloads;
}

/** Logs, alarms and dashboard of an environment. */
export class Watch extends Construct {
  public constructor(scope: Construct, id: string, props: WatchProps) {
    super(scope, id);
    const { plan, keys, frontDoor, certificateArn } = props;
    const { logs, alarms, dashboard, prefix } = plan.observability;
    const { account, region } = plan.context;
    const resources: WatchedResources = {
      loadBalancer: frontDoor.arnSuffix,
      targetGroups: new Map(frontDoor.targets.map(({ name, targetGroupArnSuffix }) => [name, targetGroupArnSuffix])),
      certificateArn,
    };
    if (logs !== undefined) this.defineLogs(logs, props);
    if (alarms !== undefined) {
      const keyArns = [keys.cluster, keys.data, keys.logs].flatMap((key) => key?.keyArn ?? []);
      new Alarms(this, "Alarms", { plan: alarms, prefix, account, resources, keyArns, encryptionKey: keys.logs });
    }
    if (dashboard !== undefined) new Dashboard(this, "Dashboard", { plan: dashboard, region, resources });
  }

  /** EKS waits until the pods of the add-on run, which need their namespace's policies, their role and their log groups. */
  private defineLogs(logs: LogsPlan, { keys, network, cluster, workloads }: WatchProps): void {
    const { clusterName } = cluster;
    const groups = new ClusterLogs(this, "Logs", { plan: logs, clusterName, encryptionKey: keys.logs });
    const namespace = workloads.namespace(this, "LogsNamespace", {
      manifest: logs.namespace,
      after: cluster.apiReady,
    });
    const policies = new SystemNetworkPolicies(this, "LogsPolicies", {
      policies: logsPolicies([network.vpcCidr, ...(network.secondaryCidrs ?? [])]),
      workloads,
      after: namespace,
    });
    new ClusterAddons(this, "LogsAddon", {
      addons: [logs.addon],
      cluster,
      after: [...cluster.nodesReady, ...namespace, ...policies.ready, ...groups.ready],
    });
  }
}
