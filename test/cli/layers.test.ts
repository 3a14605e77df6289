import { type LayerStore, moveState, type StateStore } from "../../cli/layers";
import type { TerraformState } from "../../domain/lifecycle/state-file";

const EMPTY: TerraformState = { version: 4, serial: 0, lineage: "", outputs: {}, resources: [] };

const vpc = (id: string): TerraformState["resources"][number] => ({
  mode: "managed",
  type: "aws_vpc",
  name: "main",
  provider: 'provider["registry.terraform.io/hashicorp/aws"]',
  instances: [{ schema_version: 1, attributes: { id } }],
});

/** A state in memory, which refuses to be written as Terraform does. */
class Memory implements StateStore {
  public readonly written: TerraformState[] = [];

  public constructor(
    public state: TerraformState,
    private readonly breaks = false,
  ) {}

  public pullState(): Promise<TerraformState> {
    return Promise.resolve(this.state);
  }

  public pushState(state: TerraformState): Promise<void> {
    if (this.breaks || state.serial <= this.state.serial) return Promise.reject(new Error("cannot be written"));
    this.state = state;
    this.written.push(state);
    return Promise.resolve();
  }
}

const layerOf = (name: string, type: string, store: Memory): LayerStore & { readonly store: Memory } => ({
  name,
  json: { resource: { [type]: { main: {} } } },
  store,
});

const bench = (held: TerraformState = EMPTY, breaks = false) => ({
  whole: new Memory({ ...EMPTY, serial: 4, lineage: "whole", resources: [vpc("vpc-1")] }),
  stores: [
    layerOf("prod-foundation", "aws_vpc", new Memory({ ...held, lineage: "foundation" })),
    layerOf("prod-cluster", "aws_eks_cluster", new Memory({ ...EMPTY, lineage: "cluster" }, breaks)),
  ],
});

describe("moveState", () => {
  test("says what it would move, and writes nothing", async () => {
    const { whole, stores } = bench();

    expect(await moveState("prod", whole, stores, false)).toEqual([
      { stack: "prod-foundation", resources: 1 },
      { stack: "prod-cluster", resources: 0 },
    ]);
    for (const store of [whole, ...stores.map((one) => one.store)]) expect(store.written).toEqual([]);
  });

  test("moves, empties the one state last, and then has nothing to move", async () => {
    const { whole, stores } = bench();
    await moveState("prod", whole, stores, true);

    expect(stores[0]?.store.state).toMatchObject({ serial: 1, lineage: "foundation", resources: [vpc("vpc-1")] });
    expect(whole.state).toMatchObject({ serial: 5, lineage: "whole", resources: [], outputs: {} });
    expect(await moveState("prod", whole, stores, true)).toEqual([]);
  });

  test("is completed by the next run where it was interrupted", async () => {
    const { whole, stores } = bench({ ...EMPTY, serial: 1, resources: [vpc("vpc-1")] });
    await moveState("prod", whole, stores, true);

    expect(stores[0]?.store.written).toEqual([]);
    expect(whole.state.resources).toEqual([]);
  });

  test("keeps the one state while a layer's cannot be written", async () => {
    const { whole, stores } = bench(EMPTY, true);

    await expect(moveState("prod", whole, stores, true)).rejects.toThrow("cannot be written");
    expect(whole.state.resources).toHaveLength(1);
  });

  test("refuses to overwrite a layer that holds something else", async () => {
    const { whole, stores } = bench({ ...EMPTY, serial: 1, resources: [vpc("vpc-2")] });

    await expect(moveState("prod", whole, stores, true)).rejects.toThrow(
      "prod-foundation: its state holds 1 resources, and not those to be moved, so nothing was moved; compare both with terraform state list (docs/guides/layers.md)",
    );
    expect(whole.written).toEqual([]);
  });

  test("refuses to lose a resource that no layer has", async () => {
    const { whole, stores } = bench();

    await expect(moveState("prod", whole, stores.slice(1), true)).rejects.toThrow(
      "prod: the state holds aws_vpc.main, which no layer has, so nothing was moved; deploy prod as one stack first, so that state and configuration agree",
    );
  });
});
