import { DataAwsSecretsmanagerSecrets } from "@cdktf/provider-aws/lib/data-aws-secretsmanager-secrets";
import { DataAwsSecurityGroups } from "@cdktf/provider-aws/lib/data-aws-security-groups";
import { DataAwsVpcs } from "@cdktf/provider-aws/lib/data-aws-vpcs";
import { TerraformResource, type TerraformStack } from "cdktf";
import { Construct } from "constructs";

import { renderJson, renderText } from "../constructs/common/render";
import type { EnvironmentPlan } from "../domain/environment/environment";

/** What a role that must not be created has as its description, and a VPC as its tenancy; none of ours has. */
const REFUSED = { description: "must not be created", tenancy: "dedicated" } as const;

/**
 * Stops every plan of a layer that would make a part of the environment which the account has and this state does not: the one
 * stack was not moved yet, or the state is lost.
 *
 * A condition cannot ask whether a resource is in state, so an argument says it, as in `overwrite-guard.ts`: what state has is kept
 * by `ignore_changes`, and only a resource that would be created gets the argument that the postcondition refuses. Terraform
 * checks that while it plans, so nothing is made. The layer of Retool has the same guard in its secrets.
 */
export function guardFoundation(stack: TerraformStack, plan: EnvironmentPlan): void {
  const scope = new Construct(stack, "Guard");
  if (plan.network.kind === "new") {
    const { prefix } = plan.network;
    const { fqn } = new DataAwsVpcs(scope, "Vpcs", { tags: { Name: prefix } });
    const vpc = firstOf(stack, "aws_vpc");
    const tenancy = `\${length(${fqn}.ids) > 0 ? "${REFUSED.tenancy}" : "default"}`;
    vpc?.addOverride("instance_tenancy", tenancy);
    refuse(vpc, { argument: "instance_tenancy", value: REFUSED.tenancy, found: `a VPC ${prefix}` }, plan);
    return;
  }
  const [secret] = plan.secrets.encryptionKeys.keys;
  const key = firstOf(stack, "aws_kms_key");
  if (secret?.kind !== "generate" || key === undefined) return;
  const { fqn } = new DataAwsSecretsmanagerSecrets(scope, "Secrets", {
    filter: [{ name: "name", values: [secret.name] }],
  });
  const taken = `contains(${fqn}.names, ${renderJson(secret.name)})`;
  const argument = "bypass_policy_lockout_safety_check";
  key.addOverride(argument, `\${${taken} ? true : null}`);
  refuse(key, { argument, value: "true", found: `a secret ${secret.name}` }, plan);
}

/** As {@link guardFoundation}, by the security group that EKS makes with each cluster. A cluster that someone else owns has its own checks. */
export function guardCluster(stack: TerraformStack, plan: EnvironmentPlan): void {
  if (plan.cluster.kind === "existing") return;
  const { name } = plan.cluster;
  const { fqn } = new DataAwsSecurityGroups(new Construct(stack, "Guard"), "ClusterGroups", {
    filter: [{ name: "tag:aws:eks:cluster-name", values: [name] }],
  });
  const role = firstOf(stack, "aws_iam_role");
  role?.addOverride("description", `\${length(${fqn}.ids) > 0 ? "${REFUSED.description}" : null}`);
  refuse(role, { argument: "description", value: REFUSED.description, found: `a cluster ${name}` }, plan);
}

/** What a guard looks at. */
interface Refused {
  /** Argument that says that the resource must not be created. */
  readonly argument: string;
  /** Its value then. */
  readonly value: string;
  /** What the account has. */
  readonly found: string;
}

function refuse(
  resource: TerraformResource | undefined,
  { argument, value, found }: Refused,
  plan: EnvironmentPlan,
): void {
  if (resource === undefined) return;
  const { name } = plan.context;
  const { ignoreChanges, postcondition = [], ...lifecycle } = resource.lifecycle ?? {};
  resource.lifecycle = {
    ...lifecycle,
    ignoreChanges: [...(Array.isArray(ignoreChanges) ? ignoreChanges : []), argument],
    postcondition: [
      ...postcondition,
      {
        condition: `\${coalesce(self.${argument}, "none") != "${value}"}`,
        errorMessage: `${renderText(name)}: the account has ${renderText(found)}, which is not in the state of this layer; move the state of the one stack with npx cdktf-retool layers ${renderText(name)} --move, or import it with npx cdktf-retool adopt ${renderText(name)} (docs/guides/layers.md)`,
      },
    ],
  };
}

function firstOf(stack: TerraformStack, type: string): TerraformResource | undefined {
  const isOne = (child: unknown): child is TerraformResource =>
    TerraformResource.isTerraformResource(child) && child.terraformResourceType === type;
  return stack.node.findAll().find(isOne);
}
