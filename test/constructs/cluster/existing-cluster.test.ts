import { ExistingCluster } from "../../../constructs/cluster/existing-cluster";
import { planExistingCluster } from "../../../domain/cluster/existing";
import { context, network } from "../../support/fakes";
import { synthesize } from "../../support/synthesize";

test("ExistingCluster finds what providers and nodes need, and makes nothing", () => {
  const { plan } = planExistingCluster(
    { kind: "existing", name: "platform", kubernetesVersion: "1.34", has: { networkPolicies: true } },
    context,
    { devicePlugin: true, spot: false, existingNetwork: true },
  );
  let made: ExistingCluster | undefined;
  const stack = synthesize((scope) => (made = new ExistingCluster(scope, "Cluster", { plan, network })));

  expect(made!.clusterName).toBe("platform");
  expect(made!.apiReady).toEqual([]);
  expect(stack.onlyData("aws_eks_cluster")).toMatchObject({
    name: "platform",
    lifecycle: {
      postcondition: [
        {
          condition: '${self.version == "1.34"}',
          error_message: expect.stringMatching(/^cluster\.kubernetesVersion: .*; /) as unknown,
        },
        {
          condition: '${self.vpc_config[0].vpc_id == "vpc-1"}',
          error_message: expect.stringMatching(/^network\.vpcId: .*; /) as unknown,
        },
        { error_message: expect.stringMatching(/^cluster\.serviceCidr: .*; /) as unknown },
        { error_message: expect.stringMatching(/^cluster\.name: .*; .*API_AND_CONFIG_MAP$/) as unknown },
      ],
    },
  });
  expect(stack.addresses()).toEqual([]);
});
