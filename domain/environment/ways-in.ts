import type { EnvironmentPlan } from "./environment";

/**
 * How people get to a Kubernetes API without a public address, before the first deployment and after it: sentences and commands,
 * in order; empty where the API has a public address.
 *
 * The commands open one port of this machine, 443, to the API under its own name, so that Terraform, Helm and kubectl work unchanged.
 */
export function waysIn({ bastion, cluster, context }: EnvironmentPlan): string[] {
  if (cluster.kind !== "new" || cluster.publicAccessCidrs.length > 0) return [];
  const { name, region } = context;
  if (bastion === undefined)
    return [
      "Deploy from a machine in the VPC, such as a runner in a private subnet: nothing else reaches the Kubernetes API. " +
        "For the first deployment there is no VPC yet: `bastion: true` makes a way in for about 4 USD a month.",
    ];
  return [
    `npx cdktf deploy ${name}   (the first time it makes everything in AWS and stops at the cluster: go on below)`,
    `export AWS_REGION=${region}`,
    "BASTION=$(aws ec2 describe-instances --output text --query 'Reservations[].Instances[].InstanceId' " +
      `--filters Name=instance-state-name,Values=running Name=tag:Name,Values=${bastion.name})`,
    `API=$(aws eks describe-cluster --name ${cluster.name} --output text --query cluster.endpoint | sed 's|https://||')`,
    'echo "127.0.0.1 $API" | sudo tee -a /etc/hosts',
    'sudo -E aws ssm start-session --target "$BASTION" --document-name AWS-StartPortForwardingSessionToRemoteHost ' +
      '--parameters "host=$API,portNumber=443,localPortNumber=443"',
    `npx cdktf deploy ${name}   (in a second terminal, while the session is open)`,
  ];
}
