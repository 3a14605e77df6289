import { type ITerraformDependable, TerraformStack } from "cdktf";
import type { Construct } from "constructs";

import { LoadBalancerController } from "../constructs/cluster/load-balancer-controller";
import { LoadBalancerRights } from "../constructs/cluster/load-balancer-rights";
import type {
  ICertificate,
  IEncryptionKey,
  INetwork,
  INetworkPeer,
  IWritableZone,
} from "../constructs/common/contracts";
import { FrontDoor as FrontDoorResources } from "../constructs/front-door/front-door";
import { keepFormerAccessLogs } from "../constructs/front-door/front-door-access-logs";
import { TargetGroupBindings } from "../constructs/front-door/target-group-bindings";
import { type PlainFrontDoorSpec, planPlainFrontDoor } from "../domain/front-door/plain";
import type { KubernetesHost } from "./kubernetes-host";
import { type CommonProps, contextOf, planned, settingsOf } from "./scope";
import { tag } from "./tags";

/** Settings of a {@link FrontDoor}; network, certificate, nodes and targets have no default. */
export interface FrontDoorProps extends CommonProps, PlainFrontDoorSpec {
  /** Network that holds it: its public subnets, or the private ones where access is `internal`. */
  readonly network: INetwork;
  /** Certificate of its HTTPS listener. */
  readonly certificate: ICertificate;
  /** Nodes whose pods it connects to, such as a cluster. */
  readonly nodes: INetworkPeer;
  /**
   * Names that lead to it. Without `zone` they have no effect: where DNS is elsewhere, point them at `dnsName` there.
   *
   * @default []
   */
  readonly names?: readonly string[];
  /**
   * Zone that gets a record for each name.
   *
   * @default - no record is made for `names`
   */
  readonly zone?: IWritableZone;
  /**
   * Key of the web application firewall's log; its policy must let CloudWatch Logs use it.
   *
   * @default - a key of CloudWatch Logs
   */
  readonly encryptionKey?: IEncryptionKey;
}

/**
 * An application load balancer with HTTPS, a redirect from HTTP, DNS records and a target group for each Service. About $20 a
 * month and traffic.
 *
 * @example
 * ```ts
 * const names = ["shop.example.com"];
 * const targets = { shop: { service: "shop", port: 8080, healthPath: "/healthz" } };
 * const frontDoor = new FrontDoor(this, "FrontDoor", { network, certificate, nodes: cluster, targets, zone, names });
 * frontDoor.serve(cluster, "shop");
 * ```
 * @throws `ConfigurationError` with every problem of the settings.
 */
export class FrontDoor extends FrontDoorResources {
  private readonly network: INetwork;
  private readonly prefix: string;
  private readonly region: string;

  public constructor(scope: Construct, id: string, props: FrontDoorProps) {
    const { network, certificate, nodes, zone, names = [], encryptionKey: logsKey, ...spec } = settingsOf(props);
    const context = contextOf(scope, id, props);
    const plan = planned([scope, id, props], planPlainFrontDoor(spec, context), "");
    super(scope, id, { plan, records: names, network, certificate, nodes, zone, logsKey });
    if (plan.accessLogs === undefined) keepFormerAccessLogs(this, context.dataProtection);
    tag(this, props.tags);
    this.network = network;
    this.prefix = context.prefix;
    this.region = context.region;
  }

  /**
   * Keeps the pods of the Services in the target groups: installs the AWS Load Balancer Controller, once a stack, with rights over
   * these groups only, and a TargetGroupBinding for each.
   *
   * In a cluster that has a controller already, only its role gets these rights.
   *
   * @param cluster - Cluster of the Services.
   * @param namespace - Namespace of the Services.
   * @param after - What must exist before: the namespace, if Terraform makes it.
   */
  public serve(
    cluster: KubernetesHost,
    namespace: string,
    after: readonly ITerraformDependable[] = [],
  ): readonly ITerraformDependable[] {
    const { workloads } = cluster;
    const ready = this.controllerFor(cluster);
    return new TargetGroupBindings(this, "Bindings", {
      targets: this.targets,
      namespace,
      workloads,
      after: [...ready, ...after],
    }).ready;
  }

  /** The stack's controller, which gets rights over these target groups. */
  private controllerFor(cluster: KubernetesHost): readonly ITerraformDependable[] {
    const { network, prefix, region } = this;
    const present = cluster.loadBalancerController;
    if (present !== undefined) {
      const { roleName } = present;
      if (roleName === undefined) return [];
      return new LoadBalancerRights(this, "ControllerRights", { roleName, prefix, frontDoor: this }).ready;
    }
    const isOne = (child: unknown): child is LoadBalancerController => child instanceof LoadBalancerController;
    const installed = TerraformStack.of(this).node.findAll().find(isOne);
    if (installed !== undefined) {
      const { roleName } = installed;
      const rights = new LoadBalancerRights(this, "ControllerRights", { roleName, prefix, frontDoor: this });
      return [...installed.ready, ...rights.ready];
    }
    const { workloads } = cluster;
    const settings = { prefix, region, cluster, network, frontDoor: this, workloads };
    return new LoadBalancerController(this, "Controller", settings).ready;
  }
}
