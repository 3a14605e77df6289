import { Construct } from "constructs";

import type { ICertificate, IEncryptionKey, IFrontDoor } from "../constructs/common/contracts";
import { Alarms } from "../constructs/observability/alarms";
import { Dashboard } from "../constructs/observability/dashboard";
import type { WatchedResources } from "../constructs/observability/dimensions";
import type { DatabaseSource } from "../domain/observability/database-alarms";
import { type PlainObservabilitySpec, planPlainObservability } from "../domain/observability/plain";
import { collectLogs, type LoggedCluster } from "../stacks/watch";
import { EncryptionKey } from "./encryption-key";
import type { KubernetesHost } from "./kubernetes-host";
import { type CommonProps, contextOf, partName, planned, settingsOf } from "./scope";
import { tag } from "./tags";

/** An RDS instance, as alarms need to know it. */
export interface WatchedDatabase {
  /** Identifier of the instance. */
  readonly instanceIdentifier: string;
  /** Memory, storage and connections, by which alarms are set. */
  readonly capacity: Omit<DatabaseSource, "identifier">;
}

/** Settings of {@link Observability}; what is left out is not watched. */
export interface ObservabilityProps extends CommonProps, PlainObservabilitySpec {
  /**
   * Cluster whose pods and nodes write logs and metrics to CloudWatch.
   *
   * @default - none
   */
  readonly cluster?: KubernetesHost;
  /**
   * Database instance.
   *
   * @default - none
   */
  readonly database?: WatchedDatabase;
  /**
   * Load balancer.
   *
   * @default - none
   */
  readonly frontDoor?: Pick<IFrontDoor, "arnSuffix" | "targets">;
  /**
   * Certificate whose end is told 30 days ahead.
   *
   * @default - none
   */
  readonly certificate?: ICertificate;
  /**
   * Key of logs and topic; its policy must let CloudWatch Logs, CloudWatch and EventBridge use it.
   *
   * @default - a new one
   */
  readonly encryptionKey?: IEncryptionKey;
}

/**
 * Logs of a cluster, alarms and a dashboard of what is next to it: cluster, database, load balancer.
 *
 * About $0.10 a month for each alarm, $3 for the dashboard, and what CloudWatch takes for logs and metrics.
 *
 * @example
 * ```ts
 * new Observability(this, "Observability", { cluster, database, frontDoor, certificate, addresses: ["operators@example.com"] });
 * ```
 * @throws `ConfigurationError` with every problem of the settings.
 */
export class Observability extends Construct {
  /** ARN of the topic of the alarms. */
  public readonly topicArn: string;

  public constructor(scope: Construct, id: string, props: ObservabilityProps) {
    super(scope, id);
    tag(this, props.tags);
    const { cluster, database, frontDoor, certificate, encryptionKey, ...spec } = settingsOf(props);
    const context = contextOf(scope, id, props);
    const { account, region } = context;
    const watched = {
      cluster,
      database: database && { identifier: database.instanceIdentifier, ...database.capacity },
      targets: frontDoor?.targets.map(({ name }) => name),
      certificate: certificate !== undefined,
    };
    const plan = planned([scope, id, props], planPlainObservability(spec, context, watched), "");
    const { alarms, dashboard, prefix } = plan;
    const key = encryptionKey ?? this.defineKey(props);
    const resources = resourcesIn(props);
    if (cluster !== undefined)
      collectLogs(this, { plan: { observability: plan, context }, keys: { logs: key }, ...placeOf(cluster) });
    const shared = { prefix, account, resources, keyArns: [], encryptionKey: key };
    const { topicArn, alarmArns } = new Alarms(this, "Alarms", { plan: alarms, ...shared });
    this.topicArn = topicArn;
    if (dashboard !== undefined) new Dashboard(this, "Dashboard", { plan: dashboard, region, resources, alarmArns });
  }

  private defineKey(props: ObservabilityProps): IEncryptionKey {
    const services = ["cloudwatch-logs", "cloudwatch-alarms", "eventbridge"] as const;
    return new EncryptionKey(this, "Key", {
      ...partName(props, "key"),
      dataProtection: props.dataProtection,
      services,
    });
  }
}

function placeOf(cluster: KubernetesHost): LoggedCluster {
  const { network, workloads } = cluster;
  return { network, cluster, workloads };
}

function resourcesIn({ frontDoor, certificate }: ObservabilityProps): WatchedResources {
  return {
    loadBalancer: frontDoor?.arnSuffix ?? "",
    targetGroups: new Map(frontDoor?.targets.map(({ name, targetGroupArnSuffix }) => [name, targetGroupArnSuffix])),
    certificateArn: certificate?.certificateArn ?? "",
  };
}
