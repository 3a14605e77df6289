import { planPlainExistingCluster } from "../../../domain/cluster/plain-existing";
import { versions } from "../../../domain/versions/pins";
import { context } from "../../support/fakes";

const plan = (spec: Parameters<typeof planPlainExistingCluster>[1], ranges = ["10.0.0.0/20"]) =>
  planPlainExistingCluster("platform", spec, context, ranges);

test("a cluster that exists needs no settings: they have the defaults of EKS, of the network and of this package", () => {
  const { plan: cluster, violations } = plan({});

  expect(violations).toEqual([]);
  expect(cluster).toMatchObject({
    name: "platform",
    kubernetesVersion: versions.kubernetes.default,
    serviceCidr: "172.20.0.0/16",
    controlPlaneCidrs: ["10.0.0.0/20"],
    networkPluginUsesNodeRole: true,
  });
  expect(cluster.loadBalancerController).toBeUndefined();
});

test("what is said of it is taken", () => {
  const controller = { roleName: "platform-lbc" };
  const { plan: cluster } = plan({
    kubernetesVersion: "1.35",
    controlPlaneCidrs: ["10.1.0.0/28"],
    loadBalancerController: controller,
    networkPluginRole: true,
  });

  expect(cluster).toMatchObject({
    kubernetesVersion: "1.35",
    controlPlaneCidrs: ["10.1.0.0/28"],
    loadBalancerController: controller,
    networkPluginUsesNodeRole: false,
  });
});

test("what is wrong has the path of a flat setting", () => {
  const wrong = { loadBalancerController: 3, serviceCidr: 4 } as object;

  expect(plan(wrong).violations.map(({ path }) => path)).toEqual([
    "cluster.serviceCidr",
    "cluster.loadBalancerController",
  ]);
});
