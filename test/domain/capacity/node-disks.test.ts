import { sandboxDiskOf } from "../../../domain/capacity/node-disks";

test.each([
  [7 * 22, 210],
  [0, 40],
  [60, 100],
  [61, 110],
])("sandboxes with %i GiB get a disk of %i GiB, of which a tenth stays free", (sandboxes, disk) => {
  expect(sandboxDiskOf(sandboxes)).toBe(disk);
  expect(disk * 0.9).toBeGreaterThanOrEqual(sandboxes + 30);
});
