// Workflows on Temporal Cloud, with a client certificate.
// When: workflows must not pass through Retool's own Temporal. Retool's client logs in by certificate; API keys of Temporal Cloud do not work.
// Upload the authority of the certificate to the namespace, and store the private key as base64 of its PEM in one line:
//   base64 < client.key | tr -d '\n' | aws secretsmanager create-secret --name retool/temporal-key --region us-east-1 --secret-string file:///dev/stdin
// `privateLink` keeps the connection inside AWS and costs 7.30 USD a month and zone.
// Costs about 1,820 USD a month at rest, 2,060 with working days.
import type { EnvironmentSpec } from "../../domain/environment/spec";

/** Public; the key that belongs to it never leaves Secrets Manager. */
const clientCertificate = `-----BEGIN CERTIFICATE-----
MIIBjjCCATWgAwIBAgIUIqYzR7BBsIdHtqY5JLHxv0h2fUIwCgYIKoZIzj0EAwIw
HTEbMBkGA1UEAwwScmV0b29sLmV4YW1wbGUuY29tMB4XDTI2MTEyOTIwMjk1MFoX
DTM2MTEyNjIwMjk1MFowHTEbMBkGA1UEAwwScmV0b29sLmV4YW1wbGUuY29tMFkw
EwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE5Rydelewac+kRc6WAFBuJpu3fgM9AjGc
k1CSOxP8sOKnDEUIXtH+kjWKOWEib5uLIexonVa1hO5hHDfJkL+TEKNTMFEwHQYD
VR0OBBYEFCX010F9AcQfRiENoMQ79z9IolVcMB8GA1UdIwQYMBaAFCX010F9AcQf
RiENoMQ79z9IolVcMA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDRwAwRAIg
Ot8OWIf0oZD+2SWNpOXKtJllJchvf1XhpEFZVm+oM58CIFw2yPd7vXX5hHwi47m5
wOxMMRGDkCzXIJtwRw+Djffr
-----END CERTIFICATE-----`;

export const prod = {
  name: "prod",
  account: "111122223333",
  region: "us-east-1",
  domain: "retool.example.com",
  retoolVersion: "4.34.1-stable",
  access: ["203.0.113.0/24"],
  clusterAccess: ["203.0.113.10/32"],
  license: "retool/license-key",
  temporal: {
    kind: "temporal-cloud",
    namespace: "retool-prod.a1b2c",
    region: "us-east-1",
    clientCertificate,
    privateKeySecret: "retool/temporal-key",
    privateLink: {},
  },
} satisfies EnvironmentSpec;
