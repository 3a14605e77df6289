import { planEnvironment } from "../../../domain/environment/environment";
import { installedReleases } from "../../../domain/environment/installed-releases";
import { prod } from "../../support/environments/prod";

test("the releases of a new cluster are in the namespaces of Retool and of the controllers", () => {
  const names = installedReleases(planEnvironment(prod)).map(({ namespace, name }) => `${namespace}/${name}`);

  // test/stacks/existing-cluster.test.ts compares names, namespaces and timeouts with what is installed.
  expect(names).toEqual([
    "retool/retool",
    "retool/target-group-bindings",
    "kube-system/retool-node-classes",
    "kube-system/retool-node-pools",
    "kube-system/retool-sandbox-headroom",
    "kube-system/karpenter-crd",
    "kube-system/karpenter",
    "kube-system/aws-load-balancer-controller",
  ]);
});

test("secrets that External Secrets delivers are one more", () => {
  const spec = { ...prod, secretDelivery: "external-secrets" } as const;

  expect(installedReleases(planEnvironment(spec))).toContainEqual({
    namespace: "retool",
    name: "retool-secrets",
    timeoutSeconds: 300,
  });
  expect(installedReleases(planEnvironment(prod)).map(({ name }) => name)).not.toContain("retool-secrets");
});
