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

  test("need a network firewall only on the level that has one, and CPUs say what waits", () => {
    const codes = (level: "dns" | "firewall"): string[] =>
      quotasOf(planEnvironment({ ...prod, egress: { level } })).map(({ code }) => code);

    expect(codes("firewall")).toContain("L-DE163D32");
    expect(codes("dns")).not.toContain("L-DE163D32");
    expect(texts(quotaFindings({ ...cpus!, needed: 100 }, { known: 5 }))[0]).toContain(
      "; at the limit Karpenter launches nothing more, and editing sessions wait; ",
    );
  });

  test.each([
    [{ known: 1000 }, "good elastic IP addresses: 1000, the environment needs up to 3"],
    [
      { known: 2 },
      "problem elastic IP addresses: the account has 2 (L-0263D0A3), and the environment needs up to 3; at the limit the deployment stops where it makes one more; aws service-quotas request-service-quota-increase --region us-east-1 --service-code ec2 --quota-code L-0263D0A3 --desired-value 3",
    ],
    [
      { unknown: DENIED },
      `unknown the limit of elastic IP addresses (L-0263D0A3) could not be found out: ${DENIED}; at the limit the deployment stops where it makes one more; let this role call servicequotas:GetServiceQuota, or look it up: the environment needs up to 3`,
    ],
  ])("%j", (limit, expected) => {
    const addresses = {
      service: "ec2",
      code: "L-0263D0A3",
      name: "elastic IP addresses",
      region: "us-east-1",
      needed: 3,
    };

    expect(texts(quotaFindings(addresses, limit))).toEqual([expected]);
  });
});
