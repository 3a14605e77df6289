import { generateKeyPairSync, randomBytes } from "node:crypto";

/** A sandbox's own key material as one secret's text: an ES256 pair and a 64-digit hexadecimal key. */
export function newSandboxKeys(): string {
  const { publicKey, privateKey } = generateKeyPairSync("ec", {
    namedCurve: "P-256",
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  return JSON.stringify({
    "jwt-public-key": publicKey,
    "jwt-private-key": privateKey,
    "encryption-key": randomBytes(32).toString("hex"),
  });
}
