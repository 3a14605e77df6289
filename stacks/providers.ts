import { AwsProvider, type AwsProviderConfig } from "@cdktf/provider-aws/lib/provider";
import { HelmProvider } from "@cdktf/provider-helm/lib/provider";
import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import { TlsProvider } from "@cdktf/provider-tls/lib/provider";
import { Fn, LocalBackend, S3Backend, type TerraformStack } from "cdktf";

import type { ICluster } from "../constructs/common/contracts";
import type { EnvironmentPlan } from "../domain/environment/environment";
import type { StatePlan } from "../domain/environment/state";
import { versions } from "../domain/versions/pins";

/** Declares the AWS provider for the environment's own account and nothing else. */
export function declareAws(stack: TerraformStack, plan: EnvironmentPlan): void {
  new AwsProvider(stack, "Aws", { ...accessIn(plan.context.region, plan), defaultTags: [{ tags: { ...plan.tags } }] });
  accept(stack, "aws");
}

/** How another region of the same account is reached, as arguments of a further AWS provider. */
export function accessIn(region: string, { context, deployRoleArn, maxRetries }: EnvironmentPlan): AwsProviderConfig {
  return {
    region,
    allowedAccountIds: [context.account],
    assumeRole: deployRoleArn === undefined ? undefined : [{ roleArn: deployRoleArn }],
    maxRetries,
  };
}

/** Declares the provider that makes the sandbox's key pair. */
export function declareTls(stack: TerraformStack): void {
  new TlsProvider(stack, "Tls");
  accept(stack, "tls");
}

/**
 * Declares the providers of everything inside the cluster.
 *
 * They log in by `aws eks get-token` for each request: the token of a data source ends after 15 minutes, in the middle of
 * a long apply.
 */
export function declareKubernetes(
  stack: TerraformStack,
  cluster: Pick<ICluster, "clusterName" | "endpoint" | "certificateAuthority">,
  {
    context,
    deployRoleArn,
  }: Pick<EnvironmentPlan, "deployRoleArn"> & { readonly context: Pick<EnvironmentPlan["context"], "region"> },
): void {
  const role = deployRoleArn === undefined ? [] : ["--role-arn", deployRoleArn];
  const access = {
    host: cluster.endpoint,
    clusterCaCertificate: Fn.base64decode(cluster.certificateAuthority),
    exec: {
      apiVersion: "client.authentication.k8s.io/v1beta1",
      command: "aws",
      args: ["eks", "get-token", "--region", context.region, "--cluster-name", cluster.clusterName, ...role],
    },
  };
  new KubernetesProvider(stack, "Kubernetes", { ...access, exec: [access.exec] });
  new HelmProvider(stack, "Helm", { kubernetes: access });
  accept(stack, "kubernetes");
  accept(stack, "helm");
}

/** Keeps state where the plan says: in a bucket with a lock file next to the state, or in a local file. */
export function declareBackend(stack: TerraformStack, state: StatePlan): void {
  if (state.kind === "local") {
    new LocalBackend(stack, { path: state.path });
    return;
  }
  new S3Backend(stack, { bucket: state.bucket, key: state.key, region: state.region, encrypt: true });
  // The bindings have no property for it; the lock file needs no DynamoDB table.
  stack.addOverride("terraform.backend.s3.use_lockfile", true);
}

/** Widens a provider's version from the one of the bindings to the range that is tested. */
function accept(stack: TerraformStack, provider: keyof typeof versions.providers): void {
  stack.addOverride(`terraform.required_providers.${provider}.version`, versions.providers[provider].version);
}
