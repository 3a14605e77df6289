import { Construct } from "constructs";

import { PlannedCluster } from "../constructs/cluster/planned-cluster";
import type { IEncryptionKey, INetwork } from "../constructs/common/contracts";
import { ExistingNetwork } from "../constructs/network/existing-network";
import { PlannedNetwork } from "../constructs/network/planned-network";
import { PlannedEncryptionKey } from "../constructs/secrets/planned-key";
import type { EnvironmentPlan } from "../domain/environment/environment";
import { planEncryptionKey } from "../domain/secrets/kms-key";
import type { DefinedCluster } from "./cluster";
import { type Foundation, type Keys, KEYS } from "./foundation";

/** What a layer below is found by. */
export interface PlannedFoundationProps {
  /** The environment. */
  readonly plan: EnvironmentPlan;
}

/** Keys and network that the stack of the foundation has made from the same plan. */
export class PlannedFoundation extends Construct implements Pick<Foundation, "keys" | "network"> {
  /** {@inheritDoc Foundation.keys} */
  public readonly keys: Keys;
  /** {@inheritDoc Foundation.network} */
  public readonly network: INetwork;

  public constructor(scope: Construct, id: string, { plan }: PlannedFoundationProps) {
    super(scope, id);
    const { cluster, context, network } = plan;
    this.keys = {
      cluster: cluster.kind === "new" ? this.findKey("cluster", plan) : undefined,
      data: this.findKey("data", plan),
      backup: this.findKey("backup", plan),
      logs: this.findKey("logs", plan),
    };
    this.network =
      network.kind === "new"
        ? new PlannedNetwork(this, "Network", { plan: network })
        : new ExistingNetwork(this, "Network", { plan: network, account: context.account });
  }

  private findKey(kind: keyof Keys, { context, landingZone: { encryptionKeys } }: EnvironmentPlan): IEncryptionKey {
    const keyArn = encryptionKeys[kind];
    if (keyArn !== undefined) return { keyArn };
    return new PlannedEncryptionKey(this, `${kind}-key`, { plan: planEncryptionKey(KEYS[kind], context) });
  }
}

/** The cluster that the stack of the cluster has made or completed from the same plan. */
export function plannedCluster(scope: Construct, id: string, { plan }: PlannedFoundationProps): DefinedCluster {
  const cluster = new PlannedCluster(scope, id, { name: plan.cluster.name, reached: plan.workloads !== "render" });
  return { api: cluster, withNodes: () => cluster };
}
