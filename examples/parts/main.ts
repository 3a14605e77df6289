import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, TerraformStack } from "cdktf";
import { BlobStorage, KubernetesCluster, Network, PostgresDatabase } from "cdktf-retool";

const app = new App();
const stack = new TerraformStack(app, "tools");
new AwsProvider(stack, "aws", { region: "eu-central-1", allowedAccountIds: ["111122223333"] });

const network = new Network(stack, "Network", { zones: 2, nat: "single" });
const cluster = new KubernetesCluster(stack, "Cluster", { network, access: ["203.0.113.10/32"] });
const database = new PostgresDatabase(stack, "Database", { network, engineVersion: "17" });
database.allowFrom("Cluster", cluster);
new BlobStorage(stack, "Storage");
app.synth();
