import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

import type {
  IBlobStorage,
  ICluster,
  IEncryptionKey,
  IFrontDoor,
  IPostgresDatabase,
  IWorkloads,
} from "../constructs/common/contracts";
import { ExternalSecrets } from "../constructs/secrets/external-secrets";
import { KubernetesSecrets, type RetoolSecretValues } from "../constructs/secrets/kubernetes-secrets";
import { NetworkPolicies } from "../constructs/network-policies/network-policies";
import { RetoolRelease } from "../constructs/chart/retool-release";
import { TargetGroupBindings } from "../constructs/front-door/target-group-bindings";
import { UpgradeSnapshots } from "../constructs/database/upgrade-snapshots";
import type { EnvironmentPlan } from "../domain/environment/environment";
import { releasePatches } from "../domain/chart/post-render";
import type { ReleaseReferences } from "../domain/chart/values";
import { networkPolicyReferences } from "../domain/environment/network-policy-references";
import { releaseValues } from "../domain/environment/release-values";
import { podSecrets } from "../domain/chart/pod-secrets";
import type { Databases } from "./databases";
import { PodSecrets } from "./pod-secrets";

/** What {@link RetoolNamespace} is made from. */
export interface RetoolNamespaceProps {
  /** The environment. */
  readonly plan: EnvironmentPlan;
  /** What Retool uses outside the cluster. */
  readonly platform: {
    readonly blobStorage?: IBlobStorage;
    readonly secrets: RetoolSecretValues;
    readonly frontDoor: Pick<IFrontDoor, "targets" | "attached">;
    readonly cluster: ICluster;
  };
  /**
   * Role that the service account of the pods is annotated with.
   *
   * @default - none; they get it otherwise, or need none
   */
  readonly blobRoleArn?: string;
  /** Key that encrypts the secrets. */
  readonly encryptionKey: IEncryptionKey;
  /** The PostgreSQL servers. */
  readonly databases: Pick<Databases, "retoolDatabase" | "temporal"> & {
    readonly platform: IPostgresDatabase & Pick<Databases["platform"], "instanceIdentifier">;
  };
  /** Where objects go. */
  readonly workloads: IWorkloads;
  /** What must exist before the namespace: nodes, and the role by which its pods reach the bucket. */
  readonly after: readonly ITerraformDependable[];
}

/**
 * The namespace of Retool with everything in it.
 *
 * Policies, Secrets and bindings stand before the first pod. On destroy the release goes first, then the namespace with the
 * sandboxes that only Retool's controller knows, and the nodes after it.
 */
export class RetoolNamespace extends Construct {
  /** The release. */
  public readonly ready: readonly ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: RetoolNamespaceProps) {
    super(scope, id);
    const { plan, platform, workloads } = props;
    const { namespace } = plan.context;
    const exists = this.defineNamespace(props);
    const policies = new NetworkPolicies(this, "NetworkPolicies", {
      plan: plan.egress,
      references: networkPolicyReferences(plan),
      workloads,
      after: exists,
    });
    const secrets = this.deliverSecrets(props, exists);
    const bindings = new TargetGroupBindings(this, "Bindings", {
      targets: platform.frontDoor.targets,
      namespace,
      workloads,
      after: exists,
    });
    const snapshots = new UpgradeSnapshots(this, "UpgradeSnapshots", {
      instanceIdentifier: props.databases.platform.instanceIdentifier,
      upgrades: plan.retool.snapshots,
      encryptionKeys: plan.secrets.encryptionKeys.snapshots.map((identifier) => ({ identifier })),
      preventDestroy: plan.secrets.preventDestroy,
      after: exists,
    });
    const release = new RetoolRelease(this, "Release", {
      plan: plan.retool,
      patches: releasePatches(plan.retool, {
        pools: plan.cluster.pools,
        hasCodePool: plan.capacity.codePool !== undefined,
        databaseAuthorities: plan.database.caBundle,
        roleByServiceAccount: props.blobRoleArn !== undefined,
        region: plan.context.region,
      }),
      namespace,
      values: releaseValues(plan, referencesOf(props)),
      workloads,
      after: [...policies.ready, ...secrets, ...bindings.ready, ...snapshots.ready, ...platform.frontDoor.attached],
    });
    this.ready = release.ready;
  }

  private deliverSecrets(props: RetoolNamespaceProps, after: readonly ITerraformDependable[]): ITerraformDependable[] {
    const { plan, platform, encryptionKey, workloads } = props;
    const { secretDelivery } = plan;
    const operator =
      secretDelivery.kind === "terraform"
        ? undefined
        : new ExternalSecrets(this, "ExternalSecrets", {
            plan: secretDelivery,
            cluster: platform.cluster,
            encryptionKey,
            workloads,
            after,
          });
    const shared = { namespace: plan.context.namespace, writer: operator ?? workloads, after };
    const keys = new KubernetesSecrets(this, "Secrets", { ...shared, values: platform.secrets });
    const others = new PodSecrets(this, "PodSecrets", { ...shared, plan: podSecrets(plan), own: platform.secrets });
    return [...keys.ready, ...others.ready, ...(operator?.install() ?? [])];
  }

  private defineNamespace({ plan, workloads, after }: RetoolNamespaceProps): readonly ITerraformDependable[] {
    return workloads.namespace(this, "Resource", {
      manifest: {
        apiVersion: "v1",
        kind: "Namespace",
        metadata: {
          name: plan.context.namespace,
          labels: {
            // A new pod is ready only when the load balancer can reach it, so a rollout waits for healthy targets.
            "elbv2.k8s.aws/pod-readiness-gate-inject": "enabled",
            // The chart's device plugin and code executor need more than the baseline allows.
            "pod-security.kubernetes.io/enforce": "privileged",
          },
        },
      },
      after,
    });
  }
}

function referencesOf({ plan, platform, databases, blobRoleArn }: RetoolNamespaceProps): ReleaseReferences {
  const { platform: database, retoolDatabase, temporal: temporalDatabase } = databases;
  const { blobStorage } = platform;
  return {
    retoolDatabase,
    temporalDatabase,
    databaseHost: database.host,
    databasePort: database.port,
    databaseName: database.databaseName,
    databaseUser: database.username,
    bucketName: blobStorage?.bucketName ?? "",
    blobRoleArn,
    region: plan.context.region,
  };
}
