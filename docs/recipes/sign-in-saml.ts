// Sign-in with SAML.
// When: the identity provider speaks SAML only. Nothing has to be opened: browsers carry the assertions. After the first deployment paste
// the provider's metadata into Retool's Settings > Single Sign-On (SSO) > SAML SSO
// (https://docs.retool.com/sso/tutorials/okta/saml), test it there, and then switch passwords off. The provider's application needs the
// single sign-on URL https://retool.example.com/api/saml/login and the audience retool.example.com.
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
} satisfies EnvironmentSpec;
