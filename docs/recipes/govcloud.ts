// AWS GovCloud (US).
// When: data must stay in GovCloud. Its Route 53 has no public zones: the certificate is imported into ACM, and the records that
// `records_to_make` prints are made where the domain's zone is. Retool's license and image hosts are outside GovCloud; mirror the images
// (see registry-mirror.ts) where they may not be reached.
// Costs about 2,230 USD a month at rest, 2,560 with working days.
import type { EnvironmentSpec } from "../../domain/environment/spec";

export const prod = {
  name: "prod",
  account: "111122223333",
  region: "us-gov-west-1",
  domain: "retool.agency.example.com",
  retoolVersion: "4.34.1-stable",
  access: ["203.0.113.0/24"],
  clusterAccess: ["203.0.113.10/32"],
  license: "retool/license-key",
  dns: {
    kind: "none",
    certificateArn: "arn:aws-us-gov:acm:us-gov-west-1:111122223333:certificate/1234abcd-12ab-34cd-56ef-1234567890ab",
    certificateNames: ["retool.agency.example.com", "*.retool.agency.example.com"],
  },
} satisfies EnvironmentSpec;
