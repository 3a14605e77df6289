// Mail through your own server.
// When: apps and workflows send mail by SMTP. The row opens the server to the containers that send mail. The server itself, its port and its
// user are an SMTP resource that you add in Retool: in Retool's chart and in its pages that we could read there is no SMTP_ variable.
// Retool keeps the resource's password encrypted in its database. To keep it in Secrets Manager instead, write
// %RETOOL_EXPOSED_SMTP_PASSWORD% as the password: users can read variables with that prefix, so use an account that only sends mail.
//   tr -d '\n' < password.txt | aws secretsmanager create-secret --name retool/smtp-password --region us-east-1 --secret-string file:///dev/stdin
// https://docs.retool.com/self-hosted/guides/secrets/environment-variables
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
  retool: { environment: { RETOOL_EXPOSED_SMTP_PASSWORD: { secret: "retool/smtp-password" } } },
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
