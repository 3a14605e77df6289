import { App, TerraformStack, Testing } from "cdktf";
import { Vpc } from "@cdktf/provider-aws/lib/vpc";

import { brokenPromises, notesThatAreMissing, type Promises } from "./released-addresses";

/** A stack with one VPC, under an id of its construct. */
function stackWith(id: string, from?: string): object {
  const stack = new TerraformStack(new App({ skipValidation: true }), "it");
  const vpc = new Vpc(stack, id, {});
  if (from !== undefined) vpc.moveFromId(from);
  return JSON.parse(Testing.synth(stack)) as object;
}

const released: Promises = {
  version: "1.2.3",
  addresses: ["prod-foundation: aws_vpc.old"],
  removals: [],
  changelog: "## Unreleased\n\n### Moved\n\n- `aws_vpc.old` is `aws_vpc.new`\n\n## 1.2.3\n",
};
const given = { addresses: released.addresses, reason: "nobody needs it", note: "docs/guides/upgrades.md#one-upgrade" };

describe("the addresses of the last release", () => {
  test("are all there, and others are new", () => {
    expect(
      brokenPromises(released, { "prod-foundation": stackWith("old"), "prod-cluster": stackWith("more") }),
    ).toEqual([]);
  });

  test("are missed where the id of a construct changes, with what to do", () => {
    expect(brokenPromises(released, { "prod-foundation": stackWith("new") })).toEqual([
      'prod-foundation: aws_vpc.old: released in 1.2.3 and gone: Terraform would destroy it in every running environment; keep the ids of its construct, call moveFromId("aws_vpc.old") on the resource that follows it, or give it up in test/golden/addresses.removed.json with a reason and a note',
    ]);
  });

  test("may move, if the changelog says where to", () => {
    const moved = { "prod-foundation": stackWith("new", "aws_vpc.old") };

    expect(brokenPromises(released, moved)).toEqual([]);
    expect(
      brokenPromises(
        { ...released, changelog: "## 1.2.3\n\n### Moved\n\n- `aws_vpc.older` is `aws_vpc.new`\n" },
        moved,
      ),
    ).toEqual([
      'prod-foundation: aws_vpc.old: moved to aws_vpc.new; write both addresses in backquotes on one line of "### Moved" in CHANGELOG.md',
    ]);
  });

  test("may not move to what is not made, nor into the state of another layer", () => {
    const nowhere = {
      moved: [
        { from: "aws_vpc.old", to: "aws_vpc.newer" },
        { from: "aws_vpc.newer", to: "aws_vpc.newest" },
      ],
    };

    expect(brokenPromises(released, { "prod-foundation": nowhere })).toEqual([expect.stringContaining("and gone")]);
    expect(brokenPromises(released, { "prod-foundation": stackWith("new"), "prod-cluster": stackWith("old") })).toEqual(
      [expect.stringContaining("put it back: it is in prod-cluster now")],
    );
    expect(
      brokenPromises(released, { "prod-foundation": stackWith("new"), "guest-cluster": stackWith("old") }),
    ).toEqual([expect.stringContaining("keep the ids")]);
  });

  test("may be given up with a reason and a note, for as long as they are missing", () => {
    const removals = [given];

    expect(brokenPromises({ ...released, removals }, { "prod-foundation": stackWith("new") })).toEqual([]);
    expect(brokenPromises({ ...released, removals }, { "prod-foundation": stackWith("old") })).toEqual([
      expect.stringContaining("and still made; remove the entry"),
    ]);
    expect(brokenPromises({ ...released, addresses: [], removals }, {})).toEqual([
      expect.stringContaining("1.2.3 did not release it; remove the entry"),
    ]);
    expect(notesThatAreMissing(removals)).toEqual([]);
    for (const wrong of [
      { ...given, note: "docs/guides/upgrades.md#nowhere" },
      { ...given, note: "nowhere.md#a" },
      { ...given, reason: "" },
    ])
      expect(notesThatAreMissing([wrong])).toHaveLength(1);
  });
});
