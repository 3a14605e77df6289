import type { Construct } from "constructs";

import type { IEncryptionKey, IManagedSecret } from "../constructs/common/contracts";
import { ExistingSecret } from "../constructs/secrets/existing-secret";
import { GeneratedSecret as SecretResources } from "../constructs/secrets/generated-secret";
import { revisionViolations } from "../domain/secrets/plain";
import { secretNameViolations } from "../domain/common/secret-name";
import { dataProtectionRules } from "../domain/common/data-protection";
import { EncryptionKey } from "./encryption-key";
import { type CommonProps, contextOf, partName, refuse, whereKnown } from "./scope";
import { tag } from "./tags";

/** Settings of a {@link GeneratedSecret}; every one has a default. */
export interface GeneratedSecretProps extends CommonProps {
  /**
   * What the secret is for.
   *
   * @default - the name of the stack and of the construct
   */
  readonly description?: string;
  /**
   * Number to raise for a new value.
   *
   * @default 1
   */
  readonly revision?: number;
  /**
   * Key that encrypts the value.
   *
   * @default - a new one, next to the secret
   */
  readonly encryptionKey?: IEncryptionKey;
}

/**
 * 64 random letters and digits in Secrets Manager that are neither in a plan nor in state. $0.40 a month.
 *
 * @example
 * ```ts
 * const password = new GeneratedSecret(this, "Password");
 * ```
 * @throws `ConfigurationError` with every problem of the settings.
 */
export class GeneratedSecret extends SecretResources {
  public constructor(scope: Construct, id: string, props: GeneratedSecretProps = {}) {
    const { prefix, dataProtection } = contextOf(scope, id, props);
    refuse([scope, id, props], revisionViolations(props.revision));
    const { preventDestroy, secretRecoveryDays } = dataProtectionRules(dataProtection);
    const { description = prefix, revision = 1, encryptionKey = keyOf(scope, id, props) } = props;
    super(scope, id, {
      name: prefix,
      description,
      revision,
      encryptionKey,
      recoveryDays: secretRecoveryDays,
      preventDestroy,
      preventReplacement: false,
    });
    tag(this, props.tags);
  }

  /**
   * A secret that exists; its value is read only while Terraform runs, and the plan stops where there is none of the name.
   *
   * @param scope - Where the secret is read.
   * @param id - Id of what reads it.
   * @param name - Name in Secrets Manager.
   * @param revision - Number to raise after the stored value was changed.
   * @throws `ConfigurationError` with every problem of name and revision.
   */
  public static fromName(scope: Construct, id: string, name: string, revision = 1): IManagedSecret {
    refuse(
      [scope, id, {}],
      [...whereKnown(name, (text) => secretNameViolations(text, "name")), ...revisionViolations(revision)],
    );
    return new ExistingSecret(scope, id, { name, revision });
  }
}

function keyOf(scope: Construct, id: string, props: CommonProps): IEncryptionKey {
  const { dataProtection, tags } = props;
  return new EncryptionKey(scope, `${id}Key`, { ...partName(props, "key"), dataProtection, tags });
}
