import type { CapacityPlan } from "../capacity/capacity";
import { MAX_PODS } from "../capacity/instance-types";
import type { JsonObject, Manifest } from "../common/kubernetes";
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
  /** Security groups of the nodes. */
  readonly securityGroupIds: readonly string[];
  /** Instance profile of the nodes. */
  readonly instanceProfileName: string;
  /** Key that encrypts the nodes' disks. */
  readonly kmsKeyArn: string;
  /** Karpenter's alias of the nodes' image, pinned: `al2023@v20260714`. */
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
    nodeClass(names.retool, rootVolume(plan.retoolPool.rootDiskGiB, references), references),
    nodeClass(
      names.sandbox,
      { ...rootVolume(plan.rootDiskGiB, references), ...SANDBOX_DISK },
      { ...references, subnetIds: references.sandboxSubnetIds ?? references.subnetIds },
      PARALLEL_PULLS,
    ),
  ];
}

/** Speed of the disk of a sandbox node, twice that of a plain one: several large images arrive at the same time. */
const SANDBOX_DISK = { iops: 6000, throughput: 250 } as const;

/** Image pulls of a sandbox node: it starts with several large images at the same time. */
const PARALLEL_PULLS = { serializeImagePulls: false, maxParallelImagePulls: 5 } as const;

function nodeClass(name: string, ebs: JsonObject, references: NodeClassReferences, kubelet: JsonObject = {}): Manifest {
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
      metadataOptions: {
        httpEndpoint: "enabled",
        httpProtocolIPv6: "disabled",
        httpPutResponseHopLimit: 1,
        httpTokens: "required",
      },
      kubelet: { maxPods: MAX_PODS, ...kubelet },
      tags: references.tags,
    },
  };
}

function rootVolume(sizeGiB: number, { kmsKeyArn }: NodeClassReferences): JsonObject {
  return {
    volumeSize: `${sizeGiB}Gi`,
    volumeType: "gp3",
    encrypted: true,
    kmsKeyID: kmsKeyArn,
    deleteOnTermination: true,
  };
}
