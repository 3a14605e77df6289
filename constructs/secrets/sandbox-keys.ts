import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

import type { IManagedSecret } from "../common/contracts";
import { EphemeralResource } from "../common/ephemeral";
import { type StoredSecretProps, storeSecret } from "./ephemeral-secret";

/**
 * The keys of the agent sandbox in Secrets Manager: an ES256 pair and a 64-digit hexadecimal key, shared with nothing else.
 *
 * The secret is one JSON object with the keys `jwt-public-key`, `jwt-private-key` and `encryption-key`.
 */
export class SandboxKeys extends Construct implements IManagedSecret {
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
    const stored = storeSecret(this, props, this.defineValue());

    this.secretArn = stored.secretArn;
    this.secretName = stored.secretName;
    this.revision = stored.revision;
    this.ephemeralValue = stored.ephemeralValue;
    this.ready = stored.ready;
  }

  /** ES256 is ECDSA with the curve P-256. */
  private defineValue(): string {
    const pair = new EphemeralResource(this, "KeyPair", {
      type: "tls_private_key",
      arguments: { algorithm: "ECDSA", ecdsa_curve: "P256" },
    });
    const hexadecimal = new EphemeralResource(this, "EncryptionKey", {
      type: "aws_secretsmanager_random_password",
      arguments: {
        password_length: 64,
        exclude_punctuation: true,
        exclude_uppercase: true,
        exclude_characters: "ghijklmnopqrstuvwxyz",
      },
    });
    return jsonOfEphemerals({
      "jwt-public-key": pair.attribute("public_key_pem"),
      "jwt-private-key": pair.attribute("private_key_pem_pkcs8"),
      "encryption-key": hexadecimal.attribute("random_password"),
    });
  }
}

/**
 * Writes a Terraform expression that encodes ephemeral values as a JSON object while Terraform runs.
 *
 * The values are PEM texts with line breaks, so they cannot be spliced into JSON that was rendered before. No literal enters
 * the expression but the keys, which are plain words with hyphens.
 */
function jsonOfEphemerals(references: Readonly<Record<string, string>>): string {
  const members = Object.entries(references).map(([key, reference]) => `"${key}" = ${reference.slice(2, -1)}`);
  return `\${jsonencode({ ${members.join(", ")} })}`;
}
