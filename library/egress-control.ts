import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

import type { IEncryptionKey, INetwork } from "../constructs/common/contracts";
import { DnsFirewall } from "../constructs/egress/dns-firewall";
import { NetworkFirewall } from "../constructs/egress/network-firewall";
import { type PlainEgressPlan, type PlainEgressSpec, planPlainEgress } from "../domain/egress/plain";
import type { Planned } from "../domain/common/violation";
import { type PodEgress, podEgressPolicy } from "../domain/network-policies/plain";
import { networkWith } from "../stacks/foundation";
import { EncryptionKey } from "./encryption-key";
import type { KubernetesHost } from "./kubernetes-host";
import { Network } from "./network";
import { type CommonProps, contextOf, partName, planned, settingsOf } from "./scope";
import { tag } from "./tags";

/** Settings of {@link EgressControl}; network and allowlist have no default. */
export interface EgressControlProps extends CommonProps, PlainEgressSpec {
  /** Network that is guarded; level `firewall` needs a {@link Network} of this package, whose routes it changes. */
  readonly network: INetwork;
  /**
   * Key of the logs; its policy must let CloudWatch Logs use it.
   *
   * @default - a new one
   */
  readonly encryptionKey?: IEncryptionKey;
}

/**
 * What may leave a network, from one allowlist: its resolver answers for listed names only, at level `firewall` a network
 * firewall inspects every connection, and pods get policies from the same list.
 *
 * Level `dns` costs a few dollars a month, level `firewall` about $288 a month and zone, less the hours of as many NAT gateways.
 *
 * @example
 * ```ts
 * const egress = new EgressControl(this, "Egress", { network, allow: [{ to: "api.stripe.com" }, { to: "*.amazonaws.com" }] });
 * const cluster = new KubernetesCluster(this, "Cluster", { network: egress.network });
 * egress.allowPods(cluster, "Shop", { name: "shop", namespace: "shop" });
 * ```
 * @throws `ConfigurationError` with every problem of the settings.
 */
export class EgressControl extends Construct {
  /** The network, of which nothing that waits for its way out is made before the guards are. */
  public readonly network: INetwork;

  private readonly plan: PlainEgressPlan;

  public constructor(scope: Construct, id: string, props: EgressControlProps) {
    super(scope, id);
    tag(this, props.tags);
    const { network, encryptionKey, ...spec } = settingsOf(props);
    const context = contextOf(scope, id, props);
    this.plan = planned([scope, id, props], withLevel(planPlainEgress(spec, context, network), network), "");
    const key =
      encryptionKey ??
      new EncryptionKey(this, "Key", {
        ...partName(props, "key"),
        dataProtection: props.dataProtection,
        services: ["cloudwatch-logs"],
      });
    const logs = { prefix: context.prefix, encryptionKey: key, logRetentionDays: this.plan.logRetentionDays };
    const names = new DnsFirewall(this, "DnsFirewall", { ...logs, plan: this.plan.dns, network });
    const inspected = this.inspect(network, logs);
    this.network = networkWith(network, [...names.ready, ...inspected]);
  }

  /**
   * Lets pods resolve names and open what the list names, and nothing else.
   *
   * @param cluster - Cluster of the pods.
   * @param id - Id of the policy.
   * @param pods - Which pods, and the policy's name.
   * @param after - What must exist before: the namespace, if Terraform makes it.
   */
  public allowPods(
    cluster: KubernetesHost,
    id: string,
    pods: PodEgress,
    after: readonly ITerraformDependable[] = [],
  ): readonly ITerraformDependable[] {
    const manifest = podEgressPolicy(this.plan.rules, pods);
    return cluster.workloads.networkPolicy(this, id, { manifest, after: [...cluster.apiReady, ...after] });
  }

  private inspect(
    network: INetwork,
    logs: Pick<ConstructorParameters<typeof NetworkFirewall>[2], "prefix" | "encryptionKey" | "logRetentionDays">,
  ): readonly ITerraformDependable[] {
    const { firewall } = this.plan;
    if (firewall === undefined || !canBeInspected(network)) return [];
    const { vpcId, zones } = network;
    const { endpoints } = new NetworkFirewall(this, "Firewall", { ...logs, plan: firewall, vpcId, zones });
    network.leaveThrough(endpoints);
    return endpoints.flatMap(({ ready }) => ready);
  }
}

const WITHOUT_NAT = {
  path: "level",
  problem: "a firewall stands between private subnets and NAT gateways, and this network has none of ours",
  remedy: 'use "dns", or a Network of this package with nat: "per-zone"',
};

function withLevel({ plan, violations }: Planned<PlainEgressPlan>, network: INetwork): Planned<PlainEgressPlan> {
  const fits = plan.firewall === undefined || canBeInspected(network);
  return { plan, violations: fits ? violations : [...violations, WITHOUT_NAT] };
}

function canBeInspected(network: INetwork): network is Network {
  return network instanceof Network && network.zones.length > 0;
}
