import type { Construct } from "constructs";

import { EphemeralResource } from "../common/ephemeral";
import { StoredSecret, type StoredSecretProps } from "./stored-secret";

/** Retool asks for encryption keys of 64 characters or more; RDS takes passwords of up to 128. */
const LENGTH = 64;

/**
 * A random text of 64 characters in Secrets Manager that Terraform never stores: neither in a plan nor in state.
 *
 * Secrets Manager draws it. It holds only letters and digits, because it ends up in connection strings.
 */
export class GeneratedSecret extends StoredSecret {
  public constructor(scope: Construct, id: string, props: StoredSecretProps) {
    super(scope, id, props, (secret) => {
      const random = new EphemeralResource(secret, "Random", {
        type: "aws_secretsmanager_random_password",
        arguments: { password_length: LENGTH, exclude_punctuation: true },
      });
      return random.attribute("random_password");
    });
  }
}
