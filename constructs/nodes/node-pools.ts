import { join } from "node:path";

import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

import type { CapacityPlan } from "../../domain/capacity/capacity";
import { headroomManifests, headroomName } from "../../domain/nodes/headroom-manifests";
import { KARPENTER } from "../../domain/cluster/pool-names";
import { nodeClasses } from "../../domain/nodes/node-classes";
import {
  longestGraceMinutes,
  nodePools,
  POOLS_TIMEOUT_SECONDS,
  REMOVAL_MARGIN_SECONDS,
} from "../../domain/nodes/node-pools";
import { OWN_CLUSTER_NAMES, type PoolNames } from "../../domain/cluster/pool-names";
import type { IEncryptionKey, IKarpenter, IWorkloads } from "../common/contracts";

/** A security group of nodes, such as a {@link UserCodeSecurityGroup}. */
export interface INodeSecurityGroup {
  /** Id of the group. */
  readonly securityGroupId: string;
  /** Its rules. */
  readonly ready: readonly ITerraformDependable[];
}

/** Construction properties for {@link NodePools}. */
export interface NodePoolsProps {
  /** How large the pools may grow, and what their nodes are. */
  readonly plan: CapacityPlan;
  /**
   * Names of the pools in the cluster.
   *
   * @default - `retool`, `sandbox` and `code-execution`
   */
  readonly names?: PoolNames;
  /**
   * Namespace of the releases' own records and of the pods that keep room free.
   *
   * @default "kube-system"
   */
  readonly namespace?: string;
  /** Subnets of the nodes. */
  readonly subnetIds: readonly string[];
  /**
   * Subnets of the sandboxes' nodes.
   *
   * @default - those of the other nodes
   */
  readonly sandboxSubnetIds?: readonly string[];
  /** Security groups of the nodes of Retool's own containers. */
  readonly securityGroupIds: readonly string[];
  /** Security group of the nodes of sandboxes. */
  readonly sandboxSecurityGroup: INodeSecurityGroup;
  /**
   * Security group of the nodes for code execution; needed exactly where the plan has a pool of them.
   *
   * @default - the plan has no such pool
   */
  readonly codeSecurityGroup?: INodeSecurityGroup;
  /** Karpenter's alias of the nodes' image, pinned: `al2023@v20260903`. */
  readonly amiAlias: string;
  /** Key that encrypts the disks of the nodes. */
  readonly encryptionKey: IEncryptionKey;
  /** Tags of every instance and disk. */
  readonly tags: Readonly<Record<string, string>>;
  /** Controller of the pools. */
  readonly karpenter: IKarpenter;
  /** Where the custom resources are installed. */
  readonly workloads: IWorkloads;
}

/** The local chart that installs objects as they are. */
const MANIFESTS_CHART = {
  kind: "asset",
  path: join(__dirname, "..", "assets", "manifests"),
  version: "1.0.0",
} as const;

/**
 * The pools of nodes that Karpenter fills, with what their instances are made of.
 *
 * Pools and classes are two releases: a class is gone only when its last node is, and Helm waits for that as long as the
 * release's timeout says. Pools go first, so that no new node appears meanwhile.
 */
export class NodePools extends Construct {
  /** What must exist before a pod can rely on the pools; the namespace of such pods goes before the pools do. */
  public readonly ready: readonly ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: NodePoolsProps) {
    super(scope, id);
    const classes = this.installClasses(props);
    const pools = this.installPools(props, classes);
    this.keepHeadroom(props, pools);
    this.ready = [...classes, ...pools];
  }

  private installClasses(props: NodePoolsProps): readonly ITerraformDependable[] {
    const { plan, karpenter, encryptionKey, workloads, subnetIds, securityGroupIds, tags } = props;
    const { sandboxSecurityGroup, codeSecurityGroup } = props;
    const { names, namespace } = placeOf(props);
    return workloads.customResources(this, "Classes", {
      name: `${names.releases}-node-classes`,
      namespace,
      manifests: nodeClasses(
        plan,
        {
          subnetIds,
          sandboxSubnetIds: props.sandboxSubnetIds ?? subnetIds,
          securityGroupIds,
          sandboxSecurityGroupIds: [sandboxSecurityGroup.securityGroupId],
          codeSecurityGroupIds: codeSecurityGroup && [codeSecurityGroup.securityGroupId],
          tags,
          instanceProfileName: karpenter.instanceProfileName,
          sandboxInstanceProfileName: karpenter.sandboxInstanceProfileName,
          kmsKeyArn: encryptionKey.keyArn,
          amiAlias: props.amiAlias,
        },
        names,
      ),
      timeoutSeconds: longestGraceMinutes(plan) * 60 + REMOVAL_MARGIN_SECONDS,
      after: [...karpenter.ready, ...sandboxSecurityGroup.ready, ...(codeSecurityGroup?.ready ?? [])],
    });
  }

  private installPools(
    props: NodePoolsProps,
    classes: readonly ITerraformDependable[],
  ): readonly ITerraformDependable[] {
    const { plan, karpenter, workloads } = props;
    const { names, namespace } = placeOf(props);
    return workloads.customResources(this, "Pools", {
      name: `${names.releases}-node-pools`,
      namespace,
      manifests: nodePools(plan, names),
      timeoutSeconds: POOLS_TIMEOUT_SECONDS,
      after: [...karpenter.ready, ...classes],
    });
  }

  /** Nothing depends on the headroom: it may be short of room for ever, and goes before the pools do. */
  private keepHeadroom(props: NodePoolsProps, pools: readonly ITerraformDependable[]): void {
    const { plan, workloads } = props;
    const { names, namespace } = placeOf(props);
    const headroom = headroomManifests(plan, namespace, names);
    if (headroom === undefined) return;
    const priority = workloads.priorityClass(this, "Priority", { manifest: headroom.priorityClass, after: pools });
    workloads.helmRelease(this, "Headroom", {
      name: headroomName(names),
      namespace,
      chart: MANIFESTS_CHART,
      values: { manifests: [headroom.pods] },
      timeoutSeconds: POOLS_TIMEOUT_SECONDS,
      hasPods: true,
      after: [...pools, ...priority],
    });
  }
}

function placeOf({ names = OWN_CLUSTER_NAMES, namespace = KARPENTER.namespace }: NodePoolsProps): {
  readonly names: PoolNames;
  readonly namespace: string;
} {
  return { names, namespace };
}
