import { isWildcard } from "../front-door/hostnames";
import type { EnvironmentPlan } from "./environment";
import { deployCommand } from "./layers";

/**
 * How people get to a Kubernetes API without a public address, before the first deployment and after it, and through the bastion to a
 * Retool without one: commands in order, what is said about them as comments; empty where both have a public address.
 *
 * The commands open one port of this machine, 443, to the API or to Retool under its own name, so that certificates fit.
 */
export function waysIn(plan: EnvironmentPlan): string[] {
  const { bastion, cluster, context, network } = plan;
  if (bastion === undefined)
    return cluster.kind === "new" && isPrivate(plan) ? machineInVpc(network.kind === "new") : [];
  const toApi = isPrivate(plan) ? wayToApi(plan) : [];
  const toRetool = wayToRetool(plan, toApi.length > 0);
  if (toApi.length + toRetool.length === 0) return [];
  return [
    ...(toApi.length === 0
      ? []
      : [
          "# The first deployment makes everything in AWS and stops at the cluster.",
          deployCommand(plan),
          "# Then, and whenever the cluster is to be reached:",
        ]),
    `export AWS_REGION=${context.region}`,
    "BASTION=$(aws ec2 describe-instances --output text --query 'Reservations[].Instances[].InstanceId' " +
      `--filters Name=instance-state-name,Values=running Name=tag:Name,Values=${bastion.name})`,
    ...toApi,
    ...toRetool,
  ];
}

/** Whether the API of an existing cluster has a public address is not known; who asks for a bastion there needs the way. */
function isPrivate({ cluster }: EnvironmentPlan): boolean {
  return cluster.kind === "existing" || cluster.publicAccessCidrs.length === 0;
}

/** A new VPC has no such machine before the first deployment. */
function machineInVpc(isNew: boolean): string[] {
  return [
    "# Deploy from a machine in the VPC, such as a runner in a private subnet.",
    ...(isNew ? ["# For the first deployment bastion: true makes a way in, about 4 USD a month."] : []),
  ];
}

function wayToApi(plan: EnvironmentPlan): string[] {
  return [
    `API=$(aws eks describe-cluster --name ${plan.cluster.name} --output text --query cluster.endpoint | sed 's|https://||')`,
    'grep -q "$API" /etc/hosts || echo "127.0.0.1 $API" | sudo tee -a /etc/hosts',
    forwardTo("$API"),
    "# In a second terminal, while the session is open:",
    deployCommand(plan),
    "# When you are done, let the name lead to the API again:",
    'sudo sed -i.bak "/$API/d" /etc/hosts',
  ];
}

/** Somebody has to open the first sign-up page, and a private environment may have no users in the VPC. */
function wayToRetool({ frontDoor, hostnames }: EnvironmentPlan, afterApi: boolean): string[] {
  if (!frontDoor.internal) return [];
  const { appHost, hosts } = hostnames;
  const names = hosts.filter((host) => !isWildcard(host)).join(" ");
  return [
    `# To open https://${appHost} in a browser${afterApi ? ", end that session, and then" : ""}:`,
    `grep -q "127.0.0.1 ${appHost}" /etc/hosts || echo "127.0.0.1 ${names}" | sudo tee -a /etc/hosts`,
    forwardTo(appHost),
    `sudo sed -i.bak "/127.0.0.1 ${appHost}/d" /etc/hosts`,
  ];
}

function forwardTo(host: string): string {
  return (
    'sudo -E aws ssm start-session --target "$BASTION" --document-name AWS-StartPortForwardingSessionToRemoteHost ' +
    `--parameters "host=${host},portNumber=443,localPortNumber=443"`
  );
}
