import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

import {
  loadBalancerController,
  loadBalancerControllerStatements,
  loadBalancerControllerValues,
} from "../../domain/cluster/load-balancer-controller";
import { boundedName, ROLE_NAME_LIMIT } from "../../domain/common/names";
import { versions } from "../../domain/versions/pins";
import type { ICluster, IFrontDoor, INetwork, IWorkloads } from "../common/contracts";
import { PodIdentity } from "../common/pod-identity";

/** Construction properties for {@link LoadBalancerController}. */
export interface LoadBalancerControllerProps {
  /** Cluster whose pods are bound. */
  readonly cluster: ICluster;
  /** Name the cluster has in the plan, for the name of the role. */
  readonly prefix: string;
  /** Region of the cluster. */
  readonly region: string;
  /** Network of the cluster. */
  readonly network: INetwork;
  /** Load balancer whose target groups are filled. */
  readonly frontDoor: Pick<IFrontDoor, "targets">;
  /** Where the release goes. */
  readonly workloads: IWorkloads;
}

/**
 * The AWS Load Balancer Controller, cut down to one job: it keeps the addresses of pods in target groups.
 *
 * Load balancers, listeners, target groups and security group rules belong to Terraform. The control plane reaches the
 * controller's webhook without a separate rule, since it shares a security group with every node.
 */
export class LoadBalancerController extends Construct {
  /** Name of its role. */
  public readonly roleName: string;
  /** What must exist before a target group binding: the API refuses one while the controller does not answer. */
  public readonly ready: readonly ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: LoadBalancerControllerProps) {
    super(scope, id);

    const identity = this.defineIdentity(props);
    this.roleName = identity.roleName;
    this.ready = this.defineRelease(props, identity);
  }

  private defineIdentity({ cluster, prefix, frontDoor }: LoadBalancerControllerProps): PodIdentity {
    return new PodIdentity(this, "Identity", {
      clusterName: cluster.clusterName,
      roleName: boundedName(`${prefix}-load-balancer-controller`, ROLE_NAME_LIMIT),
      namespace: loadBalancerController.namespace,
      serviceAccount: loadBalancerController.name,
      statements: loadBalancerControllerStatements(frontDoor.targets.map(({ targetGroupArn }) => targetGroupArn)),
    });
  }

  private defineRelease(
    { cluster, region, network, workloads }: LoadBalancerControllerProps,
    identity: PodIdentity,
  ): readonly ITerraformDependable[] {
    return workloads.helmRelease(this, "Release", {
      name: loadBalancerController.name,
      namespace: loadBalancerController.namespace,
      chart: { kind: "repository", ...versions.charts.loadBalancerController },
      values: loadBalancerControllerValues({ clusterName: cluster.clusterName, region, vpcId: network.vpcId }),
      timeoutSeconds: loadBalancerController.timeoutSeconds,
      hasPods: true,
      installsCrds: true,
      failsClosed: true,
      after: [...cluster.nodesReady, ...identity.ready, ...network.egressReady],
    });
  }
}
