import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import type { Candidate } from "../domain/lifecycle/adoption";
import type { Lookup } from "../domain/lifecycle/finders";
import {
  addressParts,
  type Attributes,
  type StateResource,
  type TerraformState,
  withInstance,
} from "../domain/lifecycle/state-file";
import { Terraform } from "./terraform";

/** A synthesized stack; only what we read of it. */
export interface StackJson {
  /** Versions of the providers. */
  readonly terraform: Readonly<Record<string, unknown>>;
  /** Configurations of the providers. */
  readonly provider?: Readonly<Record<string, unknown>>;
  /** Resources by type and name. */
  readonly resource?: Readonly<Record<string, Readonly<Record<string, StackResource>>>>;
}

/** A resource of a synthesized stack. */
export interface StackResource extends Attributes {
  /** The provider that is not the default one. */
  readonly provider?: string;
}

/** What exists in AWS. */
export interface Found {
  /** Its attributes. */
  readonly attributes: Attributes;
  /** How state would hold it. */
  readonly resource: StateResource;
  /** The answer to the question that was asked with it. */
  readonly answer?: Attributes;
}

/**
 * A stack without anything but its AWS providers and the one resource that is asked for.
 *
 * `terraform import` in the stack itself needs every provider configured, and those of Kubernetes and Helm cannot be while the
 * cluster is not made yet.
 */
export class BareStack {
  /**
   * @param folder - Folder of the stack, in which `terraform init` ran.
   * @param stack - What is in its `cdk.tf.json`.
   * @param env - Environment of every Terraform command.
   */
  public constructor(
    private readonly folder: string,
    public readonly stack: StackJson,
    private readonly env: NodeJS.ProcessEnv,
  ) {}

  /**
   * What exists in AWS under an id, undefined where nothing does; the stack's state is not touched.
   *
   * @param candidate - The resource whose provider is asked.
   * @param lookup - What else is asked at once.
   */
  public look({ address, type, id }: Candidate, lookup?: Lookup): Promise<Found | undefined> {
    const { name } = addressParts(address);
    const provider = this.providerOf(address);
    const blocks = { resource: { [type]: { [name]: { provider } } }, ...dataBlock(lookup, provider) };
    return this.inFolder(blocks, async (terraform, stateFile) => {
      if (!(await terraform.import(`${type}.${name}`, id))) return undefined;
      const [resource] = resourcesIn(stateFile, "managed");
      if (resource === undefined) return undefined;
      const attributes = resource.instances[0]?.attributes ?? {};
      return { attributes, resource, answer: resourcesIn(stateFile, "data")[0]?.instances[0]?.attributes };
    });
  }

  /**
   * The answer of a data source, undefined where it finds nothing.
   *
   * @param address - The resource whose provider is asked.
   */
  public ask(address: string, lookup: Lookup): Promise<Attributes | undefined> {
    return this.inFolder({ ...dataBlock(lookup, this.providerOf(address)) }, async (terraform, stateFile) =>
      (await terraform.readData()) ? resourcesIn(stateFile, "data")[0]?.instances[0]?.attributes : undefined,
    );
  }

  /**
   * Writes what was found into the stack's state, all of it or nothing.
   *
   * @param found - What state would hold, by address.
   */
  public async take(found: ReadonlyMap<string, StateResource>): Promise<void> {
    if (found.size === 0) return;
    const terraform = new Terraform(this.folder, this.env);
    let state = await terraform.pullState();
    for (const [address, resource] of found) state = withInstance(state, address, resource);
    await terraform.pushState(state);
  }

  /** The stack's state. */
  public state(): Promise<TerraformState> {
    return new Terraform(this.folder, this.env).pullState();
  }

  /** The provider that is not the default one, such as that of a second region. */
  private providerOf(address: string): string | undefined {
    const { type, name } = addressParts(address);
    return this.stack.resource?.[type]?.[name]?.provider;
  }

  /** The folder takes over the stack's providers and their locked versions, so that it needs no `terraform init`. */
  private async inFolder<Result>(
    blocks: object,
    use: (terraform: Terraform, stateFile: string) => Promise<Result>,
  ): Promise<Result> {
    const folder = mkdtempSync(join(tmpdir(), "retool-adopt-"));
    try {
      const terraform = { ...this.stack.terraform, backend: undefined };
      writeFileSync(
        join(folder, "cdk.tf.json"),
        JSON.stringify({ terraform, provider: { aws: this.stack.provider?.["aws"] }, ...blocks }),
      );
      const lock = join(this.folder, ".terraform.lock.hcl");
      if (existsSync(lock)) copyFileSync(lock, join(folder, ".terraform.lock.hcl"));
      const dataFolder = join(folder, ".terraform");
      mkdirSync(dataFolder);
      symlinkSync(
        resolve(this.folder, this.env["TF_DATA_DIR"] ?? ".terraform", "providers"),
        join(dataFolder, "providers"),
      );
      return await use(
        new Terraform(folder, { ...this.env, TF_DATA_DIR: dataFolder }),
        join(folder, "terraform.tfstate"),
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
}

function dataBlock(lookup: Lookup | undefined, provider: string | undefined): object {
  return lookup === undefined ? {} : { data: { [lookup.type]: { it: { ...lookup.arguments, provider } } } };
}

function resourcesIn(stateFile: string, wanted: string): readonly StateResource[] {
  if (!existsSync(stateFile)) return [];
  const { resources } = JSON.parse(readFileSync(stateFile, "utf8")) as TerraformState;
  return resources.filter(({ mode }) => mode === wanted);
}
