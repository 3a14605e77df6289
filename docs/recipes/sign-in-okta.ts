// Sign-in with Okta through OpenID Connect, with groups.
// When: the identity provider speaks OpenID Connect; another provider only has other URLs. Create a web application in Okta with the
// redirect URI https://retool.example.com/oauth2sso/callback, and store its secret in Secrets Manager as retool/okta-client-secret.
// The host of the token URL is opened by itself.
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
      kind: "oidc",
      clientId: "0oa1b2c3d4e5f6g7h8i9",
      clientSecret: "retool/okta-client-secret",
      authUrl: "https://example.okta.com/oauth2/v1/authorize",
      tokenUrl: "https://example.okta.com/oauth2/v1/token",
      scopes: ["openid", "email", "profile", "groups", "offline_access"],
      rolesKey: "idToken.groups",
      roleMapping: { "retool-admins": "admin", "retool-users": "viewer" },
    },
  },
} satisfies EnvironmentSpec;
