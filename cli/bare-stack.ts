import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import type { Candidate } from "../domain/lifecycle/adoption";
import { Terraform } from "./terraform";

/** A synthesized stack; only what we read of it. */
export interface StackJson {
  /** Backend and providers' versions. */
  readonly terraform: { readonly backend?: Readonly<Record<string, Readonly<Record<string, unknown>>>> };
  /** Configurations of the providers. */
  readonly provider?: Readonly<Record<string, unknown>>;
  /** Resources by type and name. */
  readonly resource?: Readonly<Record<string, Readonly<Record<string, { readonly provider?: string }>>>>;
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
    private readonly stack: StackJson,
    private readonly env: NodeJS.ProcessEnv,
  ) {}

  /**
   * Attributes of what exists in AWS under an id, undefined where nothing does; the stack's state is not touched.
   *
   * @param candidate - The resource whose provider is asked.
   * @param what - What is asked for.
   */
  public look(
    candidate: Candidate,
    { type, id }: Pick<Candidate, "type" | "id"> = candidate,
  ): Promise<Readonly<Record<string, unknown>> | undefined> {
    const address = `${type}.it`;
    const resource = { [type]: { it: this.providerOf(candidate) } };
    return this.inFolder(resource, undefined, async (terraform) =>
      (await terraform.import(address, id)) ? await terraform.attributesOf(address) : undefined,
    );
  }

  /** Takes what exists into the stack's state; whether it still exists. */
  public take(candidate: Candidate): Promise<boolean> {
    const { type, name } = nameOf(candidate);
    const resource = { [type]: { [name]: this.providerOf(candidate) } };
    return this.inFolder(resource, this.backend(), (terraform) => terraform.import(candidate.address, candidate.id));
  }

  /** A local backend's path is relative to the stack's folder. */
  private backend(): StackJson["terraform"]["backend"] {
    const { local, ...others } = this.stack.terraform.backend ?? {};
    if (local === undefined) return others;
    return { local: { ...local, path: resolve(this.folder, String(local["path"])) } };
  }

  /** The provider that is not the default one, such as that of a second region. */
  private providerOf(candidate: Candidate): { readonly provider?: string } {
    const { type, name } = nameOf(candidate);
    return { provider: this.stack.resource?.[type]?.[name]?.provider };
  }

  private async inFolder<Result>(
    resource: object,
    backend: StackJson["terraform"]["backend"],
    use: (terraform: Terraform) => Promise<Result>,
  ): Promise<Result> {
    const folder = mkdtempSync(join(tmpdir(), "retool-adopt-"));
    try {
      const bare = { terraform: { ...this.stack.terraform, backend }, provider: { aws: this.stack.provider?.["aws"] } };
      writeFileSync(join(folder, "cdk.tf.json"), JSON.stringify({ ...bare, resource }));
      const terraform = new Terraform(folder, { ...this.env, TF_DATA_DIR: join(folder, ".terraform") });
      await terraform.init(resolve(this.folder, this.env["TF_DATA_DIR"] ?? ".terraform", "providers"));
      return await use(terraform);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
}

/** Type and name of a resource's block; an address may have an index after it. */
function nameOf({ address }: Candidate): { readonly type: string; readonly name: string } {
  const [type = "", name = ""] = address.replace(/\[.*$/, "").split(".");
  return { type, name };
}
