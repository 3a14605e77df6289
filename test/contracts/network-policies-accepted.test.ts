import { planEgress } from "../../domain/egress/egress";
import type { EgressLevel } from "../../domain/egress/egress";
import type { TemporalEgress } from "../../domain/egress/rules";
import type { NetworkPolicy } from "../../domain/common/kubernetes";
import { networkPolicies } from "../../domain/network-policies/network-policies";
import { systemPolicies } from "../../domain/network-policies/system-policies";
import { context } from "../support/fakes";
import type { Rendered } from "../support/helm-template";
import { everything, features, references } from "../support/retool-cluster";
import { StrictValidation, describeWithApiServer } from "../support/strict-validation";

const TEMPORAL: readonly TemporalEgress[] = [
  { kind: "retool-managed" },
  { kind: "retool-managed", organizationId: "42abc" },
  { kind: "temporal-cloud", host: "acme.a1b2c.tmprl.cloud", privateLink: true },
  { kind: "self-hosted", host: "10.9.0.7", port: 7233 },
  { kind: "self-hosted", host: "frontend.temporal.svc", port: 7233 },
  { kind: "local", cassandra: { hosts: ["10.9.1.1"], port: 9042 } },
];

const RESOURCES = [
  { to: "10.0.0.0/8", port: 8443 },
  { to: "203.0.113.0/28", port: 5432 },
  { to: "db.example.net", port: 5432, addresses: ["198.51.100.64/26"] },
  { to: "192.0.2.10/32", via: "ssh" },
  { to: "packages.example.net", purpose: "packages" },
] as const;

/** Policies of every level, Temporal and set of parts, and those of `kube-system`. */
function everyPolicy(): NetworkPolicy[] {
  const levels: readonly EgressLevel[] = ["open", "dns", "firewall"];
  return [
    ...systemPolicies(["10.0.0.0/16", "100.64.0.0/16"]),
    ...levels.flatMap((level) =>
      TEMPORAL.flatMap((temporal) =>
        [features, everything].flatMap((parts) =>
          networkPolicies(
            planEgress({ level, resources: RESOURCES }, context, { temporal, features: parts }).plan,
            references,
          ),
        ),
      ),
    ),
  ];
}

describeWithApiServer("a Kubernetes API server", () => {
  test("takes every policy as it is, and stores none", async () => {
    const policies = everyPolicy();

    expect(policies.length).toBeGreaterThan(400);
    expect(await new StrictValidation().complaints(policies as unknown as Rendered[])).toEqual([]);
  }, 600_000);

  test("refuses a hole that is not in its range", async () => {
    const [policy] = networkPolicies(
      planEgress(undefined, context, { temporal: { kind: "local" }, features }).plan,
      references,
    );
    const hole = { ipBlock: { cidr: "10.0.0.0/16", except: ["192.0.2.0/24"] } };
    const wrong = { ...policy, spec: { ...policy?.spec, egress: [{ to: [hole] }] } };

    expect(await new StrictValidation().complaints([wrong as unknown as Rendered])).toEqual([
      expect.stringContaining("192.0.2.0/24"),
    ]);
  });
});
