import type { Construct } from "constructs";

import { forget } from "../common/render-blocks";

/**
 * Leaves the instances in the account that a `PostgresDatabase` made before and that are not defined any more.
 *
 * The next apply forgets them with everything that AWS does not delete while an instance is there, or that it needs to go on.
 *
 * @param scope - Construct below which the database stood.
 * @param id - Id that it had there.
 * @param generation - Number of its last instance.
 */
export function forgetInstances(scope: Construct, id: string, generation = 1): void {
  const instances = Array.from({ length: generation }, (_, index) => index + 1);
  const resources = [
    ...instances.flatMap((number) => [
      [number === 1 ? "Resource" : `Instance${number}`, "aws_db_instance"],
      ...["postgresql", "upgrade"].map((type) => [
        number === 1 ? `Log-${type}` : `Log-${type}-${number}`,
        "aws_cloudwatch_log_group",
      ]),
    ]),
    ["SecurityGroup", "aws_security_group"],
    ["Subnets", "aws_db_subnet_group"],
    ["Parameters", "aws_db_parameter_group"],
    ["MonitoringRole", "aws_iam_role"],
    ["MonitoringPolicy", "aws_iam_role_policy_attachment"],
  ];
  forget(scope, Object.fromEntries(resources.map(([path, type]) => [`${id}/${path}`, type])) as Record<string, string>);
}
