import { Construct } from "constructs";

import { PlannedCluster } from "../constructs/cluster/planned-cluster";
import type { IEncryptionKey, INetwork } from "../constructs/common/contracts";
import { ExistingNetwork } from "../constructs/network/existing-network";
import { PlannedNetwork } from "../constructs/network/planned-network";
import { PlannedEncryptionKey } from "../constructs/secrets/planned-key";
import type { EnvironmentPlan } from "../domain/environment/environment";
import type { EnvironmentKeyPlan } from "../domain/secrets/environment-keys";
import type { DefinedCluster } from "./cluster";
import type { Foundation, Keys } from "./foundation";

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
    const { context, keys, network } = plan;
    this.keys = {
      cluster: keys.cluster && this.findKey("cluster-key", keys.cluster),
      data: this.findKey("data-key", keys.data),
      backup: this.findKey("backup-key", keys.backup),
      logs: this.findKey("logs-key", keys.logs),
    };
    this.network =
      network.kind === "new"
        ? new PlannedNetwork(this, "Network", { plan: network })
        : new ExistingNetwork(this, "Network", { plan: network, account: context.account });
  }

  private findKey(id: string, plan: EnvironmentKeyPlan): IEncryptionKey {
    return plan.kind === "existing" ? { keyArn: plan.keyArn } : new PlannedEncryptionKey(this, id, { plan });
  }
}

/** The cluster that the stack of the cluster has made or completed from the same plan. */
export function plannedCluster(scope: Construct, id: string, { plan }: PlannedFoundationProps): DefinedCluster {
  const cluster = new PlannedCluster(scope, id, { name: plan.cluster.name, reached: plan.workloads !== "render" });
  return { api: cluster, withNodes: () => cluster };
}
