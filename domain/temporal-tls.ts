import { secretNameViolations } from "./secret-name";
import type { TemporalSecret } from "./temporal-plan";
import type { Violation } from "./violation";

/** A client certificate with which Retool proves who it is. */
export interface MutualTlsSpec {
  /** The certificate in PEM; it is no secret. */
  readonly clientCertificate: string;
  /**
   * Name of the Secrets Manager secret that holds the certificate's private key: base64 of the PEM, in one line, which is
   * how Retool reads it.
   */
  readonly privateKeySecret: string;
}

const PEM = /^-----BEGIN CERTIFICATE-----\n(?:[A-Za-z0-9+/=]{1,76}\n)+-----END CERTIFICATE-----\n?/;

/** The form in which the chart takes a certificate: base64 of the PEM. */
export function encodeCertificate(pem: string): string {
  return btoa(pem.replaceAll(/[^\n\x20-\x7e]/g, ""));
}

/** The secret that holds the private key. */
export function privateKeySecret(secretName: string): TemporalSecret {
  return { secretName, kubernetesSecret: "retool-temporal", key: "temporal-tls-key" };
}

/** Finds what is wrong with a client certificate and its key. */
export function certificateViolations(spec: MutualTlsSpec, root: string): Violation[] {
  const violations: Violation[] = [];
  if (!PEM.test(spec.clientCertificate.replaceAll("\r\n", "\n"))) {
    violations.push({
      path: `${root}.clientCertificate`,
      problem: `the ${spec.clientCertificate.length} characters given are not a certificate in PEM`,
      remedy: "paste the whole text from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----",
    });
  }
  return [...violations, ...secretNameViolations(spec.privateKeySecret, `${root}.privateKeySecret`)];
}
