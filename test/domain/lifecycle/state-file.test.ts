import { addressParts, attributesIn, type TerraformState, withInstance } from "../../../domain/lifecycle/state-file";

const resource = (name: string, ...instances: { id: string; index_key?: number }[]) => ({
  mode: "managed",
  type: "aws_thing",
  name,
  provider: "aws",
  instances: instances.map(({ id, ...key }) => ({ schema_version: 1, ...key, attributes: { id } })),
});
const EMPTY: TerraformState = { serial: 3, lineage: "one", resources: [] };

test.each([
  ["aws_thing.a", { type: "aws_thing", name: "a" }],
  ["aws_thing.a[0]", { type: "aws_thing", name: "a", key: 0 }],
  ['aws_thing.a["b.c"]', { type: "aws_thing", name: "a", key: "b.c" }],
])("takes %s apart", (address, parts) => {
  expect(addressParts(address)).toEqual(parts);
});

describe("withInstance", () => {
  test("adds what was found under the address that it gets, and counts", () => {
    expect(withInstance(EMPTY, "aws_thing.mine", resource("it", { id: "1" }))).toEqual({
      serial: 4,
      lineage: "one",
      resources: [resource("mine", { id: "1" })],
    });
  });

  test("replaces what state had there, and nothing else", () => {
    const before = { ...EMPTY, resources: [resource("other", { id: "0" }), resource("mine", { id: "1" })] };

    expect(withInstance(before, "aws_thing.mine", resource("it", { id: "2" })).resources).toEqual([
      resource("other", { id: "0" }),
      resource("mine", { id: "2" }),
    ]);
  });

  test("replaces what is current, and leaves what is still to be deleted", () => {
    const deposed = { schema_version: 1, deposed: "1a2b3c4d", attributes: { id: "0" } };
    const both = { ...resource("mine", { id: "1" }), instances: [deposed, ...resource("mine", { id: "1" }).instances] };
    const after = withInstance({ ...EMPTY, resources: [both] }, "aws_thing.mine", resource("it", { id: "2" }));

    expect(after.resources).toEqual([{ ...both, instances: [deposed, ...resource("mine", { id: "2" }).instances] }]);
    expect(attributesIn(after, "aws_thing.mine")).toEqual({ id: "2" });
  });

  test("leaves the other instances of a block", () => {
    const before = { ...EMPTY, resources: [resource("mine", { id: "1", index_key: 0 })] };
    const after = withInstance(before, "aws_thing.mine[1]", resource("it", { id: "2" }));

    expect(attributesIn(after, "aws_thing.mine[0]")).toEqual({ id: "1" });
    expect(attributesIn(after, "aws_thing.mine[1]")).toEqual({ id: "2" });
    expect(attributesIn(after, "aws_thing.mine")).toBeUndefined();
  });

  test("adds nothing where nothing was found, and takes no data source for a resource", () => {
    const data = { ...resource("mine", { id: "1" }), mode: "data" };

    expect(withInstance(EMPTY, "aws_thing.mine", resource("it"))).toBe(EMPTY);
    expect(attributesIn({ ...EMPTY, resources: [data] }, "aws_thing.mine")).toBeUndefined();
  });
});
