import { DataAwsKmsKey } from "@cdktf/provider-aws/lib/data-aws-kms-key";
import type { Construct } from "constructs";

import type { IEncryptionKey } from "../constructs/common/contracts";
import { renderJson, renderText } from "../constructs/common/render";
import { EncryptionKey as KeyResources } from "../constructs/secrets/kms-key";
import { type KeyService, planEncryptionKey } from "../domain/secrets/kms-key";
import { type CommonProps, contextOf, pathOf, refuse } from "./scope";
import { tag } from "./tags";

/** Settings of an {@link EncryptionKey}; every one has a default. */
export interface EncryptionKeyProps extends CommonProps {
  /**
   * What the key encrypts, as the console shows it.
   *
   * @default - the name of the stack and of the construct
   */
  readonly description?: string;
  /**
   * Services that use the key in their own name.
   *
   * @default []
   */
  readonly services?: readonly KeyService[];
}

/**
 * A KMS key that is rotated every year, with an alias. $1 a month.
 *
 * @example
 * ```ts
 * const key = new EncryptionKey(this, "Key", { services: ["cloudwatch-logs"] });
 * ```
 * @throws `ConfigurationError` with every problem of the settings.
 */
export class EncryptionKey extends KeyResources {
  public constructor(scope: Construct, id: string, props: EncryptionKeyProps = {}) {
    const context = contextOf(scope, id, props);
    refuse([scope, id, props]);
    const { description = context.prefix, services = [] } = props;
    const plan = planEncryptionKey({ name: "key", description, services }, context);
    super(scope, id, { plan: { ...plan, alias: `alias/${context.prefix}` } });
    tag(this, props.tags);
  }

  /**
   * A key that exists; the plan stops where it cannot encrypt data.
   *
   * @param scope - Where the key is looked up.
   * @param id - Id of what looks it up.
   * @param keyArn - ARN of the key, in the region of the stack.
   */
  public static fromArn(scope: Construct, id: string, keyArn: string): IEncryptionKey {
    return found(scope, id, keyArn);
  }

  /**
   * A key that exists, found by its alias when Terraform plans; the plan stops where it cannot encrypt data.
   *
   * @param scope - Where the key is looked up.
   * @param id - Id of what looks it up.
   * @param alias - Alias, such as `alias/shared`.
   */
  public static fromAlias(scope: Construct, id: string, alias: string): IEncryptionKey {
    return found(scope, id, alias);
  }
}

function found(scope: Construct, id: string, keyId: string): IEncryptionKey {
  const { arn: keyArn } = new DataAwsKmsKey(scope, id, {
    keyId,
    lifecycle: {
      postcondition: [
        {
          condition: `\${self.enabled && self.key_spec == ${renderJson("SYMMETRIC_DEFAULT")}}`,
          errorMessage: `${pathOf(scope, id)}: the key ${renderText(keyId)} is disabled, or not a symmetric one; use an enabled symmetric key`,
        },
      ],
    },
  });
  return { keyArn };
}
