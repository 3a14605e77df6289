import { ClusterAddons } from "../../../constructs/cluster/cluster-addons";
import { type AddonVersions, planAddons } from "../../../domain/cluster/addons";
import { cluster } from "../../support/fakes";
import { type Block, type Synthesized, synthesize } from "../../support/synthesize";

const define = (addonVersions: AddonVersions = {}): Synthesized =>
  synthesize((stack) => {
    const plan = planAddons({
      clusterName: "retool-prod",
      region: "us-east-1",
      kubernetesVersion: "1.35",
      prefixDelegation: false,
      addonVersions,
      autoscales: true,
    });
    const addons = [...plan.beforeNodes, ...plan.afterNodes];
    new ClusterAddons(stack, "Addons", { addons, cluster, after: [{ fqn: "aws_eks_cluster.one" }] });
  });
const addon = (template: Synthesized, name: string): Block => {
  const found = template.all("aws_eks_addon").find((block) => block["addon_name"] === name);
  if (found === undefined) throw new Error(`there is no ${name}`);
  return found;
};

describe("ClusterAddons", () => {
  test("hands each add-on its settings as JSON", () => {
    expect(JSON.parse(addon(define(), "vpc-cni")["configuration_values"] as string)).toMatchObject({
      enableNetworkPolicy: "true",
    });
    expect(addon(define(), "kube-proxy")["configuration_values"]).toBeUndefined();
  });

  test("takes the version that EKS recommends for the Kubernetes version", () => {
    const template = define();
    const lookups = Object.values(template.json["data"]?.["aws_eks_addon_version"] ?? {});

    expect(lookups.map((lookup) => lookup["addon_name"]).sort()).toEqual(
      template
        .all("aws_eks_addon")
        .map((block) => block["addon_name"])
        .sort(),
    );
    expect(new Set(lookups.map((lookup) => lookup["kubernetes_version"]))).toEqual(new Set(["1.35"]));
    expect(addon(template, "coredns")["addon_version"]).toMatch(
      /^\$\{data\.aws_eks_addon_version\.[^.]*coredns[^.]*\.version\}$/,
    );
  });

  test("stops the plan where EKS recommends a version with a known fault", () => {
    const lookups = Object.values(define().json["data"]?.["aws_eks_addon_version"] ?? {});
    const withCondition = lookups.filter(
      ({ lifecycle }) => lifecycle !== undefined && JSON.stringify(lifecycle) !== "{}",
    );

    expect(withCondition.map((lookup) => [lookup["addon_name"], lookup["lifecycle"]])).toEqual([
      [
        "vpc-cni",
        {
          postcondition: [
            {
              condition: '${!can(regex("^v1[.](21[.][01]|22[.][01])-", self.version))}',
              error_message:
                "cluster.addonVersions.vpc-cni: the version that EKS recommends can cut off all pods of a new cluster; use v1.21.2, v1.22.2 or later",
            },
          ],
        },
      ],
    ]);
  });

  test("takes a pinned version as it is, without looking", () => {
    const template = define({ coredns: "v1.13.2-eksbuild.1" });

    expect(addon(template, "coredns")["addon_version"]).toBe("v1.13.2-eksbuild.1");
    expect(JSON.stringify(template.json["data"])).not.toContain("coredns");
  });

  test("overrules what stands in its way", () => {
    expect(addon(define(), "coredns")).toMatchObject({
      resolve_conflicts_on_create: "OVERWRITE",
      resolve_conflicts_on_update: "OVERWRITE",
    });
  });

  test("comes after the role and the association of its pods, which get them when they are created", () => {
    const dependsOn = addon(define(), "vpc-cni")["depends_on"] as string[];

    expect(dependsOn.map((address) => address.split(".")[0]).sort()).toEqual([
      "aws_eks_cluster",
      "aws_eks_pod_identity_association",
      "aws_iam_role_policy_attachment",
    ]);
    expect(addon(define(), "kube-proxy")["depends_on"]).toEqual(["aws_eks_cluster.one"]);
  });

  test("gives the network plugin and the EBS driver a role in kube-system each", () => {
    expect(
      define({ "aws-ebs-csi-driver": "v1.62.0-eksbuild.1" })
        .all("aws_eks_pod_identity_association")
        .map(({ namespace, service_account: account }) => [namespace, account])
        .sort(),
    ).toEqual([
      ["kube-system", "aws-node"],
      ["kube-system", "ebs-csi-controller-sa"],
    ]);
  });
});
