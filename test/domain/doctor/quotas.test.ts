import { quotaFindings, quotasOf } from "../../../domain/doctor/quotas";
import { planEnvironment } from "../../../domain/environment/environment";
import { prod } from "../../support/environments/prod";
import { DENIED, texts } from "../../support/findings";

const plan = planEnvironment(prod);

describe("quotas", () => {
  const [cpus] = quotasOf(plan);

  test("need what the pools may grow to, and the system nodes", () => {
    const system = 2 * (plan.cluster.systemNodes?.maximum ?? 0);

    expect(system).toBeGreaterThan(0);
    expect(cpus).toMatchObject({ code: "L-1216C47A", needed: plan.capacity.quotaCpus.onDemand + system });
    expect(
      quotasOf(planEnvironment({ ...prod, sandbox: { purchaseOption: "spot" } })).map(({ code }) => code),
    ).toContain("L-34B43A08");
  });

  test.each([
    [{ known: 1000 }, "good elastic IP addresses: 1000, the environment needs up to 3"],
    [
      { known: 2 },
      "problem elastic IP addresses: the account has 2 (L-0263D0A3), and the environment needs up to 3; at the limit nothing more is launched, and editing sessions wait; aws service-quotas request-service-quota-increase --service-code ec2 --quota-code L-0263D0A3 --desired-value 3",
    ],
    [
      { unknown: DENIED },
      `unknown the limit of elastic IP addresses (L-0263D0A3) could not be found out: ${DENIED}; Karpenter waits silently where the quota is used up; let this role call servicequotas:GetServiceQuota, or look it up: the environment needs up to 3`,
    ],
  ])("%j", (limit, expected) => {
    const addresses = { service: "ec2", code: "L-0263D0A3", name: "elastic IP addresses", needed: 3 };

    expect(texts(quotaFindings(addresses, limit))).toEqual([expected]);
  });
});
