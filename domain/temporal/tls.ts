import { z } from "zod";

import type { EnvironmentContext } from "../common/context";
import { revision } from "../common/setting";
import { secretNameViolations } from "../common/secret-name";
import type { TemporalFrontend, TemporalSecret } from "./plan";
import type { Violation } from "../common/violation";

/** A client certificate with which Retool proves who it is. */
export interface MutualTlsSpec {
  /** The certificate in PEM, which is not a secret. */
  readonly clientCertificate: string;
  /**
   * Name of the Secrets Manager secret that holds the certificate's private key: base64 of the PEM, in one line, which is
   * how Retool reads it.
   */
  readonly privateKeySecret: string;
  /**
   * Number to raise after the stored key was changed together with the certificate.
   *
   * @default 1
   */
  readonly privateKeyRevision?: number;
}

/** The certificate, and those of its authorities behind it. */
const PEM = /^(?:-----BEGIN CERTIFICATE-----\n(?:[A-Za-z0-9+/=]{1,76}\n)+-----END CERTIFICATE-----\s*)+$/;

/** The form in which the chart takes a certificate: base64 of the PEM. */
export function encodeCertificate(pem: string): string {
  return btoa(pem.replaceAll(/[^\n\x20-\x7e]/g, ""));
}

/** The secret that holds the private key. */
export function privateKeySecret({
  privateKeySecret: secretName,
  privateKeyRevision,
}: z.output<z.ZodObject<typeof mutualTlsShape>>): TemporalSecret {
  return { secretName, kubernetesSecret: TEMPORAL_SECRET, key: "temporal-tls-key", revision: privateKeyRevision };
}

/** What a person does before the deployment: Retool reads the key as base64 of its PEM, without line breaks. */
export function storeKeyStep({ privateKeySecret: name }: MutualTlsSpec, { region }: EnvironmentContext): string {
  return `Store the certificate's private key before the deployment: base64 < client.key | tr -d '\\n' | aws secretsmanager create-secret --name ${name} --region ${region} --secret-string file:///dev/stdin`;
}

/** Kubernetes Secret of everything that Temporal needs. */
export const TEMPORAL_SECRET = "retool-temporal";

/** Shape of the fields of a {@link MutualTlsSpec}. */
export const mutualTlsShape = {
  clientCertificate: z.string(),
  privateKeySecret: z.string(),
  privateKeyRevision: revision().default(1),
};

/** Finds what is wrong with a client certificate and its key. */
export function certificateViolations(spec: MutualTlsSpec, root: string): Violation[] {
  return [
    ...pemViolations(spec.clientCertificate, `${root}.clientCertificate`),
    ...secretNameViolations(spec.privateKeySecret, `${root}.privateKeySecret`),
  ];
}

function pemViolations(pem: string, path: string): Violation[] {
  if (pem.includes("PRIVATE KEY")) {
    return [
      {
        path,
        problem: "holds a private key",
        remedy: "remove it and replace the key, which is compromised; a key belongs in privateKeySecret",
      },
    ];
  }
  if (PEM.test(pem.replaceAll("\r\n", "\n"))) return [];
  return [
    {
      path,
      problem: `the ${pem.length} characters given are not a certificate in PEM`,
      remedy: "use the complete text from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----",
    },
  ];
}

/** Days before its end in which a client certificate is warned of. */
const WARNED_DAYS = 30;

const MS_PER_DAY = 86_400_000;

/**
 * Warns of a client certificate that has ended or soon will.
 *
 * @param frontend - The frontend that asks for it.
 * @param today - The day as `YYYY-MM-DD`.
 */
export function certificateWarnings(frontend: TemporalFrontend | undefined, today: string): string[] {
  const { namespace, certificateEnd: end } = frontend ?? {};
  if (namespace === undefined || end === undefined) return [];
  const days = Math.round((Date.parse(end) - Date.parse(today)) / MS_PER_DAY);
  const remedy = "store a new key, paste its certificate into temporal and raise privateKeyRevision";
  if (days < 0) return [`The client certificate of ${namespace} ended on ${end}, and Temporal refuses it: ${remedy}.`];
  return days > WARNED_DAYS ? [] : [`The client certificate of ${namespace} ends on ${end}: ${remedy} before.`];
}
