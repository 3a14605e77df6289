import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, TerraformOutput, TerraformStack } from "cdktf";
import { Karpenter, KubernetesCluster, Network } from "cdktf-retool";

// Only an EKS cluster, in subnets that are found by their tags, with one pool of nodes.
const app = new App();
const stack = new TerraformStack(app, "cluster");
new AwsProvider(stack, "aws", { region: "us-east-1", allowedAccountIds: ["111122223333"] });
const network = Network.fromLookup(stack, "Network", {
  tags: { Name: "shared" },
  privateSubnetTags: { "kubernetes.io/role/internal-elb": "1" },
});
const cluster = new KubernetesCluster(stack, "Cluster", { network, access: ["203.0.113.10/32"] });
new Karpenter(stack, "Karpenter", { cluster, pools: { general: { cpuLimit: 32 } } });
new TerraformOutput(stack, "endpoint", { value: cluster.endpoint });
app.synth();
