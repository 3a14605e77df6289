import { CATALOG } from "../catalog/catalog";
import { madeInstances } from "../environment/databases";
import type { EnvironmentPlan } from "../environment/environment";

/** Commands that show the same, for somebody who wants to look closer. */
export function statusCommands(plan: EnvironmentPlan): string[] {
  const { cluster, context, frontDoor, observability, backup } = plan;
  const kubectl = `kubectl -n ${context.namespace}`;
  return [
    `export AWS_REGION=${context.region}`,
    `aws eks update-kubeconfig --name ${cluster.name}`,
    `${kubectl} get deployments,pods -o wide`,
    `${kubectl} logs deployment/${CATALOG["jobs-runner"].deployment} --tail=50 -f`,
    `${kubectl} get pods -l retoolService=${CATALOG.sandbox.deployment}`,
    "kubectl get nodes,nodepools,nodeclaims -o wide",
    ...Object.values(madeInstances(plan)).map(
      ({ identifier }) => `aws rds describe-db-instances --db-instance-identifier ${identifier}`,
    ),
    `aws elbv2 describe-load-balancers --names ${frontDoor.prefix}`,
    `aws backup list-recovery-points-by-backup-vault --backup-vault-name ${backup.vaultName}`,
    ...(observability.alarms === undefined
      ? []
      : [`aws cloudwatch describe-alarms --alarm-name-prefix ${observability.prefix}- --state-value ALARM`]),
  ];
}
