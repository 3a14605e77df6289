import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Subnet } from "@cdktf/provider-aws/lib/subnet";
import { Vpc } from "@cdktf/provider-aws/lib/vpc";
import { App, LocalBackend, TerraformStack, Testing } from "cdktf";

import { GeneratedSecret } from "../../constructs/secrets/generated-secret";
import { PostgresDatabase } from "../../constructs/database/postgres-database";
import { planPostgres, type PostgresSpec } from "../../domain/database/instance";
import { planSecrets } from "../../domain/secrets/secrets";
import { context as base } from "./fakes";

const context = { ...base, account: "123456789012", dataProtection: "disposable" } as const;

/** One secret and the database that takes its password from it, as the real stack wires them, in Terraform's JSON. */
export function databaseConfiguration(spec?: PostgresSpec): string {
  const stack = new TerraformStack(new App({ skipValidation: true }), "database");
  new LocalBackend(stack, { path: "terraform.tfstate" });
  const tags = { Project: "cdktf-retool", Environment: context.name };
  new AwsProvider(stack, "Aws", { region: context.region, maxRetries: 3, defaultTags: [{ tags }] });
  stack.addOverride("terraform.required_providers.aws.version", ">= 5.100.0, < 7.0.0");
  const vpc = new Vpc(stack, "Vpc", { cidrBlock: "10.0.0.0/16" });
  const subnets = ["a", "b"].map((zone, index) => {
    const props = { cidrBlock: `10.0.${index}.0/24`, availabilityZone: `${context.region}${zone}` };
    return new Subnet(stack, `Subnet-${zone}`, { vpcId: vpc.id, ...props }).id;
  });
  const encryptionKey = { keyArn: new KmsKey(stack, "Key", { deletionWindowInDays: 7 }).arn };
  const { plan: secrets } = planSecrets(undefined, "none", context);
  const { plan, violations } = planPostgres(spec, context, { connections: 100 });
  if (violations.length > 0) throw new Error(JSON.stringify(violations));
  new PostgresDatabase(stack, "Database", {
    plan,
    network: {
      vpcId: vpc.id,
      vpcCidr: "10.0.0.0/16",
      publicSubnetIds: [],
      privateSubnetIds: subnets,
      databaseSubnetIds: subnets,
      natAddresses: [],
      egressReady: [],
    },
    encryptionKey,
    password: new GeneratedSecret(stack, "Password", { ...secrets, ...secrets.databasePassword, encryptionKey }),
  });
  return Testing.synth(stack);
}
