import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { App, LocalBackend, TerraformStack, Testing } from "cdktf";

import { planEnvironment } from "../../domain/environment/environment";
import type { EnvironmentSpec } from "../../domain/environment/spec";
import { defineDatabases } from "../../stacks/databases";
import { RetoolSecrets } from "../../stacks/retool-secrets";
import { network as base, cluster } from "./fakes";

/** What an instance that is forgotten goes on standing on, so it is made by others. */
export interface Ground {
  /** The VPC. */
  readonly vpcId: string;
  /** Two subnets of it. */
  readonly subnetIds: readonly string[];
  /** Key of the data and the logs. */
  readonly keyArn: string;
}

/** What a variant of the databases differs in. */
export type DatabasesVariant = Pick<EnvironmentSpec, "database" | "retoolDatabase" | "temporal" | "dataProtection">;

/** The secret with the keys of the agent sandbox, made by others. */
export const SANDBOX_SECRET = "corp/agent-sandbox";

/** The databases of one environment and its secrets, as the real stack wires them, in Terraform's JSON. */
export function databasesConfiguration({ vpcId, subnetIds, keyArn }: Ground, variant: DatabasesVariant): string {
  const stack = new TerraformStack(new App({ skipValidation: true }), "databases");
  const plan = planEnvironment({
    name: "uat",
    account: "123456789012",
    region: "us-east-1",
    domain: "retool.example.com",
    retoolVersion: "4.0.9-stable",
    access: "internal",
    clusterAccess: "private",
    license: "none",
    secrets: { sandboxKeys: { kind: "existing", name: SANDBOX_SECRET } },
    ...variant,
  });
  new LocalBackend(stack, { path: "terraform.tfstate" });
  new AwsProvider(stack, "Aws", { region: plan.context.region, maxRetries: 3 });
  stack.addOverride("terraform.required_providers.aws.version", ">= 5.100.0, < 7.0.0");
  const key = { keyArn };
  const nodes = new SecurityGroup(stack, "Nodes", { namePrefix: "nodes-", vpcId, description: "Nodes" });
  defineDatabases(stack, {
    plan,
    network: { ...base, vpcId, databaseSubnetIds: subnetIds },
    cluster: { ...cluster, clusterSecurityGroupId: nodes.id },
    keys: { data: key, logs: key },
    secrets: new RetoolSecrets(stack, "Secrets", { plan: plan.secrets, encryptionKey: key }),
  });
  return Testing.synth(stack);
}
