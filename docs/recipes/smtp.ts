// Mail through your own server.
// When: apps and workflows send mail by SMTP. Add the server as an SMTP resource in Retool, where its password stays; here only its
// address is opened, to the containers that send mail.
// Costs about 1,790 USD a month at rest, 2,030 with working days.
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
  egress: {
    resources: [
      {
        to: "smtp.example.com",
        port: 587,
        purpose: "email",
        addresses: ["203.0.113.25/32"],
        reason: "the company's mail relay",
      },
    ],
  },
} satisfies EnvironmentSpec;
