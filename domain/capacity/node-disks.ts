// Sizes of the disks of nodes. rootVolume in domain/nodes/node-classes.ts only renders them.

/** Disk of a node that images and the system use, GiB. */
const SYSTEM_DISK_GIB = 30;

/** Largest disk that can be had everywhere, GiB. */
export const MAX_DISK_GIB = 16_384;

/** Disk of a node of Retool's other containers, GiB. */
export const RETOOL_DISK_GIB = 100;

/**
 * Disk of a sandbox node in GiB, in whole tens: room for every byte the sandboxes may write, below the tenth at which the
 * kubelet evicts pods.
 *
 * @param sandboxesGiB - Disk of all sandboxes that fit on the node.
 */
export function sandboxDiskOf(sandboxesGiB: number): number {
  return Math.ceil((SYSTEM_DISK_GIB + sandboxesGiB) / 9) * 10;
}
