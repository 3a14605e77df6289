import { certificateFindings, delegationFindings } from "../../../domain/doctor/names";
import { texts } from "../../support/findings";

describe("zone", () => {
  const zone = "retool.example.com";
  const assigned = ["ns-1.awsdns-01.org.", "ns-2.awsdns-02.com."];
  const plain = "ns-1.awsdns-01.org, ns-2.awsdns-02.com";

  test.each([
    [
      { zone, assigned, delegated: ["NS-2.awsdns-02.com", "ns-1.awsdns-01.org"] },
      `good ${zone} is delegated to its 2 name servers`,
    ],
    [
      { zone, assigned, delegated: [] },
      `problem nobody delegates ${zone}: DNS finds no name server; the certificate is never validated, and the apply waits 75 minutes and gives up; ask the owner of the parent domain for an NS record of ${zone} with ${plain}`,
    ],
    [
      { zone, assigned, delegated: ["ns1.registrar.test"] },
      `problem ${zone} is delegated to ns1.registrar.test, not to the zone of this account; records that are made here are seen by nobody, so the certificate is never validated; make the NS record of ${zone} say ${plain}, or use the account whose zone it is`,
    ],
    [
      { zone, assigned: undefined, delegated: [] },
      `problem the account has no public hosted zone for ${zone}; the apply stops where it looks the zone up; use the account that has it, or dns: { kind: "create" }`,
    ],
  ])("%j", (known, expected) => {
    expect(texts(delegationFindings({ known }))).toEqual([expected]);
  });
});

describe("certificate", () => {
  const needed = ["retool.example.com", "*.retool.example.com"];
  const judge = (status: string, names: readonly string[], notAfter?: string): string[] =>
    texts(certificateFindings(needed, { known: { status, names, notAfter } }, "2026-12-29"));

  test.each([
    [judge("ISSUED", needed, "2027-06-01"), "good covers retool.example.com, *.retool.example.com until 2027-06-01"],
    [
      judge("PENDING_VALIDATION", needed),
      "problem the certificate is PENDING_VALIDATION; the HTTPS listener takes none but an issued one; finish its validation, or leave dns.certificateArn out so that one is made",
    ],
    [
      judge("ISSUED", ["*.example.com"], "2027-06-01"),
      "problem the certificate does not cover *.retool.example.com; browsers refuse these names; use one for retool.example.com, *.retool.example.com",
    ],
    [
      judge("ISSUED", needed, "2026-12-20"),
      "warning the certificate ends on 2026-12-20; browsers refuse Retool from that day on, and nobody renews an imported one; import the new one under the same ARN",
    ],
  ])("%#", (findings, expected) => {
    expect(findings).toEqual([expected]);
  });
});
