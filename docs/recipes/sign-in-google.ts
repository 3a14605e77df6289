// Sign-in with Google accounts of one domain.
// When: the company uses Google Workspace. Create an OAuth client of the type "Web application" with the redirect URI
// https://retool.example.com/oauthcallback, and store its secret in Secrets Manager as retool/google-client-secret.
// Costs about 1,790 USD a month at rest, 2,040 with working days.
import type { EnvironmentSpec } from "../../domain/environment/spec";

export const prod = {
  name: "prod",
  account: "111122223333",
  region: "us-east-1",
  domain: "retool.example.com",
  retoolVersion: "4.34.1-stable",
  access: ["203.0.113.0/24"],
  clusterAccess: ["203.0.113.10/32"],
  license: "retool/license-key",
  retool: {
    sso: {
      kind: "google",
      clientId: "123456789012-abcdefghijklmnopqrstuvwxyz.apps.googleusercontent.com",
      clientSecret: "retool/google-client-secret",
      restrictedDomains: ["example.com"],
    },
  },
} satisfies EnvironmentSpec;
