import { X509Certificate } from "node:crypto";

/**
 * Reads until when a certificate in PEM is valid; the first one where there are several.
 *
 * @returns The day as `YYYY-MM-DD`; undefined where the text cannot be read.
 */
export function certificateEnd(pem: string): string | undefined {
  const first = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/.exec(pem)?.[0] ?? "";
  try {
    return new Date(new X509Certificate(first).validTo).toISOString().slice(0, 10);
  } catch {
    return undefined;
  }
}
