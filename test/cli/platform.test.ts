import { platformText } from "../../cli/platform";
import { planPlatformUpgrade } from "../../domain/upgrade/platform";

const textOf = (kubernetesVersion: string): string =>
  platformText(
    "prod",
    planPlatformUpgrade({
      clusterName: "retool-prod",
      region: "us-east-1",
      ownCluster: true,
      kubernetesVersion,
      nodeReleaseVersion: `${kubernetesVersion}.3-20260903`,
      pinnedAddons: [],
    }),
  );

test("what comes next stands first, then the steps with who does each", () => {
  const text = textOf("1.35");

  expect(text).toMatch(/^prod: Kubernetes 1\.35 to 1\.36\nKubernetes 1\.35 has standard support until 2027-03-27 /);
  expect(text.match(/^[A-Z].*$/gm)).toEqual(
    expect.arrayContaining(["What happens, in this order", "Security updates of nodes between versions"]),
  );
  expect(text).toMatch(/ 4\. Terraform: upgrades the control plane to 1\.36/);
  expect(text).toContain("Karpenter: replaces nodes of Retool's containers one at a time");
});

test("at the newest version only the image of the nodes is left", () => {
  const text = textOf("1.36");

  expect(text).toMatch(/^prod: Kubernetes 1\.36\n/);
  expect(text.replace(/\s+/g, " ")).toContain("This package knows no newer version of Kubernetes.");
  expect(text).not.toContain("What happens, in this order");
  expect(text).toContain("1. You: set cluster.nodeReleaseVersion to a newer release of 1.36");
});
