import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

import type { IEncryptionKey, INetwork } from "../constructs/contracts";
import { DnsFirewall } from "../constructs/dns-firewall";
import { EncryptionKey } from "../constructs/encryption-key";
import { FlowLogs } from "../constructs/flow-logs";
import { Network } from "../constructs/network";
import { NetworkFirewall } from "../constructs/network-firewall";
import { policyDocument } from "../constructs/policy-document";
import { VpcEndpoints } from "../constructs/vpc-endpoints";
import { type EncryptionKeySpec, planEncryptionKey } from "../domain/encryption-key";
import type { EnvironmentPlan } from "../domain/environment";

/** What {@link Foundation} is made from. */
export interface FoundationProps {
  /** The environment. */
  readonly plan: EnvironmentPlan;
}

/** The keys of an environment: one for each kind of data, so that each can be given up or audited alone. */
export interface Keys {
  /** Kubernetes Secrets in the control plane's store. */
  readonly cluster: IEncryptionKey;
  /** Database, bucket and secrets. */
  readonly data: IEncryptionKey;
  /** Log groups. */
  readonly logs: IEncryptionKey;
}

const KEYS = {
  cluster: { name: "cluster", description: "Kubernetes Secrets of the EKS cluster" },
  data: { name: "data", description: "Database, blob storage and secrets of Retool" },
  logs: { name: "logs", description: "CloudWatch log groups", services: ["cloudwatch-logs"] },
} as const satisfies Record<keyof Keys, EncryptionKeySpec>;

/** What everything else stands on: keys, network, and what guards the way out of it. */
export class Foundation extends Construct {
  /** The keys. */
  public readonly keys: Keys;
  /** The network. */
  public readonly network: INetwork;

  public constructor(scope: Construct, id: string, { plan }: FoundationProps) {
    super(scope, id);
    this.keys = {
      cluster: this.defineKey("ClusterKey", KEYS.cluster, plan),
      data: this.defineKey("DataKey", KEYS.data, plan),
      logs: this.defineKey("LogsKey", KEYS.logs, plan),
    };
    const network = new Network(this, "Network", {
      plan: plan.network,
      s3EndpointPolicy: policyDocument(plan.s3Endpoint),
    });
    new FlowLogs(this, "FlowLogs", { plan: plan.network, network, encryptionKey: this.keys.logs });
    const endpoints = new VpcEndpoints(this, "Endpoints", { plan: plan.network, network });
    const guards = [...this.defineDnsFirewall(plan, network), ...this.defineFirewall(plan, network)];
    this.network = networkWith(network, [...endpoints.ready, ...guards]);
  }

  private defineDnsFirewall(
    { dnsFirewall, egress, context }: EnvironmentPlan,
    network: Network,
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
  ): readonly ITerraformDependable[] {
    if (networkFirewall === undefined) return [];
    const { endpoints } = new NetworkFirewall(this, "Firewall", {
      plan: networkFirewall,
      prefix: context.prefix,
      vpcId: network.vpcId,
      zones: network.zones,
      encryptionKey: this.keys.logs,
      logRetentionDays: egress.logRetentionDays,
    });
    network.leaveThrough(endpoints);
    return endpoints.flatMap(({ ready }) => ready);
  }

  private defineKey(id: string, spec: EncryptionKeySpec, { context }: EnvironmentPlan): IEncryptionKey {
    return new EncryptionKey(this, id, { plan: planEncryptionKey(spec, context) });
  }
}

/** A network whose nodes also wait for what guards their way out, and for the endpoints by which they reach AWS. */
function networkWith(network: Network, ready: readonly ITerraformDependable[]): INetwork {
  const { vpcId, vpcCidr, publicSubnetIds, privateSubnetIds, databaseSubnetIds, natAddresses, egressReady } = network;
  return {
    vpcId,
    vpcCidr,
    publicSubnetIds,
    privateSubnetIds,
    databaseSubnetIds,
    natAddresses,
    egressReady: [...egressReady, ...ready],
  };
}
