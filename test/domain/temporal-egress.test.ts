import { temporalEgress } from "../../domain/temporal-egress";
import type { TemporalPlan } from "../../domain/temporal-plan";

const plan = { kind: "retool-managed", organizationId: "abc", frontend: undefined } as unknown as TemporalPlan;
const frontend = { host: "ns.acct.tmprl.cloud", port: 7233 } as TemporalPlan["frontend"];

test.each([
  [{ ...plan }, { kind: "retool-managed", organizationId: "abc" }],
  [
    { ...plan, kind: "temporal-cloud", frontend },
    { kind: "temporal-cloud", host: "ns.acct.tmprl.cloud" },
  ],
  [
    { ...plan, kind: "self-hosted", frontend },
    { kind: "self-hosted", host: "ns.acct.tmprl.cloud", port: 7233 },
  ],
  [{ ...plan, kind: "local" }, { kind: "local" }],
] as const)("opens the way to %j", (given, expected) => {
  expect(temporalEgress(given)).toEqual(expected);
});
