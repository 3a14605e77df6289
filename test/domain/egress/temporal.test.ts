import { temporalEgress } from "../../../domain/egress/temporal";
import type { TemporalPlan } from "../../../domain/temporal/plan";

const plan = { kind: "retool-managed", organizationId: "abc", frontend: undefined } as unknown as TemporalPlan;
const frontend = { host: "ns.acct.tmprl.cloud", port: 7233 } as TemporalPlan["frontend"];
const cassandra = { hosts: ["c1.example.com", "c2.example.com"], port: 9042, user: "temporal" };

test.each([
  [{ ...plan }, { kind: "retool-managed", organizationId: "abc" }],
  [
    { ...plan, kind: "temporal-cloud", frontend },
    { kind: "temporal-cloud", host: "ns.acct.tmprl.cloud", privateLink: false },
  ],
  [
    { ...plan, kind: "temporal-cloud", frontend, privateLink: {} as TemporalPlan["privateLink"] },
    { kind: "temporal-cloud", host: "ns.acct.tmprl.cloud", privateLink: true },
  ],
  [
    { ...plan, kind: "self-hosted", frontend },
    { kind: "self-hosted", host: "ns.acct.tmprl.cloud", port: 7233 },
  ],
  [{ ...plan, kind: "local" }, { kind: "local" }],
  [
    { ...plan, kind: "local", cluster: { server: undefined, instance: {}, cassandra: undefined, historyShards: 128 } },
    { kind: "local", cassandra: undefined },
  ],
  [
    { ...plan, kind: "local", cluster: { server: undefined, instance: undefined, cassandra, historyShards: 128 } },
    { kind: "local", cassandra },
  ],
] as const)("opens the way to %j", (given, expected) => {
  expect(temporalEgress(given)).toEqual(expected);
});
