import { UpgradeSnapshots } from "../../../constructs/database/upgrade-snapshots";
import { planSnapshots } from "../../../domain/upgrade/records";
import { type Synthesized, synthesize } from "../../support/synthesize";

const FIRST = "retool-prod-4-0-9-stable-before-4-34-1-stable";

const define = (tags: readonly string[], preventDestroy = true): { template: Synthesized; ready: number } => {
  const upgrades = tags.slice(1).map((to, index) => ({ from: tags[index]!, to }));
  let ready = 0;
  const template = synthesize((scope) => {
    ready = new UpgradeSnapshots(scope, "Snapshots", {
      instanceIdentifier: "retool-prod",
      upgrades: planSnapshots(upgrades, "retool-prod"),
      encryptionKeys: [],
      preventDestroy,
      after: [{ fqn: "aws_db_instance.retool" }],
    }).ready.length;
  });
  return { template, ready };
};

test("are snapshots of the instance under their own names, made once it exists", () => {
  const { template, ready } = define(["4.0.9-stable", "4.34.1-stable"]);

  expect(template.all("aws_db_snapshot")).toEqual([
    expect.objectContaining({
      db_instance_identifier: expect.stringMatching(
        /^\$\{\(?contains\(.*"retool-prod" : "must not be created"/,
      ) as string,
      db_snapshot_identifier: FIRST,
      depends_on: ["aws_db_instance.retool"],
      timeouts: { create: "3h" },
    }),
  ]);
  // The instance restored from a snapshot must not replace, that is delete, that snapshot.
  expect(template.only("aws_db_snapshot")["lifecycle"]).toMatchObject({
    prevent_destroy: true,
    ignore_changes: ["db_instance_identifier"],
  });
  expect(ready).toBe(1);
});

test("leave state when another is made, which waits in the record behind them", () => {
  const { template } = define(["4.0.9-stable", "4.34.1-stable", "4.86.0-stable"]);
  const ledgers = template.all("terraform_data");

  expect(template.all("aws_db_snapshot")).toHaveLength(1);
  expect(template.json["removed"]).toEqual([
    {
      from: expect.stringMatching(/^aws_db_snapshot\.Snapshots_retool-prod-4-0-9/) as string,
      lifecycle: { destroy: false },
    },
  ]);
  expect(ledgers.map(({ count }) => count)).toEqual([0, 2]);
  expect(ledgers[1]).toMatchObject({
    lifecycle: { prevent_destroy: true },
    triggers_replace: expect.stringContaining(`["${FIRST}", aws_db_snapshot.`) as string,
  });
});

test("can be deleted with disposable data", () => {
  const { template } = define(["4.0.9-stable", "4.34.1-stable"], false);

  expect(template.all("terraform_data")).toEqual([]);
  expect(template.only("aws_db_snapshot")["lifecycle"]).toMatchObject({ prevent_destroy: false });
});

test("are none on the first deployment", () => {
  const { template, ready } = define(["4.0.9-stable"]);

  expect([template.all("aws_db_snapshot"), ready]).toEqual([[], 0]);
  // The record stands from the beginning: a list that is lost as a whole is refused too.
  expect(template.all("terraform_data")).toHaveLength(2);
});
