import { placeholderFindings, supportFindings } from "../../../domain/doctor/configuration";
import { type EnvironmentPlan, planEnvironment } from "../../../domain/environment/environment";
import { prod } from "../../support/environments/prod";
import { secondInstance } from "../../support/second-instance";
import { texts } from "../../support/findings";

const plan = planEnvironment(prod);

describe("placeholders", () => {
  test("are found wherever an example has them", () => {
    const why = "they are examples: no account, name or address of them is yours";
    expect(texts(placeholderFindings(plan))).toEqual([
      `problem account "111122223333", domain "retool.example.com", access "203.0.113.0/24", clusterAccess "203.0.113.10/32" are placeholders from an example; ${why}; set account, domain, access and clusterAccess in the configuration of prod`,
    ]);
    const own = {
      account: "210987654321",
      domain: "tools.acme.io",
      access: "internal",
      clusterAccess: "private",
    } as const;
    expect(texts(placeholderFindings(planEnvironment({ ...prod, ...own })))).toEqual(["good none is left"]);
    expect(texts(placeholderFindings(planEnvironment({ ...prod, ...own, domain: "retool.example.com" })))).toEqual([
      `problem domain "retool.example.com" is a placeholder from an example; ${why}; set domain in the configuration of prod`,
    ]);
  });
});

describe("support", () => {
  test("of an existing cluster's Kubernetes is its owner's, and does not depend on a protected firewall", () => {
    const existing = planEnvironment(secondInstance(prod));
    const guarded = planEnvironment({ ...prod, egress: { level: "firewall" } });
    const about = (of: EnvironmentPlan): string[] =>
      texts(supportFindings(of, "2027-12-31")).filter((text) => !text.includes("Retool 4.0"));

    expect(about(existing)[0]).toMatch(
      /^warning Kubernetes .*; AWS asks six times as much for an old Kubernetes; ask the owner of retool-prod when it is upgraded, and deploy that version then$/,
    );
    expect(guarded.networkFirewall?.changeProtection).toBe(true);
    expect(about(guarded).map((text) => text.split(" ")[1])).toEqual(["Kubernetes", "Nodes"]);
  });

  test("ends on a day, and there is time before it", () => {
    expect(texts(supportFindings(plan, "2026-07-01"))).toEqual([
      `good Retool 4.0.9-stable and Kubernetes ${plan.cluster.kubernetesVersion}, which the configuration says, are supported`,
    ]);
    expect(texts(supportFindings(plan, "2026-12-01"))).toEqual([
      "warning Patches for Retool 4.0 end on 2026-12-11: plan the upgrade to the next stable line now; Retool mends no faults of a line after that day; plan it: npx cdktf-retool upgrade prod --to <version>",
    ]);
    const reasons = [
      "AWS asks six times as much for an old Kubernetes",
      "nodes miss the security fixes of later images",
    ];
    expect(texts(supportFindings(plan, "2027-12-31"))).toEqual([
      "warning Patches for Retool 4.0 ended on 2026-12-11: upgrade to the next stable line; Retool mends no faults of a line after that day; plan it: npx cdktf-retool upgrade prod --to <version>",
      expect.stringMatching(
        /^warning Kubernetes 1\.\d+ had standard support until 2027-08-02: .* knows no newer version yet: update it first; /,
      ),
      expect.stringMatching(
        /^warning Nodes run the image of 2026-\d\d-\d\d, which is \d+ days old and lacks later security updates: /,
      ),
    ]);
    expect(texts(supportFindings(plan, "2027-12-31")).slice(1)).toEqual(
      reasons.map(
        (why) =>
          expect.stringMatching(new RegExp(`; ${why}; plan it: npx cdktf-retool upgrade prod --platform$`)) as string,
      ),
    );
  });
});
