import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, TerraformOutput, TerraformStack } from "cdktf";
import { GeneratedSecret, Network, PostgresDatabase } from "cdktf-retool";

// A single construct, in a network that another team owns, with a password that exists.
const app = new App();
const stack = new TerraformStack(app, "database");
new AwsProvider(stack, "Aws", { region: "us-east-1", allowedAccountIds: ["111122223333"] });
const database = new PostgresDatabase(stack, "Database", {
  network: Network.fromIds(stack, "Network", {
    vpcId: "vpc-0a1b2c3d4e5f60718",
    privateSubnetIds: ["subnet-0a1b2c3d4e5f60711", "subnet-0a1b2c3d4e5f60712"],
    databaseSubnetIds: ["subnet-0a1b2c3d4e5f60713", "subnet-0a1b2c3d4e5f60714"],
  }),
  storageGiB: 200,
  connections: 400,
  password: GeneratedSecret.fromName(stack, "Password", "tools/database-password"),
});
database.allowFrom("Tools", { securityGroupId: "sg-0a1b2c3d4e5f60715" });
new TerraformOutput(stack, "host", { value: database.host });
app.synth();
