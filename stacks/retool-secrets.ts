import { Construct } from "constructs";

import type { IEncryptionKey, IManagedSecret } from "../constructs/contracts";
import type { StoredSecretProps } from "../constructs/ephemeral-secret";
import { ExistingSecret } from "../constructs/existing-secret";
import { GeneratedSecret } from "../constructs/generated-secret";
import type { RetoolSecretValues } from "../constructs/kubernetes-secrets";
import { SandboxKeys } from "../constructs/sandbox-keys";
import type { SecretPlan, SecretsPlan } from "../domain/secrets";

/** What {@link RetoolSecrets} are made from. */
export interface RetoolSecretsProps {
  /** Where each secret comes from. */
  readonly plan: SecretsPlan;
  /** Key that encrypts what is generated. */
  readonly encryptionKey: IEncryptionKey;
}

/** The secrets of a Retool environment in Secrets Manager: generated here, or stored before. */
export class RetoolSecrets extends Construct implements RetoolSecretValues {
  /** {@inheritDoc RetoolSecretValues.encryptionKey} */
  public readonly encryptionKey: IManagedSecret;
  /** {@inheritDoc RetoolSecretValues.jwtSecret} */
  public readonly jwtSecret: IManagedSecret;
  /** {@inheritDoc RetoolSecretValues.databasePassword} */
  public readonly databasePassword: IManagedSecret;
  /** {@inheritDoc RetoolSecretValues.sandboxKeys} */
  public readonly sandboxKeys: IManagedSecret;
  /** {@inheritDoc RetoolSecretValues.license} */
  public readonly license?: IManagedSecret;

  public constructor(scope: Construct, id: string, props: RetoolSecretsProps) {
    super(scope, id);
    const { plan } = props;
    this.encryptionKey = this.defineText("EncryptionKey", plan.encryptionKey, props);
    this.jwtSecret = this.defineText("JwtSecret", plan.jwtSecret, props);
    this.databasePassword = this.defineText("DatabasePassword", plan.databasePassword, props);
    this.sandboxKeys =
      plan.sandboxKeys.kind === "existing"
        ? new ExistingSecret(this, "SandboxKeys", plan.sandboxKeys)
        : new SandboxKeys(this, "SandboxKeys", stored(plan.sandboxKeys, props));
    if (plan.license !== undefined) this.license = new ExistingSecret(this, "License", plan.license);
  }

  private defineText(id: string, secret: SecretPlan, props: RetoolSecretsProps): IManagedSecret {
    return secret.kind === "existing"
      ? new ExistingSecret(this, id, secret)
      : new GeneratedSecret(this, id, stored(secret, props));
  }
}

function stored(secret: SecretPlan, { plan, encryptionKey }: RetoolSecretsProps): StoredSecretProps {
  return { ...secret, encryptionKey, recoveryDays: plan.recoveryDays, preventDestroy: plan.preventDestroy };
}
