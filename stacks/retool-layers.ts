import type { App } from "cdktf";
import { Construct } from "constructs";

import type { ICluster } from "../constructs/common/contracts";
import { ConfigurationError } from "../domain/common/violation";
import { type EnvironmentPlan, planEnvironment } from "../domain/environment/environment";
import { layerStack } from "../domain/environment/layers";
import type { EnvironmentSpec } from "../domain/environment/spec";
import type { TerraformJson } from "../domain/lifecycle/retained-data";
import { defineCluster, obeyOrganization } from "./cluster";
import { EnvironmentStack } from "./environment-stack";
import { Foundation } from "./foundation";
import { guardCluster, guardFoundation } from "./layer-guard";
import { Nodes } from "./nodes";
import { plannedCluster, PlannedFoundation } from "./planned-layers";
import { PlatformStack } from "./platform-stack";
import { RetoolStack } from "./retool-stack";
import { collectLogs } from "./watch";

/** The construct below which a layer has the same paths, and so the same addresses, as the one stack. */
const ROOT = "Retool";

/** The lowest layer: KMS keys, network, endpoints and firewalls. */
export class FoundationStack extends EnvironmentStack {
  /** What the layer has made. */
  public readonly foundation: Foundation;

  public constructor(app: App, plan: EnvironmentPlan) {
    super(app, plan, layerStack(plan, "foundation"));
    obeyOrganization(this, plan);
    this.foundation = new Foundation(new Construct(this, ROOT), "Foundation", { plan });
    guardFoundation(this, plan);
    this.refusePlaceholders(plan);
  }

  /** All of it stays: the data in the layer above is encrypted with its keys and lives in its network. */
  protected override retain(json: TerraformJson): TerraformJson {
    return json;
  }
}

/** The middle layer: the EKS cluster with its add-ons, system nodes, Karpenter, node pools and logs. */
export class ClusterStack extends EnvironmentStack {
  /** The cluster. */
  public readonly cluster: ICluster;

  public constructor(app: App, plan: EnvironmentPlan) {
    super(app, plan, layerStack(plan, "cluster"));
    obeyOrganization(this, plan);
    const { keys, network } = new PlannedFoundation(this, "Below", { plan });
    const root = new Construct(this, ROOT);
    const kubernetes = defineCluster(root, { plan, network, keys });
    const workloads = this.workloadsOf(plan, kubernetes.api);
    this.cluster = kubernetes.withNodes(workloads);
    const inCluster = { plan, network, cluster: this.cluster, workloads };
    collectLogs(new Construct(root, "Watch"), { ...inCluster, keys });
    new Nodes(root, "Nodes", { ...inCluster, encryptionKey: keys.data });
    guardCluster(this, plan);
    this.refusePlaceholders(plan);
  }
}

/**
 * One Retool environment as three stacks with separate states: `<name>-foundation`, `<name>-cluster` and `<name>-retool`.
 *
 * They are the constructs of {@link RetoolStack} under the same addresses. A layer finds what it stands on by names that follow
 * from the same plan, when Terraform plans; none reads the state of another. `cdktf deploy '<name>-*'` deploys them in order.
 *
 * @throws `ConfigurationError` with every violation before any construct is made.
 */
export class RetoolLayers {
  /** Keys and network. */
  public readonly foundation: FoundationStack;
  /** The cluster. */
  public readonly cluster: ClusterStack;
  /** Database, bucket, secrets, load balancer, and Retool. */
  public readonly retool: PlatformStack;

  public constructor(app: App, spec: EnvironmentSpec) {
    const plan = planEnvironment(spec);
    if (!plan.layers)
      throw new ConfigurationError([
        {
          path: "layers",
          problem: "is false, and RetoolLayers are three stacks",
          remedy: "use true, which the commands read as well",
        },
      ]);
    this.foundation = new FoundationStack(app, plan);
    this.cluster = new ClusterStack(app, plan);
    this.cluster.addDependency(this.foundation);
    this.retool = new PlatformStack(app, plan, layerStack(plan, "retool"), (stack) => ({
      foundation: new PlannedFoundation(stack, "Below", { plan }),
      cluster: plannedCluster(stack, "BelowCluster", { plan }),
    }));
    this.retool.addDependency(this.foundation);
    this.retool.addDependency(this.cluster);
  }
}

/** Defines the stack of an environment, or its three where it has `layers`. */
export function defineEnvironment(app: App, spec: EnvironmentSpec): RetoolLayers | PlatformStack {
  return spec.layers === true ? new RetoolLayers(app, spec) : new RetoolStack(app, spec);
}
