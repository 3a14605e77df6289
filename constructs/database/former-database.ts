import type { Construct } from "constructs";

import type { DataProtection } from "../../domain/common/context";
import { keepFormer } from "../common/render-blocks";

/** Types of what all instances share, by their ids. */
const PARTS: Readonly<Record<string, string>> = {
  SecurityGroup: "aws_security_group",
  Subnets: "aws_db_subnet_group",
  Parameters: "aws_db_parameter_group",
  MonitoringRole: "aws_iam_role",
  MonitoringPolicy: "aws_iam_role_policy_attachment",
};

/**
 * Leaves the instances in the account that a `PostgresDatabase` made before and that are not defined any more.
 *
 * The next apply forgets them with everything that AWS does not delete while an instance is there, or that it needs to go on.
 *
 * @param scope - Construct below which the database stood.
 * @param id - Id that it had there.
 * @param dataProtection - How its data is treated; what is disposable is deleted.
 * @param generation - Number of its last instance.
 */
export function keepFormerInstances(
  scope: Construct,
  id: string,
  dataProtection: DataProtection,
  generation = 1,
): void {
  const instances = Array.from({ length: generation }, (_, index) => index + 1);
  for (const number of instances) {
    const suffix = number === 1 ? "" : `-${number}`;
    const resources = {
      [number === 1 ? "Resource" : `Instance${number}`]: "aws_db_instance",
      [`Log-postgresql${suffix}`]: "aws_cloudwatch_log_group",
      [`Log-upgrade${suffix}`]: "aws_cloudwatch_log_group",
    };
    keepFormer(scope, dataProtection, resources, id);
  }
  keepFormer(scope, dataProtection, PARTS, id);
}
