import { Fn, TerraformElement, type TerraformResource } from "cdktf";
import type { Construct } from "constructs";

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
