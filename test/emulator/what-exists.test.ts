import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, TerraformStack, Testing } from "cdktf";

import { ExistingNetwork } from "../../constructs/network/existing-network";
import { planExistingNetwork } from "../../domain/network/existing";
import { addressesInZone } from "../support/fakes";
import { ExistingCluster } from "../../constructs/cluster/existing-cluster";
import { local } from "../support/environments/local";
import { EncryptionKey, HostedZone, Network } from "../../library";
import { Bench, describeOnEmulator, MINUTES } from "../support/terraform-bench";

interface Made {
  readonly vpcId: string;
  readonly otherVpcId: string;
  readonly subnetIds: readonly string[];
}

/** Terraform breaks messages into lines, behind a bar. */
const flat = (output: string): string => output.replaceAll(/[│\s]+/g, " ");

describeOnEmulator("what exists", () => {
  let bench: Bench;
  let made: Made;

  const configuration = (define: (stack: TerraformStack) => void): string => {
    const stack = new TerraformStack(new App({ skipValidation: true }), "Tools");
    new AwsProvider(stack, "aws", { region: "us-east-1", allowedAccountIds: [local.account] });
    stack.addOverride("terraform.required_providers.aws.version", ">= 5.100.0, < 7.0.0");
    define(stack);
    return Testing.synth(stack);
  };

  beforeAll(async () => {
    bench = await Bench.open(configuration(() => undefined));
    const vpc = (CidrBlock: string) => ({ service: "ec2", operation: "create_vpc", parameters: { CidrBlock } });
    const [first, second] = bench.call([vpc("10.20.0.0/16"), vpc("10.30.0.0/16")]) as { Vpc: { VpcId: string } }[];
    const [vpcId = "", otherVpcId = ""] = [first?.Vpc.VpcId, second?.Vpc.VpcId];
    const subnet = (CidrBlock: string, AvailabilityZone: string) => ({
      service: "ec2",
      operation: "create_subnet",
      parameters: { VpcId: vpcId, CidrBlock, AvailabilityZone },
    });
    const subnets = bench.call([
      subnet("10.20.0.0/20", "us-east-1a"),
      subnet("10.20.16.0/20", "us-east-1b"),
      subnet("10.20.32.0/20", "us-east-1a"),
    ]);
    const ids = (subnets as { Subnet: { SubnetId: string } }[]).map(({ Subnet: { SubnetId } }) => SubnetId);
    const role = {
      RoleName: "cluster",
      AssumeRolePolicyDocument: JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Principal: { Service: "eks.amazonaws.com" }, Action: "sts:AssumeRole" }],
      }),
    };
    bench.call([
      { service: "iam", operation: "create_role", parameters: role },
      {
        service: "eks",
        operation: "create_cluster",
        parameters: {
          name: "platform",
          version: "1.35",
          roleArn: `arn:aws:iam::${local.account}:role/cluster`,
          resourcesVpcConfig: { subnetIds: ids.slice(0, 2) },
          accessConfig: { authenticationMode: "API" },
        },
      },
      {
        service: "route53",
        operation: "create_hosted_zone",
        parameters: { Name: "example.com", CallerReference: "1" },
      },
    ]);
    made = { vpcId, otherVpcId, subnetIds: ids };
  }, 5 * MINUTES);

  afterAll(async () => {
    await bench.close();
  });

  const planned = async (define: (stack: TerraformStack) => void): Promise<{ code: number | null; output: string }> => {
    bench.configure(configuration(define));
    const { code, output } = await bench.run(["plan", "-input=false"]);
    return { code, output: flat(output) };
  };

  const network =
    (lists: { readonly privateSubnets: "two zones" | "one zone"; readonly publicSubnets: "two zones" | "one zone" }) =>
    (stack: TerraformStack): void => {
      const first = { id: made.subnetIds[0]!, cidr: "10.20.0.0/20" };
      const subnets = {
        "two zones": [first, { id: made.subnetIds[1]!, cidr: "10.20.16.0/20" }],
        "one zone": [first, { id: made.subnetIds[2]!, cidr: "10.20.32.0/20" }],
      };
      const { plan } = planExistingNetwork(
        {
          kind: "existing",
          vpcId: made.vpcId,
          cidrs: ["10.20.0.0/16"],
          privateSubnets: subnets[lists.privateSubnets],
          publicSubnets: subnets[lists.publicSubnets],
        },
        { addressesPerZone: addressesInZone(1) },
      );
      new ExistingNetwork(stack, "Network", { plan, account: local.account });
    };

  const cluster =
    (more: Partial<ConstructorParameters<typeof ExistingCluster>[2]["plan"]>, vpcId = made.vpcId) =>
    (stack: TerraformStack): void => {
      const facts = { name: "platform", kubernetesVersion: "1.35", serviceCidr: "172.20.0.0/16" };
      new ExistingCluster(stack, "Shared", {
        plan: { ...facts, controlPlaneCidrs: ["10.20.0.0/20", "10.20.16.0/20"], ...more },
        network: { vpcId },
        paths: { cluster: "Tools/Shared", network: "Tools/Shared.network" },
      });
    };

  test(
    "is planned where everything said of it is so",
    async () => {
      const { code, output } = await planned((stack) => {
        cluster({})(stack);
        Network.fromIds(stack, "Network", { vpcId: made.vpcId, privateSubnetIds: [made.subnetIds[0]!] });
        HostedZone.fromLookup(stack, "Zone", "tools.example.com");
      });

      expect([code, output]).toEqual([0, expect.stringContaining("No changes.")]);
    },
    MINUTES,
  );

  test(
    "stops a plan where it is not, each with what to change",
    async () => {
      const wrong = await planned((stack) => {
        cluster({ kubernetesVersion: "1.34", serviceCidr: "10.100.0.0/16" }, made.otherVpcId)(stack);
        Network.fromIds(stack, "Network", { vpcId: made.otherVpcId, privateSubnetIds: [made.subnetIds[0]!] });
        HostedZone.fromLookup(stack, "Zone", "tools.example.net");
      });

      expect(wrong.code).toBe(1);
      for (const message of [
        "Tools/Shared.kubernetesVersion: the cluster has another version; correct it",
        "Tools/Shared.network: the cluster is in another VPC; use that one",
        "Tools/Shared.serviceCidr: the cluster has another Service range; correct it",
        `Tools/Network: the subnet ${made.subnetIds[0]!} is not in ${made.otherVpcId}; use subnets of that VPC`,
        "Tools/Zone: no public hosted zone of this account holds tools.example.net; create one, or use HostedZone.fromId",
      ])
        expect(wrong.output).toContain(message);
      expect((await planned(cluster({ controlPlaneCidrs: ["10.20.0.0/20"] }))).output).toContain(
        "Tools/Shared.controlPlaneCidrs: the control plane has an interface in subnet-",
      );
    },
    MINUTES,
  );

  test(
    "stops a plan with a key that encrypts nothing",
    async () => {
      const [key] = bench.call([{ service: "kms", operation: "create_key" }]) as { KeyMetadata: { KeyId: string } }[];
      const TargetKeyId = key?.KeyMetadata.KeyId ?? "";
      bench.call([
        { service: "kms", operation: "create_alias", parameters: { AliasName: "alias/shared", TargetKeyId } },
      ]);
      const find = (stack: TerraformStack): void => void EncryptionKey.fromAlias(stack, "Key", "alias/shared");
      expect((await planned(find)).output).toContain("No changes.");
      bench.call([{ service: "kms", operation: "disable_key", parameters: { KeyId: TargetKeyId } }]);

      expect((await planned(find)).output).toContain(
        "Tools/Key: the key alias/shared is disabled, or not a symmetric one; use an enabled symmetric key",
      );
    },
    MINUTES,
  );

  test(
    "is refused where the subnets that are listed are in one zone",
    async () => {
      const right = await planned(network({ privateSubnets: "two zones", publicSubnets: "two zones" }));
      expect([right.code, right.output]).toEqual([0, right.output]);
      const { output: nodes } = await planned(network({ privateSubnets: "one zone", publicSubnets: "two zones" }));
      expect(nodes).toContain("network.privateSubnets: all subnets are in one zone;");
      const { output: entrance } = await planned(network({ privateSubnets: "two zones", publicSubnets: "one zone" }));
      expect(entrance).toContain("network.publicSubnets: two of the subnets are in one zone,");
    },
    3 * MINUTES,
  );
});
