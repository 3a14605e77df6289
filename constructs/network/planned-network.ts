import { DataAwsEip } from "@cdktf/provider-aws/lib/data-aws-eip";
import { DataAwsSubnet } from "@cdktf/provider-aws/lib/data-aws-subnet";
import { DataAwsVpc } from "@cdktf/provider-aws/lib/data-aws-vpc";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

import { natName, sandboxSubnetName, subnetName, type SubnetTier } from "../../domain/network/names";
import type { NetworkPlan } from "../../domain/network/network";
import type { INetwork } from "../common/contracts";

/** Construction properties for {@link PlannedNetwork}. */
export interface PlannedNetworkProps {
  /** What the network was made from. */
  readonly plan: NetworkPlan;
}

/**
 * A network that another stack has made from the same plan, found by its names when Terraform plans.
 *
 * The plan stops where the other stack was not deployed yet, or not since the plan has one more zone.
 */
export class PlannedNetwork extends Construct implements INetwork {
  /** {@inheritDoc INetwork.vpcId} */
  public readonly vpcId: string;
  /** {@inheritDoc INetwork.vpcCidr} */
  public readonly vpcCidr: string;
  /** {@inheritDoc INetwork.secondaryCidrs} */
  public readonly secondaryCidrs: readonly string[];
  /** {@inheritDoc INetwork.sandboxCidrs} */
  public readonly sandboxCidrs: readonly string[];
  /** {@inheritDoc INetwork.publicSubnetIds} */
  public readonly publicSubnetIds: readonly string[];
  /** {@inheritDoc INetwork.privateSubnetIds} */
  public readonly privateSubnetIds: readonly string[];
  /** {@inheritDoc INetwork.sandboxSubnetIds} */
  public readonly sandboxSubnetIds?: readonly string[];
  /** {@inheritDoc INetwork.databaseSubnetIds} */
  public readonly databaseSubnetIds: readonly string[];
  /** {@inheritDoc INetwork.natAddresses} */
  public readonly natAddresses: readonly string[];
  /** {@inheritDoc INetwork.egressReady} */
  public readonly egressReady: readonly ITerraformDependable[] = [];

  public constructor(scope: Construct, id: string, { plan }: PlannedNetworkProps) {
    super(scope, id);
    const { prefix } = plan;
    this.vpcId = new DataAwsVpc(this, "Resource", { tags: { Name: prefix } }).id;
    this.vpcCidr = plan.cidr;
    this.secondaryCidrs = plan.sandboxZones.map(({ blockCidr }) => blockCidr);
    this.sandboxCidrs = this.secondaryCidrs;
    this.publicSubnetIds = plan.publicSubnets ? this.findTier("public", plan) : [];
    this.privateSubnetIds = this.findTier("private", plan);
    this.databaseSubnetIds = this.findTier("database", plan);
    const sandboxes = plan.sandboxZones.flatMap(({ subnetCidrs }, zone) =>
      subnetCidrs.map((_, index) => this.findSubnet(sandboxSubnetName(prefix, zone, index))),
    );
    if (sandboxes.length > 0) this.sandboxSubnetIds = sandboxes;
    this.natAddresses = plan.natZones.map((zone) => {
      const name = natName(prefix, zone);
      return new DataAwsEip(this, `address-${name}`, { tags: { Name: name } }).publicIp;
    });
  }

  private findTier(tier: SubnetTier, { prefix, subnets }: NetworkPlan): string[] {
    return subnets.map((_, zone) => this.findSubnet(subnetName(prefix, tier, zone)));
  }

  private findSubnet(name: string): string {
    return new DataAwsSubnet(this, name, { vpcId: this.vpcId, tags: { Name: name } }).id;
  }
}
