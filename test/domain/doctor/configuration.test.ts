import { placeholderFindings, supportFindings } from "../../../domain/doctor/configuration";
import { planEnvironment } from "../../../domain/environment/environment";
import { prod } from "../../support/environments/prod";
import { texts } from "../../support/findings";

const plan = planEnvironment(prod);

describe("placeholders", () => {
  test("are found wherever an example has them", () => {
    expect(placeholderFindings(plan).map(({ what }) => what)).toEqual(
      [
        'account "111122223333"',
        'domain "retool.example.com"',
        'access "203.0.113.0/24"',
        'clusterAccess "203.0.113.10/32"',
      ].map((setting) => `${setting} stands for your own in examples`),
    );
    const own = {
      account: "210987654321",
      domain: "tools.acme.io",
      access: "internal",
      clusterAccess: "private",
    } as const;
    expect(texts(placeholderFindings(planEnvironment({ ...prod, ...own })))).toEqual(["good none is left"]);
  });
});

describe("support", () => {
  test("ends on a day, and there is time before it", () => {
    expect(texts(supportFindings(plan, "2026-07-01"))).toEqual([
      `good Retool 4.0.9-stable and Kubernetes ${plan.cluster.kubernetesVersion} are supported`,
    ]);
    expect(texts(supportFindings(plan, "2026-12-01"))).toEqual([
      expect.stringMatching(/^warning .*Retool 4\.0.* 2026-12-11: .*; plan the upgrade: npx cdktf-retool upgrade/),
    ]);
  });
});
