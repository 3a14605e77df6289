import type { EnvironmentPlan } from "../domain/environment/environment";
import { awsJson } from "./aws";
import { CouldNotTell } from "./failure";
import type { KubernetesAccess } from "./kubeconfig";

interface Credentials {
  readonly AccessKeyId: string;
  readonly SecretAccessKey: string;
  readonly SessionToken: string;
}

/** There is no API to log in to, and nothing in the cluster: EKS still makes it, or deletes it already. */
export class NotServing extends CouldNotTell {}

/**
 * Logs in to an environment's EKS cluster as Terraform does: by `aws eks get-token`, in the deploy role where there is one.
 *
 * @throws {@link NotServing} while EKS makes or deletes the cluster.
 * @throws {@link CouldNotTell} where the AWS CLI is missing, AWS refuses, or the cluster has no endpoint.
 */
export async function logIn({ cluster, context, deployRoleArn }: EnvironmentPlan): Promise<KubernetesAccess> {
  const role = await inRole(deployRoleArn);
  const where = ["--region", context.region];
  const [state, server, authority] = await awsJson<[string, string | null, string | null]>(
    [
      "eks",
      "describe-cluster",
      "--name",
      cluster.name,
      ...where,
      "--query",
      "cluster.[status,endpoint,certificateAuthority.data]",
    ],
    role,
  );
  const problem = `${cluster.name}: the cluster is ${state}`;
  if (state === "CREATING" || state === "DELETING")
    throw new NotServing(`${problem}; run the same command again when that has ended`);
  if (server === null || authority === null)
    throw new CouldNotTell(`${problem} and has no endpoint; look at its health in EKS`);
  const { status } = await awsJson<{ status: { token: string } }>(
    ["eks", "get-token", "--cluster-name", cluster.name, ...where],
    role,
  );
  return { server, ca: Buffer.from(authority, "base64").toString("utf8"), verify: true, token: status.token };
}

/**
 * Variables with which the AWS CLI acts in a role; none where there is no role.
 *
 * @param variables - Added to the environment in which the role is asked for.
 */
export async function inRole(roleArn: string | undefined, variables?: NodeJS.ProcessEnv): Promise<NodeJS.ProcessEnv> {
  if (roleArn === undefined) return {};
  const session = ["--role-arn", roleArn, "--role-session-name", "cdktf-retool", "--query", "Credentials"];
  const { AccessKeyId, SecretAccessKey, SessionToken } = await awsJson<Credentials>(
    ["sts", "assume-role", ...session],
    variables,
  );
  return {
    AWS_ACCESS_KEY_ID: AccessKeyId,
    AWS_SECRET_ACCESS_KEY: SecretAccessKey,
    AWS_SESSION_TOKEN: SessionToken,
  };
}
