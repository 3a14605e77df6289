import { DataAwsEksAddonVersion } from "@cdktf/provider-aws/lib/data-aws-eks-addon-version";
import { EksAddon } from "@cdktf/provider-aws/lib/eks-addon";
import type { ITerraformDependable, Postcondition } from "cdktf";
import { Construct } from "constructs";

import type { AddonIdentity, AddonPlan, FaultyVersions } from "../../domain/cluster/addons";
import type { ICluster } from "../common/contracts";
import { PodIdentity } from "../common/pod-identity";
import { renderJson, renderText } from "../common/render";

/** Construction properties for {@link ClusterAddons}. */
export interface ClusterAddonsProps {
  /** The add-ons. */
  readonly addons: readonly AddonPlan[];
  /** Cluster that gets them. */
  readonly cluster: Pick<ICluster, "clusterName">;
  /** What must exist before. */
  readonly after: readonly ITerraformDependable[];
}

/** Add-ons that Amazon EKS installs and keeps, each with its own role where it calls AWS. */
export class ClusterAddons extends Construct {
  /** The add-ons, running. */
  public readonly ready: readonly ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: ClusterAddonsProps) {
    super(scope, id);

    this.ready = props.addons.map((addon) => this.defineAddon(addon, props));
  }

  private defineAddon(addon: AddonPlan, { cluster, after }: ClusterAddonsProps): EksAddon {
    const identity = addon.identity === undefined ? [] : this.defineIdentity(addon.name, addon.identity, cluster);
    return new EksAddon(this, addon.name, {
      clusterName: cluster.clusterName,
      addonName: addon.name,
      addonVersion: addon.version ?? this.recommendedVersion(addon),
      configurationValues: addon.configuration === undefined ? undefined : renderJson(addon.configuration),
      resolveConflictsOnCreate: "OVERWRITE",
      resolveConflictsOnUpdate: "OVERWRITE",
      dependsOn: [...after, ...identity],
    });
  }

  private defineIdentity(
    name: string,
    identity: AddonIdentity,
    cluster: Pick<ICluster, "clusterName">,
  ): readonly ITerraformDependable[] {
    return new PodIdentity(this, `${name}-identity`, {
      clusterName: cluster.clusterName,
      roleName: identity.roleName,
      namespace: "kube-system",
      serviceAccount: identity.serviceAccount,
      managedPolicyArns: identity.managedPolicyArns,
    }).ready;
  }

  /** The version that EKS recommends for the cluster's Kubernetes version, so that both move together. */
  private recommendedVersion({ name, kubernetesVersion, faulty }: AddonPlan): string {
    return new DataAwsEksAddonVersion(this, `${name}-version`, {
      addonName: name,
      kubernetesVersion,
      lifecycle: { postcondition: faulty && [notOneOf(name, faulty)] },
    }).version;
  }
}

/** Stops a plan that would install a faulty version, since what EKS recommends is known only then. */
function notOneOf(name: string, { pattern, problem, remedy }: FaultyVersions): Postcondition {
  const advice = `cluster.addonVersions.${name}: the version that EKS recommends ${problem}; ${remedy}`;
  return { condition: `\${!can(regex(${JSON.stringify(pattern)}, self.version))}`, errorMessage: renderText(advice) };
}
