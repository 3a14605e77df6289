import { ExistingCluster } from "../../../constructs/cluster/existing-cluster";
import { planExistingCluster } from "../../../domain/cluster/existing";
import { context, network } from "../../support/fakes";
import { synthesize } from "../../support/synthesize";

test("ExistingCluster finds what providers and nodes need, and makes nothing", () => {
  const { plan } = planExistingCluster(
    { kind: "existing", name: "platform", kubernetesVersion: "1.34", has: { networkPolicies: true } },
    context,
    {
      devicePlugin: true,
      spot: false,
      existingNetwork: true,
      autoscales: false,
      privateCidrs: ["10.0.0.0/24", "10.0.1.0/24"],
    },
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
  expect(stack.onlyData("aws_subnet")).toMatchObject({
    for_each: expect.stringMatching(
      /^\$\{toset\(data\.aws_eks_cluster\.\w+\.vpc_config\[0\]\.subnet_ids\)\}$/,
    ) as unknown,
    id: "${each.value}",
    lifecycle: {
      postcondition: [
        {
          condition: '${contains(["10.0.0.0/24","10.0.1.0/24"], self.cidr_block)}',
          error_message: expect.stringMatching(/^cluster\.controlPlaneCidrs: .*; list the ranges/) as unknown,
        },
      ],
    },
  });
  expect(stack.addresses()).toEqual([]);
});
