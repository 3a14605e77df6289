import type { Construct } from "constructs";

import type { IEncryptionKey } from "../constructs/common/contracts";
import { EncryptionKey as KeyResources } from "../constructs/secrets/kms-key";
import { type KeyService, planEncryptionKey } from "../domain/secrets/kms-key";
import { type CommonProps, contextOf } from "./scope";

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
 */
export class EncryptionKey extends KeyResources {
  public constructor(scope: Construct, id: string, props: EncryptionKeyProps = {}) {
    const context = contextOf(scope, id, props);
    const { description = context.prefix, services = [] } = props;
    const plan = planEncryptionKey({ name: "key", description, services }, context);
    super(scope, id, { plan: { ...plan, alias: `alias/${context.prefix}` } });
  }

  /** A key that exists. */
  public static fromArn(keyArn: string): IEncryptionKey {
    return { keyArn };
  }
}
