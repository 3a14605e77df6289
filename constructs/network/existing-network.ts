import { DataAwsSubnet } from "@cdktf/provider-aws/lib/data-aws-subnet";
import type { ITerraformDependable, Postcondition } from "cdktf";
import { Construct } from "constructs";

import { isWithin } from "../../domain/common/address-range";
import type { ExistingNetworkPlan, ExistingSubnet } from "../../domain/network/existing";
import type { INetwork } from "../common/contracts";
import { renderJson } from "../common/render";

/** Construction properties for {@link ExistingNetwork}. */
export interface ExistingNetworkProps {
  /** The network. */
  readonly plan: ExistingNetworkPlan;
  /** Account of the environment, to which the subnets belong or are shared. */
  readonly account: string;
}

/** A network that someone else owns: it is read, so that a plan fails where the configuration does not match it, and never changed. */
export class ExistingNetwork extends Construct implements INetwork {
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

  public constructor(scope: Construct, id: string, props: ExistingNetworkProps) {
    super(scope, id);
    const { plan } = props;
    const [vpcCidr = "", ...secondaryCidrs] = plan.vpcCidrs;
    const shared = plan.databaseSubnets === plan.privateSubnets;
    this.vpcId = plan.vpcId;
    this.vpcCidr = vpcCidr;
    this.secondaryCidrs = secondaryCidrs;
    this.sandboxCidrs = secondaryCidrs.filter((range) => isForSandboxes(range, plan));
    this.privateSubnetIds = this.check("privateSubnets", plan.privateSubnets, props);
    this.publicSubnetIds = this.check("publicSubnets", plan.publicSubnets, props);
    this.databaseSubnetIds = shared
      ? this.privateSubnetIds
      : this.check("databaseSubnets", plan.databaseSubnets, props);
    if (plan.sandboxSubnets) this.sandboxSubnetIds = this.check("sandboxSubnets", plan.sandboxSubnets, props);
    this.natAddresses = plan.natAddresses;
  }

  /** The ids as they were given, so that nothing waits for the look-up. */
  private check(
    list: SubnetList,
    subnets: readonly ExistingSubnet[],
    { plan, account }: ExistingNetworkProps,
  ): string[] {
    const { vpcId, ownerAccount = account } = plan;
    const before: DataAwsSubnet[] = [];
    for (const [index, { id, cidr }] of subnets.entries()) {
      const path = `network.${list}[${index}]`;
      const isLast = index === subnets.length - 1;
      const subnet = new DataAwsSubnet(this, `${list}-${index}`, {
        id,
        lifecycle: {
          postcondition: [
            mustBe("vpc_id", vpcId, `${path}.id: the subnet is in another VPC; use one of network.vpcId`),
            mustBe("owner_id", ownerAccount, OWNER),
            mustBe("cidr_block", cidr, `${path}.cidr: the subnet has another range; correct it`),
            ...(isLast ? zoneConditions(list, before) : []),
          ],
        },
      });
      before.push(subnet);
    }
    return subnets.map(({ id }) => id);
  }
}

/** A list of subnets, by its name in the configuration. */
type SubnetList = "privateSubnets" | "publicSubnets" | "databaseSubnets" | "sandboxSubnets";

/**
 * What must hold for the zones of a list, as its last subnet sees them.
 *
 * In one zone the second pod of a service would wait for ever, and RDS refuses the group; a load balancer takes one subnet a zone.
 */
function zoneConditions(list: SubnetList, before: readonly DataAwsSubnet[]): Postcondition[] {
  if (list === "sandboxSubnets") return [];
  const zones = [...before.map(({ fqn }) => `${fqn}.availability_zone`), "self.availability_zone"];
  const count = `length(distinct([${zones.join(", ")}]))`;
  return list === "publicSubnets"
    ? [
        {
          condition: `\${${count} == ${zones.length}}`,
          errorMessage:
            "network.publicSubnets: two of the subnets are in one zone, and a load balancer takes one subnet a zone; list one a zone",
        },
      ]
    : [
        {
          condition: `\${${count} > 1}`,
          errorMessage: `network.${list}: all subnets are in one zone; list one in each of at least two zones`,
        },
      ];
}

/** Whether subnets of sandboxes are in a range, and none of anything else. */
function isForSandboxes(range: string, plan: ExistingNetworkPlan): boolean {
  const { sandboxSubnets = [], privateSubnets, publicSubnets, databaseSubnets } = plan;
  const isIn = ({ cidr }: ExistingSubnet): boolean => isWithin(cidr, [range]);
  return sandboxSubnets.some(isIn) && ![...privateSubnets, ...publicSubnets, ...databaseSubnets].some(isIn);
}

const OWNER =
  "network.ownerAccount: the subnet belongs to another account; give the account that owns the VPC, or leave it out for the environment's own";

function mustBe(attribute: string, value: string, errorMessage: string): Postcondition {
  return { condition: `\${self.${attribute} == ${renderJson(value)}}`, errorMessage };
}
