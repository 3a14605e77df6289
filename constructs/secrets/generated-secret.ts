import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

import type { IManagedSecret } from "../common/contracts";
import { EphemeralResource } from "../common/ephemeral";
import { type StoredSecretProps, storeSecret } from "./ephemeral-secret";

/** Retool asks for encryption keys of 64 characters or more; RDS takes passwords of up to 128. */
const LENGTH = 64;

/**
 * A random text of 64 characters in Secrets Manager that Terraform never stores: neither in a plan nor in state.
 *
 * Secrets Manager draws it. It holds only letters and digits, because it ends up in connection strings.
 */
export class GeneratedSecret extends Construct implements IManagedSecret {
  /** {@inheritDoc IManagedSecret.secretArn} */
  public readonly secretArn: string;
  /** {@inheritDoc IManagedSecret.secretName} */
  public readonly secretName: string;
  /** {@inheritDoc IManagedSecret.revision} */
  public readonly revision: number;
  /** {@inheritDoc IManagedSecret.ephemeralValue} */
  public readonly ephemeralValue: string;
  /** {@inheritDoc IManagedSecret.ready} */
  public readonly ready: readonly ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: StoredSecretProps) {
    super(scope, id);
    const random = new EphemeralResource(this, "Random", {
      type: "aws_secretsmanager_random_password",
      arguments: { password_length: LENGTH, exclude_punctuation: true },
    });
    const stored = storeSecret(this, props, random.attribute("random_password"));

    this.secretArn = stored.secretArn;
    this.secretName = stored.secretName;
    this.revision = stored.revision;
    this.ephemeralValue = stored.ephemeralValue;
    this.ready = stored.ready;
  }
}
