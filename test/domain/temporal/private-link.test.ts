import { planTemporal, type TemporalPlan, type TemporalSpec } from "../../../domain/temporal/temporal";
import type { PrivateLinkSpec } from "../../../domain/temporal/private-link";
import { formatViolation } from "../../../domain/common/violation";
import { context } from "../../support/fakes";

/** The services of https://docs.temporal.io/cloud/regions, as that page writes them. */
const SERVICES = [
  "com.amazonaws.vpce.ap-northeast-1.vpce-svc-08f34c33f9fb8a48a",
  "com.amazonaws.vpce.ap-northeast-2.vpce-svc-08c4d5445a5aad308",
  "com.amazonaws.vpce.ap-south-1.vpce-svc-0ad4f8ed56db15662",
  "com.amazonaws.vpce.ap-south-2.vpce-svc-08bcf602b646c69c1",
  "com.amazonaws.vpce.ap-southeast-1.vpce-svc-05c24096fa89b0ccd",
  "com.amazonaws.vpce.ap-southeast-2.vpce-svc-0634f9628e3c15b08",
  "com.amazonaws.vpce.ca-central-1.vpce-svc-080a781925d0b1d9d",
  "com.amazonaws.vpce.eu-central-1.vpce-svc-073a419b36663a0f3",
  "com.amazonaws.vpce.eu-west-1.vpce-svc-04388e89f3479b739",
  "com.amazonaws.vpce.eu-west-2.vpce-svc-0ac7f9f07e7fb5695",
  "com.amazonaws.vpce.sa-east-1.vpce-svc-0ca67a102f3ce525a",
  "com.amazonaws.vpce.us-east-1.vpce-svc-0822256b6575ea37f",
  "com.amazonaws.vpce.us-east-2.vpce-svc-01b8dccfc6660d9d4",
  "com.amazonaws.vpce.us-west-2.vpce-svc-0f44b3d7302816b94",
];

function plan(
  privateLink: PrivateLinkSpec | undefined,
  region = "us-east-1",
  ours = region,
): { link: TemporalPlan["privateLink"]; problems: string[] } {
  const spec: TemporalSpec = {
    kind: "temporal-cloud",
    namespace: "acme-prod.a1b2c",
    region,
    clientCertificate: "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n",
    privateKeySecret: "temporal/key",
    privateLink,
  };
  const { plan: temporal, violations } = planTemporal(spec, { ...context, region: ours });
  return {
    link: temporal.privateLink,
    problems: violations.filter(({ path }) => path.startsWith("temporal.privateLink")).map(formatViolation),
  };
}

describe("PrivateLink to Temporal Cloud", () => {
  test("is there only where it is asked for", () => {
    expect(plan(undefined)).toEqual({ link: undefined, problems: [] });
  });

  test.each(SERVICES)("leads to %s from its own region", (serviceName) => {
    const region = serviceName.split(".")[3] ?? "";

    expect(plan({}, region)).toEqual({
      link: { serviceName, zoneName: "acme-prod.a1b2c.tmprl.cloud", port: 7233, prefix: "retool-prod" },
      problems: [],
    });
  });

  test.each([
    [{}, "acme-prod.a1b2c.tmprl.cloud"],
    [{ naming: "namespace" }, "acme-prod.a1b2c.tmprl.cloud"],
    [{ naming: "region" }, "aws-us-east-1.region.tmprl.cloud"],
  ] as const)("as %j leads there under the name %s", (spec, zoneName) => {
    expect(plan(spec).link?.zoneName).toBe(zoneName);
  });

  test("is refused where Temporal Cloud does not offer it", () => {
    expect(plan({}, "eu-north-1").problems).toEqual([
      expect.stringMatching(
        /^temporal\.privateLink: Temporal Cloud offers no PrivateLink in "eu-north-1"; remove it, or use a namespace in one of ap-northeast-1, .+ \(https:\/\/docs\.temporal\.io\/cloud\/regions\)$/,
      ),
    ]);
  });

  test("is refused into another region", () => {
    expect(plan({}, "us-west-2", "us-east-1").problems).toEqual([
      "temporal.privateLink: the namespace is in us-west-2 and the network in us-east-1, but an endpoint works only within " +
        "its region; remove it, or use a namespace in us-east-1 (https://docs.temporal.io/cloud/regions)",
    ]);
  });

  test("is refused into a namespace that Retool runs, with the reason", () => {
    const spec = { kind: "retool-managed", privateLink: {} } as unknown as TemporalSpec;

    expect(planTemporal(spec, context).violations).toEqual([
      {
        path: "temporal.privateLink",
        problem: "only Retool can allow private connections to a namespace that it manages",
        remedy: 'remove it, or use your own namespace with kind "temporal-cloud"',
        document: "https://docs.retool.com/self-hosted/concepts/temporal",
      },
    ]);
  });

  test("knows two names", () => {
    expect(plan({ naming: "account" } as unknown as PrivateLinkSpec).problems).toEqual([
      expect.stringMatching(/^temporal\.privateLink\.naming: /),
    ]);
  });
});
