import { prod } from "../../support/environments/prod";
import { planEnvironment } from "../../../domain/environment/environment";
import { planEnvironmentPlatform } from "../../../domain/environment/platform";
import { planPlatformUpgrade, type PlatformState } from "../../../domain/upgrade/platform";
import { versions } from "../../../domain/versions/pins";

const state: PlatformState = {
  clusterName: "retool-prod",
  region: "us-east-1",
  ownCluster: true,
  kubernetesVersion: "1.35",
  nodeReleaseVersion: "1.35.7-20260903",
  pinnedAddons: [],
};
const stepsOf = (more: Partial<PlatformState> = {}): string[] =>
  planPlatformUpgrade({ ...state, ...more }).steps.map(({ by, what }) => `${by}: ${what}`);

test("takes the control plane first, then add-ons, nodes, and charts in another deployment", () => {
  expect(stepsOf()).toEqual([
    expect.stringMatching(/^operator: .*aws eks list-insights --cluster-name retool-prod --region us-east-1$/),
    expect.stringMatching(/^operator: take a staging environment to 1\.36 first/),
    expect.stringMatching(
      /^operator: set cluster\.kubernetesVersion to "1\.36".* "1\.36\.3-20260903" or later, and deploy$/,
    ),
    expect.stringMatching(/^terraform: upgrades the control plane to 1\.36: .* no way back$/),
    expect.stringMatching(/^terraform: moves each add-on/),
    expect.stringMatching(/^terraform: replaces the system nodes by nodes of the image 1\.36\.3-20260903$/),
    expect.stringMatching(
      /^karpenter: replaces nodes of Retool's containers one at a time outside nodePools\.businessHours/,
    ),
    expect.stringMatching(/^operator: wait until kubectl get nodes shows 1\.36/),
    expect.stringMatching(/^operator: then, in another deployment, .*charts of Karpenter/),
  ]);
});

test("raises fixed add-ons before the version that they may not fit", () => {
  const steps = stepsOf({ pinnedAddons: ["vpc-cni", "coredns"] });
  const [addons, edit] = [
    /cluster\.addonVersions remove vpc-cni, coredns/,
    /^operator: set cluster\.kubernetesVersion/,
  ].map((form) => steps.findIndex((step) => form.test(step)));

  expect(addons).toBeGreaterThan(0);
  expect(edit).toBe(Number(addons) + 1);
});

test("asks the owner of a cluster for Karpenter before the control plane, where it is too old", () => {
  const steps = stepsOf({ ownCluster: false, existingKarpenter: "1.12.3" });

  expect(steps.filter((step) => step.startsWith("owner: "))).toEqual([
    "owner: upgrades Karpenter from 1.12.3 to 1.13.0 or later, before the control plane; then write that version into cluster.has.karpenter",
    "owner: upgrades the control plane to 1.36, then the add-ons that are theirs",
  ]);
  expect(stepsOf({ ownCluster: false, existingKarpenter: "1.13.0" }).join()).not.toContain("upgrades Karpenter");
});

test("goes one version at a time, and nowhere from the newest", () => {
  expect(planPlatformUpgrade({ ...state, kubernetesVersion: "1.33" }).next?.version).toBe("1.34");
  expect(planPlatformUpgrade({ ...state, kubernetesVersion: versions.kubernetes.default })).toMatchObject({
    steps: [],
  });
  expect(planPlatformUpgrade({ ...state, kubernetesVersion: "1.20" })).toMatchObject({ steps: [] });
});

test("reads an environment: what it fixes, and whose the cluster is", () => {
  const cluster = { kubernetesVersion: "1.35", addonVersions: { coredns: "v1.13.2-eksbuild.1" } };
  const { current, steps } = planEnvironmentPlatform(planEnvironment({ ...prod, cluster }));

  expect(current).toEqual({
    version: "1.35",
    standardSupportUntil: "2027-03-27",
    extendedSupportUntil: "2028-03-27",
    nodeRelease: "1.35.7-20260903",
  });
  expect(steps.map(({ what }) => what).join("\n")).toContain("in cluster.addonVersions remove coredns or raise");
});
