import type { CapacityPlan } from "../capacity/capacity";
import { MAX_PODS } from "../capacity/instance-types";
import type { JsonObject, Manifest } from "../common/kubernetes";
import { METADATA_OPTIONS } from "../common/metadata-options";
import { OWN_CLUSTER_NAMES, type PoolNames } from "../cluster/pool-names";

/** What node classes refer to: names and ids as opaque strings. */
export interface NodeClassReferences {
  /** Subnets of the nodes, one a zone. */
  readonly subnetIds: readonly string[];
  /**
   * Subnets of the sandboxes' nodes.
   *
   * @default - those of the other nodes
   */
  readonly sandboxSubnetIds?: readonly string[];
  /** Security groups of the nodes of Retool's own containers. */
  readonly securityGroupIds: readonly string[];
  /** Security groups of the sandboxes' nodes. */
  readonly sandboxSecurityGroupIds: readonly string[];
  /**
   * Security groups of the nodes for code execution.
   *
   * @default - none: the plan has no pool for code execution
   */
  readonly codeSecurityGroupIds?: readonly string[];
  /** Instance profile of the nodes of Retool's own containers. */
  readonly instanceProfileName: string;
  /** Instance profile of the nodes that run users' code: those of sandboxes, and of the pool for code execution. */
  readonly sandboxInstanceProfileName: string;
  /** Key that encrypts the nodes' disks. */
  readonly kmsKeyArn: string;
  /** Karpenter's alias of the nodes' image, pinned: `al2023@v20260903`. */
  readonly amiAlias: string;
  /** Tags of every instance and disk. */
  readonly tags: Readonly<Record<string, string>>;
}

/** Builds the node classes: what an instance of each pool is made of. */
export function nodeClasses(
  plan: CapacityPlan,
  references: NodeClassReferences,
  names: PoolNames = OWN_CLUSTER_NAMES,
): Manifest[] {
  return [
    nodeClass(names.retool, rootVolume(plan.retoolPool.rootDiskGiB, references.kmsKeyArn), references),
    ...codeClass(plan, references, names),
    nodeClass(
      names.sandbox,
      { ...rootVolume(plan.sandboxPool.rootDiskGiB, references.kmsKeyArn), ...SANDBOX_DISK },
      {
        ...references,
        subnetIds: references.sandboxSubnetIds ?? references.subnetIds,
        securityGroupIds: references.sandboxSecurityGroupIds,
        instanceProfileName: references.sandboxInstanceProfileName,
      },
      PARALLEL_PULLS,
    ),
  ];
}

/**
 * Users' code runs on them: a security group that a database made here does not admit, and no Session Manager, whose policy also
 * reads every parameter of the account.
 */
function codeClass({ codePool }: CapacityPlan, references: NodeClassReferences, names: PoolNames): Manifest[] {
  if (codePool === undefined) return [];
  const { codeSecurityGroupIds: securityGroupIds, sandboxInstanceProfileName: instanceProfileName } = references;
  if (securityGroupIds === undefined) throw new Error("the pool for code execution needs its own security group");
  const apart = { ...references, securityGroupIds, instanceProfileName };
  return [nodeClass(names.code, rootVolume(codePool.rootDiskGiB, references.kmsKeyArn), apart)];
}

/** Speed of the disk of a sandbox node, twice that of a plain one: several large images arrive at the same time. */
const SANDBOX_DISK = { iops: 6000, throughput: 250 } as const;

/**
 * Image pulls of a sandbox node: it starts with several large images at the same time, and more than five at once would only
 * share its disk.
 *
 * In the user data, since `kubelet` of an EC2NodeClass knows neither field and Helm drops what the definition does not know.
 * Karpenter puts its own NodeConfig behind this one and nodeadm merges both, field by field.
 * Sources: `pkg/providers/amifamily/bootstrap/nodeadm.go` of Karpenter 1.14.1; https://awslabs.github.io/amazon-eks-ami/nodeadm/
 */
const PARALLEL_PULLS: NodeConfig = {
  apiVersion: "node.eks.aws/v1alpha1",
  kind: "NodeConfig",
  spec: { kubelet: { config: { serializeImagePulls: false, maxParallelImagePulls: 5 } } },
};

/** Settings of a node's kubelet as nodeadm of Amazon Linux 2023 reads them. */
interface NodeConfig {
  readonly apiVersion: "node.eks.aws/v1alpha1";
  readonly kind: "NodeConfig";
  readonly spec: { readonly kubelet: { readonly config: JsonObject } };
}

function nodeClass(name: string, disk: JsonObject, references: NodeClassReferences, config?: NodeConfig): Manifest {
  return nodeClassManifest(name, { ...references, disk, maxPods: MAX_PODS, config });
}

/** What every node class is made of. */
export type NodeClassParts = Pick<
  NodeClassReferences,
  "subnetIds" | "securityGroupIds" | "instanceProfileName" | "kmsKeyArn" | "amiAlias" | "tags"
>;

/** Builds a node class: private, its disk encrypted, its metadata out of reach of pods. */
export function nodeClassManifest(
  name: string,
  references: NodeClassParts & { readonly disk: JsonObject; readonly maxPods?: number; readonly config?: NodeConfig },
): Manifest {
  const { disk: ebs, maxPods, config } = references;
  const { httpEndpoint, ...tokens } = METADATA_OPTIONS;
  return {
    apiVersion: "karpenter.k8s.aws/v1",
    kind: "EC2NodeClass",
    metadata: { name },
    spec: {
      amiSelectorTerms: [{ alias: references.amiAlias }],
      instanceProfile: references.instanceProfileName,
      subnetSelectorTerms: references.subnetIds.map((id) => ({ id })),
      securityGroupSelectorTerms: references.securityGroupIds.map((id) => ({ id })),
      associatePublicIPAddress: false,
      blockDeviceMappings: [{ deviceName: "/dev/xvda", rootVolume: true, ebs }],
      metadataOptions: { httpEndpoint, httpProtocolIPv6: "disabled", ...tokens },
      ...(maxPods === undefined ? {} : { kubelet: { maxPods } }),
      // JSON is YAML, which is what Karpenter looks for.
      ...(config === undefined ? {} : { userData: JSON.stringify(config) }),
      tags: references.tags,
    },
  };
}

/** The disk of a node, encrypted, which goes with it. Sizes: domain/capacity/node-disks.ts. */
export function rootVolume(sizeGiB: number, kmsKeyArn: string): JsonObject {
  return {
    volumeSize: `${sizeGiB}Gi`,
    volumeType: "gp3",
    encrypted: true,
    kmsKeyID: kmsKeyArn,
    deleteOnTermination: true,
  };
}
