import { TerraformElement } from "cdktf";
import type { Construct } from "constructs";

import type { StoredValue } from "./contracts";

/** What an ephemeral resource is opened with. */
export interface EphemeralResourceProps {
  /** Type of the resource, such as `aws_secretsmanager_random_password`. */
  readonly type: string;
  /** Arguments under their Terraform names. */
  readonly arguments: Readonly<Record<string, string | number | boolean>>;
}

/**
 * A Terraform `ephemeral` block: a value that exists while Terraform runs and is stored nowhere.
 *
 * The provider bindings have no classes for ephemeral resources. Its attributes may be used only in write-only arguments.
 * Needs Terraform 1.11.
 */
export class EphemeralResource extends TerraformElement {
  public constructor(
    scope: Construct,
    id: string,
    private readonly props: EphemeralResourceProps,
  ) {
    super(scope, id, `ephemeral.${props.type}`);
  }

  /** Refers to an attribute of the opened resource. */
  public attribute(name: string): string {
    return `\${ephemeral.${this.props.type}.${this.friendlyUniqueId}.${name}}`;
  }

  /** Renders the block. */
  public override toTerraform(): Record<string, unknown> {
    return { ephemeral: { [this.props.type]: { [this.friendlyUniqueId]: this.props.arguments } } };
  }
}

/** Writes a Terraform expression that reads a stored value while Terraform runs. */
export function storedExpression({
  secret: { ephemeralValue },
  member,
}: {
  readonly secret: Pick<StoredValue["secret"], "ephemeralValue">;
  readonly member?: string;
}): string {
  return member === undefined ? ephemeralValue : `\${jsondecode(${ephemeralValue.slice(2, -1)})["${member}"]}`;
}
