import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { App, LocalBackend, TerraformStack, Testing } from "cdktf";
import type { Construct } from "constructs";

import { Network } from "../../constructs/network/network";
import { planEnvironment } from "../../domain/environment/environment";
import type { EnvironmentSpec } from "../../domain/environment/spec";
import { planNetwork } from "../../domain/network/network";
import { Entrance, type EntranceProps } from "../../stacks/entrance";
import { addressesInZone, context as base } from "./fakes";

/** The emulator's account. */
export const ACCOUNT = "123456789012";
/** An account that holds zones for others. */
export const DNS_ACCOUNT = "444455556666";

const context = { ...base, account: ACCOUNT, dataProtection: "disposable" } as const;
const DEMAND = { addressesPerZone: addressesInZone(100) };

/** What a variant of the entrance differs in. */
export type Variant = Pick<EnvironmentSpec, "domain"> &
  Partial<Pick<EnvironmentSpec, "access" | "dns" | "frontDoor" | "retool" | "retoolVersion">>;

/** Entrances by name, each with its own zone, certificate and load balancer, in Terraform's JSON. */
export function entranceConfiguration(variants: Readonly<Record<string, Variant>>): string {
  const stack = new TerraformStack(new App({ skipValidation: true }), "entrance");
  new LocalBackend(stack, { path: "terraform.tfstate" });
  new AwsProvider(stack, "Aws", { region: context.region, maxRetries: 3 });
  stack.addOverride("terraform.required_providers.aws.version", ">= 5.100.0, < 7.0.0");
  const logsKey = { keyArn: new KmsKey(stack, "LogsKey", { deletionWindowInDays: 7 }).arn };
  const open = { ...defineSurroundings(stack, "Open", { internetFacing: true, dualStack: true }), logsKey };
  const closed = { ...defineSurroundings(stack, "Closed", { internetFacing: false }), logsKey };
  for (const [name, variant] of Object.entries(variants)) {
    defineEntrance(stack, name, variant, variant.access === "internal" ? closed : open);
  }
  return Testing.synth(stack);
}

type Surroundings = Pick<EntranceProps, "network" | "cluster">;

/** A network without NAT gateways, of which nothing here needs one, and the group that stands for the nodes. */
function defineSurroundings(
  scope: Construct,
  id: string,
  demand: { readonly internetFacing: boolean; readonly dualStack?: boolean },
): Surroundings {
  const { plan } = planNetwork({ nat: "none", zones: 2 }, context, { ...DEMAND, ...demand });
  const network = new Network(scope, id, { plan });
  const nodes = new SecurityGroup(scope, `${id}Nodes`, { vpcId: network.vpcId, description: "Nodes" });
  return { network, cluster: { clusterSecurityGroupId: nodes.id } };
}

function defineEntrance(
  stack: TerraformStack,
  name: string,
  variant: Variant,
  surroundings: Omit<EntranceProps, "plan">,
): void {
  const plan = planEnvironment({
    name,
    account: ACCOUNT,
    region: context.region,
    retoolVersion: "4.0.9-stable",
    access: ["203.0.113.0/24"],
    clusterAccess: "private",
    license: "none",
    dataProtection: "disposable",
    ...variant,
  });
  const entrance = new Entrance(stack, name, { plan, ...surroundings });
  // An environment has its own stack; here several share one, and with it the names of providers.
  const provider = entrance.node.tryFindChild("DnsAccount");
  if (provider instanceof AwsProvider) provider.alias = `dns-${name}`;
}
