import { DataAwsCloudwatchLogGroups } from "@cdktf/provider-aws/lib/data-aws-cloudwatch-log-groups";
import { DataAwsDbInstances } from "@cdktf/provider-aws/lib/data-aws-db-instances";
import { Fn, type TerraformResource } from "cdktf";
import { Construct } from "constructs";

import type { PostgresPlan } from "../../domain/database/instance";
import { ImportBlock } from "../common/render-blocks";

/** What is taken over, and by which resources. */
export interface PostgresDatabaseAdoptionProps {
  /** The database. */
  readonly plan: Pick<PostgresPlan, "identifier" | "tags">;
  /** Resource that manages the instance. */
  readonly instance: TerraformResource;
  /** Resources that manage the log groups, by name of the group. */
  readonly logGroups: ReadonlyMap<string, TerraformResource>;
}

/**
 * Takes over what a deployment that was killed left behind.
 *
 * RDS takes up to half an hour to make an instance. When Terraform dies in that time, the instance is not in its state, and
 * every later apply fails because the name is taken. With these `import` blocks the next apply takes the instance over and
 * gives it the stored password. Log groups can be there before us in another way: RDS makes them again while it sends the
 * last lines of a deleted instance. A block does nothing where nothing is found, or where the state has it already.
 */
export class PostgresDatabaseAdoption extends Construct {
  public constructor(scope: Construct, id: string, { plan, instance, logGroups }: PostgresDatabaseAdoptionProps) {
    super(scope, id);
    const instances = new DataAwsDbInstances(this, "Instances", {
      filter: [{ name: "db-instance-id", values: [plan.identifier] }],
      // An instance of the same name that another configuration made is not ours to take.
      tags: { ...plan.tags },
    });
    new ImportBlock(this, "Instance", { to: instance, found: instances.instanceIdentifiers });
    const groups = new DataAwsCloudwatchLogGroups(this, "LogGroups", {
      logGroupNamePrefix: `/aws/rds/instance/${plan.identifier}/`,
    });
    for (const [name, group] of logGroups) {
      const found = Fn.setintersection(groups.logGroupNames, [[name]]) as readonly string[];
      new ImportBlock(this, `Log-${group.node.id}`, { to: group, found });
    }
  }
}
