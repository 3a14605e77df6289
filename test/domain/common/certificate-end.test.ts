import { X509Certificate } from "node:crypto";

import fc from "fast-check";
import { generate } from "selfsigned";

import { certificateEnd } from "../../../domain/common/certificate-end";
import { CERTIFICATE } from "../../support/retool-release";

const certificate = async (end: string, name = "client"): Promise<string> => {
  const { cert } = await generate([{ name: "commonName", value: name }], {
    keyType: "ec",
    algorithm: "sha256",
    notBeforeDate: new Date("2020-01-01T00:00:00Z"),
    notAfterDate: new Date(`${end}T12:00:00Z`),
  });
  return cert;
};

describe("the end of a certificate", () => {
  test.each(["2026-03-01", "2027-12-31", "2049-12-31", "2050-01-01", "2099-06-15"])("is read: %s", async (end) => {
    const pem = await certificate(end);

    expect(new Date(new X509Certificate(pem).validTo).toISOString().slice(0, 10)).toBe(end);
    expect(certificateEnd(pem)).toBe(end);
    expect(certificateEnd(pem.replaceAll("\n", "\r\n"))).toBe(end);
    expect(certificateEnd(`${pem}${await certificate("2031-01-01")}`)).toBe(end);
  });

  test("is read from one whose fields need several bytes for their length", async () => {
    expect(certificateEnd(await certificate("2030-05-06", "x".repeat(300)))).toBe("2030-05-06");
  });

  test.each(["", "x", CERTIFICATE, "-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----\n"])(
    "is unknown where there is none: %j",
    (pem) => {
      expect(certificateEnd(pem)).toBeUndefined();
    },
  );

  test("is a day or unknown, for any text between the lines", async () => {
    const pem = await certificate("2030-05-06");
    const body = pem.split("\n").slice(1, -2).join("");
    fc.assert(
      fc.property(fc.nat(body.length), fc.string({ maxLength: 8 }), (at, text) => {
        const broken = `-----BEGIN CERTIFICATE-----\n${body.slice(0, at)}${text}${body.slice(at)}\n-----END CERTIFICATE-----\n`;

        expect(certificateEnd(broken) ?? "2030-05-06").toMatch(/^\d{4}-\d\d-\d\d$/);
      }),
    );
  });
});
