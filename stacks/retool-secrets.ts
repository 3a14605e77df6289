import { Construct } from "constructs";

import type { IEncryptionKey, IManagedSecret } from "../constructs/common/contracts";
import { EncryptionKeyLedger } from "../constructs/secrets/retool-encryption-key-ledger";
import type { SecretReplica, StoredSecretProps } from "../constructs/secrets/stored-secret";
import { ExistingSecret } from "../constructs/secrets/existing-secret";
import { GeneratedSecret } from "../constructs/secrets/generated-secret";
import type { RetoolSecretValues } from "../constructs/secrets/kubernetes-secrets";
import { forget } from "../constructs/common/render-blocks";
import { SandboxKeys } from "../constructs/secrets/sandbox-keys";
import type { SecretPlan } from "../domain/secrets/secret";
import type { SecretsPlan } from "../domain/secrets/secrets";

/** What {@link RetoolSecrets} are made from. */
export interface RetoolSecretsProps {
  /** Where each secret comes from. */
  readonly plan: SecretsPlan;
  /** Key that encrypts what is generated. */
  readonly encryptionKey: IEncryptionKey;

  /**
   * Password of the platform database.
   *
   * @default - the one of the plan
   */
  readonly databasePassword?: IManagedSecret;

  /**
   * A second region that holds what is generated as well: a copied database is unreadable without its key.
   *
   * @default - none
   */
  readonly replica?: SecretReplica;
}

/** The secrets of a Retool environment in Secrets Manager: generated here, or stored before. */
export class RetoolSecrets extends Construct implements RetoolSecretValues {
  /** {@inheritDoc RetoolSecretValues.encryptionKey} */
  public readonly encryptionKey: IManagedSecret;
  /** {@inheritDoc RetoolSecretValues.oldEncryptionKey} */
  public readonly oldEncryptionKey?: IManagedSecret;
  /** {@inheritDoc RetoolSecretValues.jwtSecret} */
  public readonly jwtSecret: IManagedSecret;
  /** {@inheritDoc RetoolSecretValues.databasePassword} */
  public readonly databasePassword: IManagedSecret;
  /** {@inheritDoc RetoolSecretValues.retoolDatabasePassword} */
  public readonly retoolDatabasePassword?: IManagedSecret;
  /** {@inheritDoc RetoolSecretValues.temporalDatabasePassword} */
  public readonly temporalDatabasePassword?: IManagedSecret;
  /** {@inheritDoc RetoolSecretValues.sandboxKeys} */
  public readonly sandboxKeys: IManagedSecret;
  /** {@inheritDoc RetoolSecretValues.license} */
  public readonly license?: IManagedSecret;

  public constructor(scope: Construct, id: string, props: RetoolSecretsProps) {
    super(scope, id);
    const { plan } = props;
    const [encryptionKey, oldEncryptionKey] = this.defineEncryptionKeys(props);
    this.encryptionKey = encryptionKey;
    if (oldEncryptionKey !== undefined) this.oldEncryptionKey = oldEncryptionKey;
    this.jwtSecret = this.defineText("JwtSecret", plan.jwtSecret, props);
    this.databasePassword = props.databasePassword ?? this.defineText("DatabasePassword", plan.databasePassword, props);
    const tables = this.definePassword("RetoolDatabasePassword", plan.retoolDatabasePassword, props);
    if (tables !== undefined) this.retoolDatabasePassword = tables;
    const temporal = this.definePassword("TemporalDatabasePassword", plan.temporalDatabasePassword, props);
    if (temporal !== undefined) this.temporalDatabasePassword = temporal;
    this.sandboxKeys =
      plan.sandboxKeys.kind === "existing"
        ? this.findSecret("SandboxKeys", plan.sandboxKeys, props)
        : new SandboxKeys(this, "SandboxKeys", stored(plan.sandboxKeys, props));
    if (plan.license !== undefined) this.license = new ExistingSecret(this, "License", plan.license);
  }

  /**
   * Every key there ever was, since an older backup needs an older key.
   *
   * @returns The current key, and the one before it while pods read it.
   */
  private defineEncryptionKeys(props: RetoolSecretsProps): [IManagedSecret, IManagedSecret?] {
    const { current, keys, readsOldKey } = props.plan.encryptionKeys;
    if (props.plan.preventDestroy) {
      new EncryptionKeyLedger(this, "EncryptionKeyLedger", { secretNames: keys.map(({ name }) => name) });
    }
    const secrets = keys.map((key, index) =>
      this.defineText(index === 0 ? "EncryptionKey" : `EncryptionKey${index + 1}`, key, props),
    );
    const [last, before] = secrets.reverse() as [IManagedSecret, IManagedSecret?];
    return [atRevision(last, current.revision), readsOldKey ? before : undefined];
  }

  private defineText(id: string, secret: SecretPlan, props: RetoolSecretsProps): IManagedSecret {
    return secret.kind === "existing"
      ? this.findSecret(id, secret, props)
      : new GeneratedSecret(this, id, stored(secret, props));
  }

  /** A password, or nothing where no database asks for it. */
  private definePassword(
    id: string,
    secret: SecretPlan | undefined,
    props: RetoolSecretsProps,
  ): IManagedSecret | undefined {
    if (secret !== undefined) return this.defineText(id, secret, props);
    this.forgetSecret(id, props);
    return undefined;
  }

  private findSecret(id: string, secret: SecretPlan, props: RetoolSecretsProps): IManagedSecret {
    this.forgetSecret(id, props);
    return new ExistingSecret(this, id, secret);
  }

  /** A secret that was generated before stays where it is not used now. */
  private forgetSecret(id: string, { plan }: RetoolSecretsProps): void {
    if (plan.recoveryDays === 0) return;
    forget(this, {
      [`${id}/Resource`]: "aws_secretsmanager_secret",
      [`${id}/Version`]: "aws_secretsmanager_secret_version",
    });
  }
}

/** A secret whose revision is counted elsewhere. */
function atRevision(
  { secretArn, secretName, ephemeralValue, ready }: IManagedSecret,
  revision: number,
): IManagedSecret {
  return { secretArn, secretName, ephemeralValue, ready, revision };
}

function stored(secret: SecretPlan, { plan, encryptionKey, replica }: RetoolSecretsProps): StoredSecretProps {
  return { ...secret, encryptionKey, replica, recoveryDays: plan.recoveryDays, preventDestroy: plan.preventDestroy };
}
