import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, TerraformOutput, TerraformStack } from "cdktf";
import {
  Certificate,
  FrontDoor,
  HostedZone,
  Karpenter,
  KubernetesCluster,
  Network,
  PostgresDatabase,
  RetoolRelease,
} from "cdktf-retool";

// Retool as one construct in the cluster and on the database of a platform team, which runs Karpenter and the load balancer
// controller. A plan compares the cluster, the subnets and the zone with what AWS says; nothing compares the version of Karpenter.
const app = new App();
const stack = new TerraformStack(app, "retool");
new AwsProvider(stack, "aws", { region: "eu-central-1", allowedAccountIds: ["111122223333"] });

const network = Network.fromIds(stack, "Network", {
  vpcId: "vpc-0a1b2c3d4e5f60718",
  privateSubnetIds: ["subnet-0a1b2c3d4e5f60711", "subnet-0a1b2c3d4e5f60712"],
  ranges: {
    vpc: ["10.20.0.0/16"],
    private: ["10.20.0.0/18", "10.20.64.0/18"],
    public: [],
    database: ["10.20.200.0/24", "10.20.201.0/24"],
  },
});
const cluster = KubernetesCluster.fromName(stack, "Cluster", "platform", {
  network,
  kubernetesVersion: "1.35",
  loadBalancerController: { roleName: "platform-load-balancer-controller" },
});
const karpenter = Karpenter.fromExisting(stack, "Karpenter", {
  cluster,
  version: "1.14.1",
  instanceProfileName: "platform-karpenter-node",
  // Its role may only join the cluster and pull images: docs/guides/existing-cluster.md.
  sandboxInstanceProfileName: "platform-sandbox-node",
  controllerRoleArn: "arn:aws:iam::111122223333:role/platform-karpenter",
  nodeOverlay: true,
});
const database = PostgresDatabase.fromSecret(stack, "Database", {
  host: "retool.c1a2b3c4d5e6.eu-central-1.rds.amazonaws.com",
  databaseName: "retool",
  username: "retool",
  secretName: "retool/database-password",
});
const retool = new RetoolRelease(stack, "Retool", {
  ...{ cluster, karpenter, database },
  domain: "retool.example.com",
  retoolVersion: "4.34.1-stable",
  license: "retool/license",
});

const zone = HostedZone.fromLookup(stack, "Zone", "retool.example.com");
const certificate = new Certificate(stack, "Certificate", { names: retool.certificateNames, zone });
const door = new FrontDoor(stack, "Door", { network, certificate, nodes: cluster, zone, ...retool.entrance });
door.serve(cluster, retool.namespace, retool.ready);
new TerraformOutput(stack, "load_balancer", { value: door.dnsName });
app.synth();
