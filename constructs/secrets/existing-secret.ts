import { DataAwsSecretsmanagerSecret } from "@cdktf/provider-aws/lib/data-aws-secretsmanager-secret";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

import { secretReference } from "../../domain/common/secret-name";
import type { IManagedSecret } from "../common/contracts";
import { EphemeralResource, storedExpression } from "../common/ephemeral";

/** What an {@link ExistingSecret} is found by. */
export interface ExistingSecretProps {
  /** Name or ARN of the secret, with `:<member>` behind it where a member of its JSON object is the value. */
  readonly name: string;
  /** Number to raise after the stored value was changed. */
  readonly revision: number;
}

/** A secret that was stored in Secrets Manager before; it is read and never changed. */
export class ExistingSecret extends Construct implements IManagedSecret {
  /** {@inheritDoc IManagedSecret.secretArn} */
  public readonly secretArn: string;
  /** {@inheritDoc IManagedSecret.secretName} */
  public readonly secretName: string;
  /** {@inheritDoc IManagedSecret.member} */
  public readonly member?: string;
  /** {@inheritDoc IManagedSecret.revision} */
  public readonly revision: number;
  /** {@inheritDoc IManagedSecret.ready} */
  public readonly ready: readonly ITerraformDependable[] = [];

  private stored: EphemeralResource | undefined;

  public constructor(scope: Construct, id: string, props: ExistingSecretProps) {
    super(scope, id);
    // A secret that does not exist stops the plan, before anything is made.
    const { id: name, isArn, member } = secretReference(props.name);
    const secret = new DataAwsSecretsmanagerSecret(this, "Resource", isArn ? { arn: name } : { name });
    this.secretArn = secret.arn;
    this.secretName = name;
    this.member = member;
    this.revision = props.revision;
  }

  /** {@inheritDoc IManagedSecret.ephemeralValue} */
  public get ephemeralValue(): string {
    // Terraform reads the value only where it hands it on.
    this.stored ??= new EphemeralResource(this, "Stored", {
      type: "aws_secretsmanager_secret_version",
      arguments: { secret_id: this.secretArn },
    });
    const ephemeralValue = this.stored.attribute("secret_string");
    return storedExpression({ secret: { ephemeralValue }, member: this.member });
  }
}
