import { entranceFindings } from "../../../domain/doctor/entrance";
import { planEnvironment } from "../../../domain/environment/environment";
import type { Entrance, ServedCertificate } from "../../../domain/status/observed";
import { prod } from "../../support/environments/prod";
import { texts } from "../../support/findings";
import { observedAsPlanned } from "../../support/observed";

const plan = planEnvironment(prod);
const { entrance } = observedAsPlanned(plan);
const known = "known" in entrance ? entrance.known : undefined;
const judge = (change: Partial<Entrance>): string[] =>
  texts(entranceFindings(plan, { known: { ...known!, ...change } }, "2026-12-29"));
const TARGETS = "good all healthy: retool 2 of 2, sandbox-proxy 2 of 2";
const CERTIFICATE = "good the one that is shown is valid until 2027-11-01";
const ENDS =
  "browsers refuse Retool from that day on; ACM renews 60 days ahead where it can; put the CNAME of its validation back, or import a new one under the same ARN";

describe("the load balancer", () => {
  test("is good", () => {
    expect(judge({})).toEqual([TARGETS, CERTIFICATE]);
  });

  test("is missing", () => {
    expect(judge({ exists: false })).toEqual([
      "problem there is no load balancer retool-prod; nobody reaches Retool; npx cdktf deploy prod",
    ]);
  });

  test("has targets that are not healthy, or none", () => {
    const target = { name: "retool", healthy: 1, registered: 2, reasons: ["Request timed out"] };

    expect(judge({ targets: [target] })).toEqual([
      "warning retool: 1 of 2 pods are healthy (Request timed out); the next failure may cut users off; kubectl -n retool logs deployment/retool --tail=50; the runbook says what each reason means",
      CERTIFICATE,
    ]);
    expect(judge({ targets: [{ ...target, healthy: 0, registered: 0, reasons: [] }] })).toEqual([
      "problem retool: no pod is registered; users get an error page; kubectl -n kube-system logs deployment/aws-load-balancer-controller --tail=50",
      CERTIFICATE,
    ]);
  });

  test.each<[ServedCertificate | undefined, string]>([
    [undefined, "problem the load balancer has no HTTPS listener; nobody reaches Retool; npx cdktf deploy prod"],
    [
      { status: "EXPIRED", notAfter: "2026-11-01", renewalFailure: undefined },
      `problem the certificate is EXPIRED; ${ENDS}`,
    ],
    [
      { status: "ISSUED", notAfter: "2026-12-01", renewalFailure: undefined },
      `problem the certificate ends on 2026-12-01; ${ENDS}`,
    ],
    [
      { status: "ISSUED", notAfter: "2027-01-20", renewalFailure: "NO_AVAILABLE_CONTACTS" },
      `problem the certificate ends on 2027-01-20, and its renewal failed: NO_AVAILABLE_CONTACTS; ${ENDS}`,
    ],
  ])("has the certificate %j", (certificate, expected) => {
    expect(judge({ certificate: { known: certificate } })).toEqual([TARGETS, expected]);
  });
});
