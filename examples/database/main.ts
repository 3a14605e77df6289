import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, TerraformOutput, TerraformStack } from "cdktf";

import { EncryptionKey, ExistingSecret, PostgresDatabase } from "../../constructs";
import { ConfigurationError, type EnvironmentContext, planEncryptionKey, planPostgres } from "../../domain";

// A single construct, in a network that another team owns.
const context: EnvironmentContext = {
  name: "prod",
  account: "111122223333",
  region: "us-east-1",
  domain: "retool.example.com",
  prefix: "retool-prod",
  namespace: "retool",
  dataProtection: "protected",
};
const network = {
  vpcId: "vpc-0a1b2c3d4e5f60718",
  vpcCidr: "10.20.0.0/16",
  publicSubnetIds: [],
  privateSubnetIds: ["subnet-0a1b2c3d4e5f60711", "subnet-0a1b2c3d4e5f60712"],
  databaseSubnetIds: ["subnet-0a1b2c3d4e5f60713", "subnet-0a1b2c3d4e5f60714"],
  natAddresses: [],
  egressReady: [],
};

const { plan, violations } = planPostgres({ storageGiB: 200 }, context, { connections: 400 });
if (violations.length > 0) throw new ConfigurationError(violations);

const app = new App();
const stack = new TerraformStack(app, "database");
new AwsProvider(stack, "Aws", { region: context.region, allowedAccountIds: [context.account] });
const database = new PostgresDatabase(stack, "Database", {
  plan,
  network,
  encryptionKey: new EncryptionKey(stack, "Key", {
    plan: planEncryptionKey(
      { name: "database", description: "Database of Retool", services: ["cloudwatch-logs"] },
      context,
    ),
  }),
  password: new ExistingSecret(stack, "Password", { name: "retool/prod/database-password", revision: 1 }),
});
database.allowFrom("Retool", { securityGroupId: "sg-0a1b2c3d4e5f60715" });
new TerraformOutput(stack, "host", { value: database.host });
app.synth();
