import type { Problem, Violation } from "./violation";

const CERTIFICATES = /^(-----BEGIN CERTIFICATE-----\n([A-Za-z0-9+/=]{1,76}\n)+-----END CERTIFICATE-----\n*)+$/;

/** Finds what is not a certificate, or is a key. */
export function pemViolations(pem: string, path: string): Violation[] {
  const problem = pemProblem(pem);
  return problem === undefined ? [] : [{ path, ...problem }];
}

/** Finds what is not a certificate, or is a key; the text is never repeated. */
export function pemProblem(pem: string): Problem | undefined {
  if (pem.includes("PRIVATE KEY"))
    return { problem: "holds a private key", remedy: "remove it and replace the key, which is compromised" };
  if (CERTIFICATES.test(pem)) return undefined;
  return {
    problem: `the ${pem.length} characters given are not certificates in PEM`,
    remedy: "use complete certificates one after the other, without comments between them",
  };
}
