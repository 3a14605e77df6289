import type { TerraformJson } from "./retained-data";
import type { StateInstance, StateResource, TerraformState } from "./state-file";

/** A stack of an environment with layers, as it was synthesized. */
export interface LayerJson {
  /** Name of the stack. */
  readonly name: string;
  /** What was synthesized. */
  readonly json: TerraformJson;
}

/** What of a state belongs to each layer. */
export interface DividedState {
  /** What the state of each layer holds, in the order of the layers. */
  readonly parts: readonly Pick<TerraformState, "resources" | "outputs">[];
  /** Addresses that no layer has: they would be in no state at all. */
  readonly homeless: readonly string[];
}

/**
 * Divides the state of one stack among the stacks of its layers, in which every resource has the same address.
 *
 * Data sources are left out: the next plan reads them.
 */
export function divideState({ resources, outputs }: TerraformState, layers: readonly LayerJson[]): DividedState {
  const managed = resources.filter(({ mode }) => mode === "managed");
  const homes = new Map(layers.flatMap((layer) => addressesOf(layer).map((address) => [address, layer.name] as const)));
  const homeless = managed.map(addressOf).filter((address) => !homes.has(address));
  return {
    homeless,
    parts: layers.map(({ name, json }) => ({
      resources: managed
        .filter((one) => homes.get(addressOf(one)) === name)
        .map((one) => ({ ...one, instances: one.instances.map((it) => within(it, homes, name)) })),
      outputs: outputsIn(outputs, json),
    })),
  };
}

/** Whether a state holds exactly these resources already: a move that was interrupted is only completed. */
export function holdsAlready({ resources }: TerraformState, part: Pick<TerraformState, "resources">): boolean {
  const ids = (all: readonly StateResource[]): string =>
    all
      .filter(({ mode }) => mode === "managed")
      .flatMap((one) => one.instances.map(({ attributes }) => `${addressOf(one)} ${String(attributes["id"])}`))
      .sort()
      .join("\n");
  return ids(resources) === ids(part.resources);
}

/** Number of resources that Terraform manages in a state. */
export function managedIn({ resources }: Pick<TerraformState, "resources">): number {
  return resources.filter(({ mode }) => mode === "managed").length;
}

function addressOf({ type, name }: StateResource): string {
  return `${type}.${name}`;
}

/** Addresses that a layer makes, or had before by a `moved` block, or forgets by a `removed` block. */
function addressesOf({ json: { resource = {}, removed = [], moved = [] } }: LayerJson): string[] {
  const made = Object.entries(resource).flatMap(([type, byName]) =>
    Object.keys(byName).map((name) => `${type}.${name}`),
  );
  return [...made, ...[...removed, ...moved].map(({ from }) => String(from))];
}

/** An instance that waits for nothing in another state. */
function within(instance: StateInstance, homes: ReadonlyMap<string, string>, name: string): StateInstance {
  const { dependencies } = instance;
  if (!Array.isArray(dependencies)) return instance;
  return { ...instance, dependencies: dependencies.filter((address) => homes.get(String(address)) === name) };
}

function outputsIn(outputs: unknown, { output }: TerraformJson): Record<string, unknown> {
  const known = new Set(Object.keys(output ?? {}));
  return Object.fromEntries(Object.entries(outputs ?? {}).filter(([name]) => known.has(name)));
}
