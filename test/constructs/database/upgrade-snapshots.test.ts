import { UpgradeSnapshots } from "../../../constructs/database/upgrade-snapshots";
import { planSnapshots } from "../../../domain/upgrade/records";
import { type Block, synthesize } from "../../support/synthesize";

const snapshotsOf = (tags: readonly string[]): { blocks: Block[]; ready: number } => {
  const upgrades = tags.slice(1).map((to, index) => ({ from: tags[index]!, to }));
  let ready = 0;
  const stack = synthesize((scope) => {
    ready = new UpgradeSnapshots(scope, "Snapshots", {
      instanceIdentifier: "retool-prod",
      snapshots: planSnapshots(upgrades, "retool-prod"),
      after: [{ fqn: "aws_db_instance.retool" }],
    }).ready.length;
  });
  return { blocks: stack.all("aws_db_snapshot"), ready };
};

test("are snapshots of the instance under their own names, made once it exists", () => {
  expect(snapshotsOf(["4.0.9-stable", "4.34.1-stable"])).toEqual({
    blocks: [
      expect.objectContaining({
        db_instance_identifier: "retool-prod",
        db_snapshot_identifier: "retool-prod-4-0-9-stable-before-4-34-1-stable",
        depends_on: ["aws_db_instance.retool"],
        timeouts: { create: "3h" },
        // The instance restored from a snapshot must not replace, that is delete, that snapshot.
        lifecycle: { ignore_changes: ["db_instance_identifier"] },
      }),
    ],
    ready: 1,
  });
});

test("stay as they are when one is added", () => {
  const before = snapshotsOf(["4.0.9-stable", "4.34.1-stable"]).blocks;
  const after = snapshotsOf(["4.0.9-stable", "4.34.1-stable", "4.86.0-stable"]);

  expect(after.blocks.slice(0, 1)).toEqual(before);
  expect(after.ready).toBe(2);
});

test("are none on the first deployment", () => {
  expect(snapshotsOf(["4.0.9-stable"])).toEqual({ blocks: [], ready: 0 });
});
