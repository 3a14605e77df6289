import { App, Fn, TerraformElement, type TerraformResource, TerraformStack } from "cdktf";
import { Construct } from "constructs";

import type { DataProtection } from "../../domain/common/context";

/** What an {@link ImportBlock} brings into the state. */
export interface ImportBlockProps {
  /** Resource that manages what is found. */
  readonly to: TerraformResource;
  /** Its id in a list of one, or an empty list. */
  readonly found: readonly string[];
}

/** An `import` block for a resource that may or may not exist; cdktf's own needs an id that exists. */
export class ImportBlock extends TerraformElement {
  public constructor(
    scope: Construct,
    id: string,
    private readonly props: ImportBlockProps,
  ) {
    super(scope, id);
  }

  /** Renders the block. */
  public override toTerraform(): Record<string, unknown> {
    const { to, found } = this.props;
    const address = `${to.terraformResourceType}.${to.friendlyUniqueId}`;
    return { import: [{ for_each: Fn.toset(found), to: address, id: `\${each.value}` }] };
  }
}

/**
 * A `removed` block in the place of a resource: the next apply forgets the resource and leaves it as it is.
 *
 * It takes the id that the resource had under the same scope, so it speaks of the same address. Only an apply honours it:
 * `terraform destroy` without an apply before destroys the resource (measured with Terraform 1.11.4).
 */
export class RemovedBlock extends TerraformElement {
  public constructor(
    scope: Construct,
    id: string,
    private readonly resourceType: string,
  ) {
    super(scope, id);
  }

  /** Renders the block. */
  public override toTerraform(): Record<string, unknown> {
    return { removed: [{ from: `${this.resourceType}.${this.friendlyUniqueId}`, lifecycle: { destroy: false } }] };
  }
}

/**
 * Forgets what a construct made before and does not make any more, because the same part now exists elsewhere.
 *
 * Without this, the next plan deletes what is no longer defined. Call it where the managed construct stood, for instance
 * when a database is given as existing, and name everything that holds or guards data, not only the main resource: a bucket
 * is forgotten with its policy, its encryption and its versioning. Naming what never existed does nothing.
 *
 * @example
 * ```ts
 * forget(this, { "Database/Resource": "aws_db_instance", "Database/Subnets": "aws_db_subnet_group" });
 * ```
 *
 * @param scope - Construct from which the paths are read.
 * @param resources - Types of the resources by their paths below `scope`, as the managed construct had them. The paths may
 *   be in use by something else now, such as the data source that finds the existing part.
 * @param below - Path below `scope` from which the paths are read.
 */
export function forget(scope: Construct, resources: Readonly<Record<string, string>>, below?: string): void {
  for (const [name, type] of Object.entries(resources)) {
    const path = below === undefined ? name : `${below}/${name}`;
    new ForgottenBlock(scope, `Forgotten-${type}-${path.replaceAll("/", "-")}`, addressBelow(scope, path, type));
  }
}

/** Leaves what was made before and is not wanted now in the account, with {@link forget}; what is disposable is deleted. */
export function keepFormer(
  scope: Construct,
  dataProtection: DataProtection,
  resources: Readonly<Record<string, string>>,
  below?: string,
): void {
  if (dataProtection !== "disposable") forget(scope, resources, below);
}

class ForgottenBlock extends TerraformElement {
  public constructor(
    scope: Construct,
    id: string,
    private readonly address: string,
  ) {
    super(scope, id);
  }

  public override toTerraform(): Record<string, unknown> {
    return { removed: [{ from: this.address, lifecycle: { destroy: false } }] };
  }
}

/** The address that cdktf gives a resource at a path, computed in a throw-away stack where the path is free. */
export function addressBelow(scope: Construct, path: string, type: string): string {
  const { scopes } = scope.node;
  const above = scopes.slice(scopes.indexOf(TerraformStack.of(scope)) + 1).map(({ node }) => node.id);
  const ids = [...above, ...path.split("/")];
  let parent: Construct = new TerraformStack(new App(), "addresses");
  for (const id of ids.slice(0, -1)) parent = new Construct(parent, id);
  return `${type}.${new TerraformElement(parent, ids.at(-1) ?? "").friendlyUniqueId}`;
}
