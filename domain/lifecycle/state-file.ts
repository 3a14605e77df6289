/** Attributes of a resource, under Terraform's names. */
export type Attributes = Readonly<Record<string, unknown>>;

/** One instance of a resource in Terraform's state. */
export interface StateInstance {
  /** Key of an instance that `count` or `for_each` made. */
  readonly index_key?: string | number;
  /** Version of the provider's schema that the attributes have. */
  readonly schema_version: number;
  /** What the provider noted. */
  readonly attributes: Attributes;
  /** Present where it was replaced and is still to be deleted. */
  readonly deposed?: string;
  /** Everything else Terraform keeps of it. */
  readonly [part: string]: unknown;
}

/** A resource or data source in Terraform's state. */
export interface StateResource {
  /** `managed` or `data`. */
  readonly mode: string;
  /** Type of the resource. */
  readonly type: string;
  /** Name of its block. */
  readonly name: string;
  /** Its provider, as state writes it. */
  readonly provider: string;
  /** Its instances. */
  readonly instances: readonly StateInstance[];
}

/** Terraform's state, as `terraform state pull` prints it; only what is read or written of it. */
export interface TerraformState {
  /** Number that grows with each change; Terraform refuses to write an older state over a newer one. */
  readonly serial: number;
  /** Everything that state holds. */
  readonly resources: readonly StateResource[];
  /** Everything else in it. */
  readonly [part: string]: unknown;
}

/** The parts of an address without modules. */
export interface AddressParts {
  /** Type of the resource. */
  readonly type: string;
  /** Name of its block. */
  readonly name: string;
  /** Key of the instance; absent where the block makes one. */
  readonly key?: string | number;
}

/** Takes an address such as `aws_subnet.a` or `terraform_data.it[0]` apart. */
export function addressParts(address: string): AddressParts {
  const [, type = "", name = "", key] = /^([^.[]+)\.([^.[]+)(?:\[(.+)\])?$/.exec(address) ?? [];
  return key === undefined ? { type, name } : { type, name, key: JSON.parse(key) as string | number };
}

/**
 * A state with one more resource instance; one that it has under the same address is replaced.
 *
 * @param state - The state.
 * @param address - Address that the instance gets.
 * @param found - The instance, as another state holds it.
 */
export function withInstance(state: TerraformState, address: string, found: StateResource): TerraformState {
  const { type, name, key } = addressParts(address);
  const [instance] = found.instances;
  if (instance === undefined) return state;
  const isSame = (one: StateResource): boolean => one.mode === "managed" && one.type === type && one.name === name;
  const others = state.resources.find(isSame)?.instances.filter((one) => !isCurrent(one, key)) ?? [];
  const added: StateInstance = key === undefined ? instance : { ...instance, index_key: key };
  const resource: StateResource = { ...found, mode: "managed", type, name, instances: [...others, added] };
  return {
    ...state,
    serial: state.serial + 1,
    resources: [...state.resources.filter((one) => !isSame(one)), resource],
  };
}

/** The attributes of an instance in state; undefined where state has none at the address. */
export function attributesIn(state: TerraformState, address: string): Attributes | undefined {
  const { type, name, key } = addressParts(address);
  return state.resources
    .find((one) => one.mode === "managed" && one.type === type && one.name === name)
    ?.instances.find((one) => isCurrent(one, key))?.attributes;
}

function isCurrent({ index_key: index, deposed }: StateInstance, key: AddressParts["key"]): boolean {
  return index === key && deposed === undefined;
}
