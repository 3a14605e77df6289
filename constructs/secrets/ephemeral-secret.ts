import { SecretsmanagerSecret } from "@cdktf/provider-aws/lib/secretsmanager-secret";
import { SecretsmanagerSecretVersion } from "@cdktf/provider-aws/lib/secretsmanager-secret-version";
import type { Construct } from "constructs";

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
 * Stores an ephemeral value in Secrets Manager and reads it back.
 *
 * Users of the secret take what is read back, never the value itself: an ephemeral value is drawn again in each run, so
 * when a run dies between two uses, the next run would give the second user another value.
 *
 * @param scope - Construct that owns the secret.
 * @param props - What the secret is.
 * @param value - Expression of the value; made only from ephemeral resources.
 */
export function storeSecret(scope: Construct, props: StoredSecretProps, value: string): IManagedSecret {
  const keepsValue = props.recoveryDays > 0;
  const nameGuard = keepsValue ? refuseTakenName(scope, props) : undefined;
  const secret = new SecretsmanagerSecret(scope, "Resource", {
    name: props.name,
    description: props.description,
    ...nameGuard,
    kmsKeyId: props.encryptionKey.keyArn,
    recoveryWindowInDays: props.recoveryDays,
    replica: props.replica && [{ region: props.replica.region, kmsKeyId: props.replica.encryptionKey.keyArn }],
    lifecycle: { ...nameGuard?.lifecycle, preventDestroy: props.preventDestroy },
  });
  // A raised revision asks for another value; it replaces the version, which the guard could not tell from a first one.
  const valueGuard = keepsValue && props.revision === 1 ? refuseOverwriting(scope, secret, props.name) : undefined;
  const version = new SecretsmanagerSecretVersion(scope, "Version", {
    // Not the id: that of an imported secret is its name.
    secretId: secret.arn,
    ...valueGuard,
    secretStringWo: value,
    secretStringWoVersion: props.revision,
    lifecycle: { ...valueGuard?.lifecycle, preventDestroy: props.preventReplacement },
  });
  // Naming the version makes Terraform wait for it, and read what this version holds even while a newer one is written.
  const stored = new EphemeralResource(scope, "Stored", {
    type: "aws_secretsmanager_secret_version",
    arguments: { secret_id: secret.arn, version_id: version.versionId },
  });
  return {
    secretArn: secret.arn,
    secretName: props.name,
    revision: props.revision,
    ephemeralValue: stored.attribute("secret_string"),
    ready: [version],
  };
}
