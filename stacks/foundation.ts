import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

import type { IEncryptionKey, INetwork } from "../constructs/common/contracts";
import { DnsFirewall } from "../constructs/egress/dns-firewall";
import { EncryptionKey } from "../constructs/secrets/kms-key";
import { Bastion } from "../constructs/network/bastion";
import { ExistingNetwork } from "../constructs/network/existing-network";
import { FlowLogs } from "../constructs/network/flow-logs";
import { Network } from "../constructs/network/network";
import { NetworkFirewall } from "../constructs/egress/network-firewall";
import { policyDocument } from "../constructs/common/policy-document";
import { SandboxSubnets } from "../constructs/network/sandbox-subnets";
import { VpcEndpoints } from "../constructs/network/vpc-endpoints";
import type { EnvironmentKeyPlan } from "../domain/secrets/environment-keys";
import type { EnvironmentPlan } from "../domain/environment/environment";
import type { NetworkPlan } from "../domain/network/network";
import type { ExistingNetworkPlan } from "../domain/network/existing";

/** What {@link Foundation} is made from. */
export interface FoundationProps {
  /** The environment. */
  readonly plan: EnvironmentPlan;
}

/** The keys of an environment: one for each kind of data, so that each can be given up or audited separately. */
export interface Keys {
  /** Kubernetes Secrets in the control plane's store; absent where the cluster exists. */
  readonly cluster?: IEncryptionKey;
  /** Database, bucket and secrets. */
  readonly data: IEncryptionKey;
  /** The vault of backups, so that copies of the bucket survive the data key. */
  readonly backup: IEncryptionKey;
  /** Log groups, and the topic of alarms. */
  readonly logs: IEncryptionKey;
}

/** What everything else stands on: keys, network, and what guards the way out of it. */
export class Foundation extends Construct {
  /** The keys. */
  public readonly keys: Keys;
  /** The network. */
  public readonly network: INetwork;

  public constructor(scope: Construct, id: string, { plan }: FoundationProps) {
    super(scope, id);
    const { cluster, data, backup, logs } = plan.keys;
    this.keys = {
      cluster: cluster && this.defineKey("ClusterKey", cluster),
      data: this.defineKey("DataKey", data),
      backup: this.defineKey("BackupKey", backup),
      logs: this.defineKey("LogsKey", logs),
    };
    this.network =
      plan.network.kind === "new" ? this.defineNetwork(plan.network, plan) : this.findNetwork(plan.network, plan);
    if (plan.bastion !== undefined)
      new Bastion(this, "Bastion", {
        plan: plan.bastion,
        network: this.network,
        encryptionKey: this.keys.data,
        ...(plan.cluster.kind === "existing" ? { existingCluster: plan.cluster.name } : {}),
      });
  }

  private defineNetwork(network: NetworkPlan, plan: EnvironmentPlan): INetwork {
    const made = new Network(this, "Network", { plan: network, s3EndpointPolicy: policyDocument(plan.s3Endpoint) });
    new FlowLogs(this, "FlowLogs", { plan: network, network: made, encryptionKey: this.keys.logs });
    const sandboxes = new SandboxSubnets(this, "Sandboxes", { plan: network, network: made });
    const whole = { ...networkWith(made, sandboxes.ready), ...rangesOf(sandboxes) };
    const endpoints = new VpcEndpoints(this, "Endpoints", { plan: network, network: whole });
    const guards = [...this.defineDnsFirewall(plan, made), ...this.defineFirewall(plan, made, sandboxes.ready)];
    return networkWith(whole, [...endpoints.ready, ...guards]);
  }

  private findNetwork(network: ExistingNetworkPlan, plan: EnvironmentPlan): INetwork {
    const found = new ExistingNetwork(this, "Network", {
      plan: network,
      account: plan.context.account,
    });
    return networkWith(found, this.defineDnsFirewall(plan, found));
  }

  private defineDnsFirewall(
    { dnsFirewall, egress, context }: EnvironmentPlan,
    network: INetwork,
  ): readonly ITerraformDependable[] {
    if (dnsFirewall === undefined) return [];
    return new DnsFirewall(this, "DnsFirewall", {
      plan: dnsFirewall,
      prefix: context.prefix,
      network,
      encryptionKey: this.keys.logs,
      logRetentionDays: egress.logRetentionDays,
    }).ready;
  }

  private defineFirewall(
    { networkFirewall, egress, context }: EnvironmentPlan,
    network: Network,
    after: readonly ITerraformDependable[],
  ): readonly ITerraformDependable[] {
    if (networkFirewall === undefined) return [];
    const { endpoints } = new NetworkFirewall(this, "Firewall", {
      plan: networkFirewall,
      prefix: context.prefix,
      vpcId: network.vpcId,
      zones: network.zones,
      after,
      encryptionKey: this.keys.logs,
      logRetentionDays: egress.logRetentionDays,
    });
    network.leaveThrough(endpoints);
    return endpoints.flatMap(({ ready }) => ready);
  }

  private defineKey(id: string, plan: EnvironmentKeyPlan): IEncryptionKey {
    return plan.kind === "existing" ? { keyArn: plan.keyArn } : new EncryptionKey(this, id, { plan });
  }
}

/** A network whose nodes also wait for what guards their way out, and for the endpoints by which they reach AWS. */
export function networkWith(network: INetwork, ready: readonly ITerraformDependable[]): INetwork {
  const { vpcId, vpcCidr, publicSubnetIds, privateSubnetIds, databaseSubnetIds, natAddresses, egressReady } = network;
  return {
    vpcId,
    vpcCidr,
    secondaryCidrs: network.secondaryCidrs,
    sandboxCidrs: network.sandboxCidrs,
    rangesReady: network.rangesReady,
    publicSubnetIds,
    privateSubnetIds,
    sandboxSubnetIds: network.sandboxSubnetIds,
    databaseSubnetIds,
    ranges: network.ranges,
    natAddresses,
    egressReady: [...egressReady, ...ready],
  };
}

function rangesOf({
  cidrs,
  rangesReady,
  subnetIds,
}: SandboxSubnets): Pick<INetwork, "secondaryCidrs" | "sandboxCidrs" | "rangesReady" | "sandboxSubnetIds"> {
  return { secondaryCidrs: cidrs, sandboxCidrs: cidrs, rangesReady, sandboxSubnetIds: subnetIds };
}
