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
import type { Listing, Lookup } from "../domain/lifecycle/finders";
import {
  addressParts,
  type Attributes,
  type StateResource,
  type TerraformState,
  withInstance,
} from "../domain/lifecycle/state-file";
import { AwsLists, type ProviderBlock } from "./aws-lists";
import { Failure } from "./failure";
import { Terraform } from "./terraform";
import type { ReadFailure } from "./terraform-messages";

/** A synthesized stack; only what we read of it. */
export interface StackJson {
  /** Versions of the providers. */
  readonly terraform: Readonly<Record<string, unknown>>;
  /** Configurations of the providers. */
  readonly provider?: Readonly<Record<string, readonly ProviderBlock[]>>;
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
}

/** A question to the provider of a resource. */
export interface Question {
  /** Address of the resource. */
  readonly address: string;
  /** What is asked. */
  readonly lookup: Lookup;
}

/** A list of AWS that the provider of a resource has no data source for. */
export interface ListQuestion {
  /** Address of the resource. */
  readonly address: string;
  /** What is asked. */
  readonly listing: Listing;
}

const EMPTY_STATE = { version: 4, terraform_version: "1.11.0", serial: 1, lineage: "adoption", outputs: {} } as const;

/**
 * A stack without anything but its AWS providers and the one resource that is asked for.
 *
 * `terraform import` in the stack itself needs every provider configured, and those of Kubernetes and Helm cannot be while the
 * cluster is not made yet.
 */
export class BareStack {
  private schemas?: Promise<Readonly<Record<string, number>>>;

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
   * What exists in AWS under many ids, all of them looked up by one process: each is written into an empty state with little but its
   * id, and Terraform refreshes that state, from which what does not exist vanishes.
   *
   * @returns In the order of the candidates, undefined where nothing exists.
   * @throws Failure where one cannot be read, which is then found by halves.
   */
  public async lookAll(candidates: readonly Candidate[]): Promise<(Found | undefined)[]> {
    if (candidates.length === 0) return [];
    const { failures, found } = await this.refreshed(candidates);
    const [first] = failures;
    const failure = failures.find(({ isOfAll }) => isOfAll) ?? first;
    if (failure === undefined) return found;
    if (failure.isOfAll) throw new Failure(`terraform refresh: ${failure.problem}; run the same command again`);
    // Terraform does not say which one could not be read.
    if (candidates.length > 1) {
      const middle = Math.ceil(candidates.length / 2);
      return [...(await this.lookAll(candidates.slice(0, middle))), ...(await this.lookAll(candidates.slice(middle)))];
    }
    if (failure.isAbsence) return [undefined];
    const names = candidates.map(({ address, id }) => `${address} ${id}`).join();
    throw new Failure(`terraform refresh: ${names}: ${failure.problem}; fix it and run the same command again`);
  }

  private async refreshed(
    candidates: readonly Candidate[],
  ): Promise<{ readonly failures: readonly ReadFailure[]; readonly found: (Found | undefined)[] }> {
    const schemas = await (this.schemas ??= new Terraform(this.folder, this.env).schemaVersions());
    const resources = candidates.map(({ address, type, id, inState = { id } }, index) => ({
      mode: "managed",
      type,
      name: `it${String(index)}`,
      provider: stateProvider(this.providerOf(address)),
      instances: [{ schema_version: schemas[type] ?? 0, attributes: inState }],
    }));
    return this.inFolder({}, async (terraform, stateFile) => {
      writeFileSync(stateFile, JSON.stringify({ ...EMPTY_STATE, resources }), { mode: 0o600 });
      const failures = await terraform.refresh();
      const known = new Map(resourcesIn(stateFile, "managed").map((one) => [one.name, one]));
      return { failures, found: candidates.map((_, index) => foundIn(known.get(`it${String(index)}`))) };
    });
  }

  /**
   * The answers of data sources, all of them read by one process, or by two where some find nothing.
   *
   * @returns In the order of the questions, undefined where nothing is found.
   * @throws Failure where something else is in the way.
   */
  public async askAll(questions: readonly Question[]): Promise<(Attributes | undefined)[]> {
    const blocks = questions.map(({ address, lookup }, index) => ({
      ...{ name: `it${String(index)}`, type: lookup.type },
      block: { ...lookup.arguments, provider: this.providerOf(address) },
    }));
    const absent = new Set<string>();
    for (;;) {
      const asked = blocks.filter(({ name, type }) => !absent.has(`data.${type}.${name}`));
      if (asked.length === 0) return questions.map(() => undefined);
      const { failures, answers } = await this.read(asked);
      if (failures.length === 0) return blocks.map(({ name }) => answers.get(name));
      const other = failures.find(
        ({ address, isAbsence }) => !isAbsence || address === undefined || absent.has(address),
      );
      if (other !== undefined)
        throw new Failure(`terraform refresh: ${other.problem}; fix it and run the same command again`);
      for (const { address = "" } of failures) absent.add(address);
    }
  }

  /**
   * Lists of AWS, each of them read once.
   *
   * @returns In the order of the questions, undefined where the list belongs to something that does not exist.
   */
  public listAll(questions: readonly ListQuestion[]): Promise<(Attributes | undefined)[]> {
    const lists = new AwsLists(this.env);
    return Promise.all(questions.map(({ address, listing }) => lists.read(listing, this.blockOf(address))));
  }

  private read(
    asked: readonly { readonly name: string; readonly type: string; readonly block: object }[],
  ): Promise<{ readonly failures: readonly ReadFailure[]; readonly answers: ReadonlyMap<string, Attributes> }> {
    const data: Record<string, Record<string, object>> = {};
    for (const { name, type, block } of asked) data[type] = { ...data[type], [name]: block };
    return this.inFolder({ data }, async (terraform, stateFile) => {
      const failures = await terraform.refresh();
      const answers = resourcesIn(stateFile, "data").flatMap(({ name, instances: [one] }) =>
        one === undefined ? [] : ([[name, one.attributes]] as const),
      );
      return { failures, answers: new Map(answers) };
    });
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

  /** The configuration of the provider of a resource. */
  private blockOf(address: string): ProviderBlock {
    const alias = this.providerOf(address)?.replace(/^aws\./, "");
    return this.stack.provider?.["aws"]?.find((block) => block.alias === alias) ?? {};
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

/** A provider as state writes it: `aws.copies` is the one with the alias `copies`. */
function stateProvider(provider: string | undefined): string {
  const alias = provider?.replace(/^aws/, "") ?? "";
  return `provider["registry.terraform.io/hashicorp/aws"]${alias}`;
}

function foundIn(resource: StateResource | undefined): Found | undefined {
  return resource && { attributes: resource.instances[0]?.attributes ?? {}, resource };
}

function resourcesIn(stateFile: string, wanted: string): readonly StateResource[] {
  if (!existsSync(stateFile)) return [];
  const { resources } = JSON.parse(readFileSync(stateFile, "utf8")) as TerraformState;
  return resources.filter(({ mode }) => mode === wanted);
}
