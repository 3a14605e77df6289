import type { Construct } from "constructs";

import { EphemeralResource } from "../common/ephemeral";
import { StoredSecret, type StoredSecretProps } from "./stored-secret";

/**
 * The keys of the agent sandbox in Secrets Manager: an ES256 pair and a 64-digit hexadecimal key, shared with nothing else.
 *
 * The secret is one JSON object with the keys `jwt-public-key`, `jwt-private-key` and `encryption-key`.
 */
export class SandboxKeys extends StoredSecret {
  public constructor(scope: Construct, id: string, props: StoredSecretProps) {
    super(scope, id, props, drawKeys);
  }
}

/** ES256 is ECDSA with the curve P-256. */
function drawKeys(scope: Construct): string {
  const pair = new EphemeralResource(scope, "KeyPair", {
    type: "tls_private_key",
    arguments: { algorithm: "ECDSA", ecdsa_curve: "P256" },
  });
  const hexadecimal = new EphemeralResource(scope, "EncryptionKey", {
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
