import { SecretsmanagerSecret } from "@cdktf/provider-aws/lib/secretsmanager-secret";
import { SecretsmanagerSecretVersion } from "@cdktf/provider-aws/lib/secretsmanager-secret-version";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

import type { IEncryptionKey, IManagedSecret } from "../common/contracts";
import { EphemeralResource } from "../common/ephemeral";
import { refuseOverwriting, refuseTakenName } from "./overwrite-guard";

/** What a generated secret is made from, apart from its value. */
export interface StoredSecretProps {
  /** Name of the secret. */
  readonly name: string;
  /** What the secret is for, in one line. */
  readonly description: string;
  /** Number that makes a new value when it grows. */
  readonly revision: number;
  /** Key that encrypts the value. */
  readonly encryptionKey: IEncryptionKey;
  /**
   * Days that the deleted secret can still be recovered; 0 deletes it at once. With 1 or more, Terraform also refuses to
   * write a first value where the account has a secret of this name that is not in its state.
   */
  readonly recoveryDays: number;
  /** Whether Terraform refuses a plan that destroys the secret. */
  readonly preventDestroy: boolean;
  /** Whether Terraform refuses a plan that replaces the value as well, which is what a new revision does. */
  readonly preventReplacement: boolean;

  /**
   * A second region that holds the same value, for the day on which the first is lost.
   *
   * @default - none
   */
  readonly replica?: SecretReplica;
}

/** Where a secret is repeated. */
export interface SecretReplica {
  /** The region. */
  readonly region: string;
  /** Key of that region that encrypts the value there. */
  readonly encryptionKey: IEncryptionKey;
}

/**
 * An ephemeral value, stored in Secrets Manager and read back.
 *
 * Users of the secret take what is read back, never the value itself: an ephemeral value is drawn again in each run, so
 * when a run dies between two uses, the next run would give the second user another value.
 */
export abstract class StoredSecret extends Construct implements IManagedSecret {
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

  /**
   * @param scope - Where the secret stands.
   * @param id - Its id.
   * @param props - What the secret is.
   * @param draw - Defines below the secret what its value is made from, only ephemeral resources, and returns its expression.
   */
  protected constructor(scope: Construct, id: string, props: StoredSecretProps, draw: (secret: Construct) => string) {
    super(scope, id);
    const value = draw(this);
    const keepsValue = props.recoveryDays > 0;
    const nameGuard = keepsValue ? refuseTakenName(this, props) : undefined;
    const secret = new SecretsmanagerSecret(this, "Resource", {
      name: props.name,
      description: props.description,
      ...nameGuard,
      kmsKeyId: props.encryptionKey.keyArn,
      recoveryWindowInDays: props.recoveryDays,
      replica: props.replica && [{ region: props.replica.region, kmsKeyId: props.replica.encryptionKey.keyArn }],
      lifecycle: { ...nameGuard?.lifecycle, preventDestroy: props.preventDestroy },
    });
    // A raised revision asks for another value; it replaces the version, which the guard could not tell from a first one.
    const valueGuard = keepsValue && props.revision === 1 ? refuseOverwriting(this, secret, props.name) : undefined;
    const version = new SecretsmanagerSecretVersion(this, "Version", {
      // Not the id: that of an imported secret is its name.
      secretId: secret.arn,
      ...valueGuard,
      secretStringWo: value,
      secretStringWoVersion: props.revision,
      lifecycle: { ...valueGuard?.lifecycle, preventDestroy: props.preventReplacement },
    });
    // Naming the version makes Terraform wait for it, and read what this version holds even while a newer one is written.
    const stored = new EphemeralResource(this, "Stored", {
      type: "aws_secretsmanager_secret_version",
      arguments: { secret_id: secret.arn, version_id: version.versionId },
    });
    this.secretArn = secret.arn;
    this.secretName = props.name;
    this.revision = props.revision;
    this.ephemeralValue = stored.attribute("secret_string");
    this.ready = [version];
  }
}
