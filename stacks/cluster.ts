import { Aspects, TerraformStack } from "cdktf";
import type { Construct } from "constructs";

import type { ICluster, INetwork, IWorkloads } from "../constructs/common/contracts";
import { OrganizationRules } from "../constructs/landing-zone/organization-rules";
import type { EnvironmentPlan } from "../domain/environment/environment";
import { ExistingKubernetesCluster } from "./existing-kubernetes-cluster";
import type { Keys } from "./foundation";
import { KubernetesCluster } from "./kubernetes-cluster";

/** What {@link defineCluster} needs. */
export interface DefineClusterProps {
  /** The environment. */
  readonly plan: EnvironmentPlan;
  /** Network of the cluster. */
  readonly network: INetwork;
  /** Keys of the environment. */
  readonly keys: Keys;
}

/** A cluster, before it is said where its Kubernetes objects go. */
export interface DefinedCluster {
  /** Endpoint and certificate authority, for the providers of everything inside the cluster. */
  readonly api: Pick<ICluster, "clusterName" | "endpoint" | "certificateAuthority">;
  /** The cluster with everything that its pods need. */
  withNodes(workloads: IWorkloads): ICluster;
}

/** Defines the cluster of an environment: a new one, or what an existing one lacks. */
export function defineCluster(scope: Construct, { plan, network, keys }: DefineClusterProps): DefinedCluster {
  const { cluster, landingZone } = plan;
  const { tags } = landingZone;
  if (cluster.kind === "existing")
    return new ExistingKubernetesCluster(scope, "Cluster", { plan: cluster, network, tags });
  if (keys.cluster === undefined) throw new Error("a new cluster needs its own key, and none was given");
  const [secretsKey, logsKey] = [keys.cluster, keys.logs];
  return new KubernetesCluster(scope, "Cluster", { plan: cluster, network, secretsKey, logsKey, tags });
}

/** The organization's rules hold for a whole stack: also for what a fork adds next to ours. */
export function obeyOrganization(scope: Construct, { landingZone, tags }: EnvironmentPlan): void {
  Aspects.of(TerraformStack.of(scope)).add(new OrganizationRules({ iam: landingZone.iam, tags }));
}
