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
import { type EncryptionKeySpec, planEncryptionKey } from "../domain/secrets/kms-key";
import { secretReaders } from "../domain/secrets/readers";
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

/** What each key encrypts. */
export const KEYS = {
  cluster: { name: "cluster", description: "Kubernetes Secrets of the EKS cluster" },
  data: { name: "data", description: "Database, blob storage and secrets of Retool" },
  backup: { name: "backup", description: "Vault with the daily copies of Retool's data" },
  logs: {
    name: "logs",
    description: "CloudWatch log groups and the topic of alarms",
    services: ["cloudwatch-logs", "cloudwatch-alarms", "eventbridge"],
  },
} as const satisfies Record<keyof Keys, EncryptionKeySpec>;

const KEY_IDS = {
  cluster: "ClusterKey",
  data: "DataKey",
  backup: "BackupKey",
  logs: "LogsKey",
} as const satisfies Record<keyof Keys, string>;

/** What everything else stands on: keys, network, and what guards the way out of it. */
export class Foundation extends Construct {
  /** The keys. */
  public readonly keys: Keys;
  /** The network. */
  public readonly network: INetwork;

  public constructor(scope: Construct, id: string, { plan }: FoundationProps) {
    super(scope, id);
    this.keys = {
      cluster: plan.cluster.kind === "new" ? this.defineKey("cluster", KEYS.cluster, plan) : undefined,
      data: this.defineKey(
        "data",
        { ...KEYS.data, ...diskServices(plan), secretReaders: secretReaders(plan, "originals") },
        plan,
      ),
      backup: this.defineKey("backup", KEYS.backup, plan),
      logs: this.defineKey("logs", KEYS.logs, plan),
    };
    this.network =
      plan.network.kind === "new" ? this.defineNetwork(plan.network, plan) : this.findNetwork(plan.network, plan);
    if (plan.bastion !== undefined)
      new Bastion(this, "Bastion", { plan: plan.bastion, network: this.network, encryptionKey: this.keys.data });
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

  /** A key of the organization stands for the one that would be made; its policy is the organization's. */
  private defineKey(
    kind: keyof Keys,
    spec: EncryptionKeySpec,
    { context, landingZone: { encryptionKeys } }: EnvironmentPlan,
  ): IEncryptionKey {
    const keyArn = encryptionKeys[kind];
    if (keyArn !== undefined) return { keyArn };
    const id = KEY_IDS[kind];
    return new EncryptionKey(this, id, { plan: planEncryptionKey(spec, context) });
  }
}

/** A network whose nodes also wait for what guards their way out, and for the endpoints by which they reach AWS. */
export function networkWith(network: INetwork, ready: readonly ITerraformDependable[]): INetwork {
  const { vpcId, vpcCidr, publicSubnetIds, privateSubnetIds, databaseSubnetIds, natAddresses, egressReady } = network;
  return {
    vpcId,
    vpcCidr,
    secondaryCidrs: network.secondaryCidrs,
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
}: SandboxSubnets): Pick<INetwork, "secondaryCidrs" | "rangesReady" | "sandboxSubnetIds"> {
  return { secondaryCidrs: cidrs, rangesReady, sandboxSubnetIds: subnetIds };
}

/** Nodes' disks are encrypted with the key of the data; EC2 starts spot instances in its own name. */
function diskServices({ capacity }: EnvironmentPlan): Pick<EncryptionKeySpec, "services"> {
  return capacity.sandbox.purchaseOption === "spot" ? { services: ["ec2-spot"] } : {};
}
