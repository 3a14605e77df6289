import type { Violation } from "./violation";

const CERTIFICATES = /^(-----BEGIN CERTIFICATE-----\n([A-Za-z0-9+/=]{1,76}\n)+-----END CERTIFICATE-----\n*)+$/;

/** Finds what is no certificate, or is a key. */
export function pemViolations(pem: string, path: string): Violation[] {
  if (pem.includes("PRIVATE KEY")) {
    return [
      { path, problem: "holds a private key", remedy: "remove it, and replace the key: it is no secret any more" },
    ];
  }
  if (CERTIFICATES.test(pem)) return [];
  return [
    {
      path,
      problem: `the ${pem.length} characters given are not certificates in PEM`,
      remedy: "paste whole certificates one after the other, without comments between them",
    },
  ];
}
