import type { App } from "cdktf";

import { EgressReport } from "../constructs/egress/egress-report";
import { egressReport } from "../domain/egress/report";
import type { EnvironmentPlan } from "../domain/environment/environment";
import type { StackPlan } from "../domain/environment/layers";
import { stepsAfterDeployment } from "../domain/environment/notes";
import { secretNames } from "../domain/environment/watched";
import { EnvironmentStack } from "./environment-stack";
import { declareTls } from "./providers";
import { type LowerLayers, RetoolPlatform } from "./retool-platform";

/** The stack that holds Retool: all of an environment, or what stands on the layers below. */
export class PlatformStack extends EnvironmentStack {
  /** Network, cluster, database, bucket, keys, load balancer: those that the stack makes, and those that it has looked up. */
  public readonly platform: RetoolPlatform;

  /**
   * @param app - The app.
   * @param plan - The environment.
   * @param stack - Name of the stack and the place of its state.
   * @param below - Finds what other stacks have made; absent where this one makes all.
   */
  public constructor(
    app: App,
    plan: EnvironmentPlan,
    stack: StackPlan,
    below?: (stack: EnvironmentStack) => LowerLayers,
  ) {
    super(app, plan, stack);
    if (plan.secrets.sandboxKeys.kind === "generate") declareTls(this);
    this.platform = new RetoolPlatform(this, "Retool", {
      plan,
      workloads: (api) => this.workloadsOf(plan, api),
      below: below?.(this),
    });
    new EgressReport(this, "EgressReport", {
      report: egressReport(plan.egress, plan.context),
    });
    this.defineOutputs(plan, this.platform);
    this.refusePlaceholders(plan);
  }

  private defineOutputs(plan: EnvironmentPlan, { cluster, network, frontDoor, nameServers }: RetoolPlatform): void {
    const { context, hostnames, secrets, egress, dns } = plan;
    this.defineOutput("url", `https://${hostnames.appHost}`, "URL of Retool");
    this.defineOutput("cluster_name", cluster.clusterName, "Name of the EKS cluster");
    this.defineOutput(
      "kubeconfig_command",
      `aws eks update-kubeconfig --region ${context.region} --name ${cluster.clusterName}`,
      "Gives kubectl access to the cluster",
    );
    this.defineOutput("nat_addresses", [...network.natAddresses], "Addresses that data sources must allow");
    this.defineOutput("load_balancer", frontDoor.dnsName, "Host name of the load balancer");
    this.defineOutput("records_to_make", [...dns.recordsToMake], "Records that must lead to the load balancer");
    this.defineOutput("name_servers", nameServers, "Name servers for the NS record in the parent zone");
    this.defineOutput("secret_names", secretNames(secrets), "Secrets in Secrets Manager");
    this.defineOutput("egress_level", egress.level, "How outbound connections are enforced");
    this.definePartOutputs();
    this.defineOutput("next_steps", stepsAfterDeployment(plan), "Manual steps after the deployment, in order");
  }

  /** Ids by which other stacks and people find the parts. */
  private definePartOutputs(): void {
    const { network, cluster, database, blobStorage, keys } = this.platform;
    this.defineOutput("vpc_id", network.vpcId, "VPC");
    this.defineOutput("private_subnet_ids", [...network.privateSubnetIds], "Subnets of nodes and pods");
    this.defineOutput("database_subnet_ids", [...network.databaseSubnetIds], "Subnets of databases");
    this.defineOutput("cluster_security_group_id", cluster.clusterSecurityGroupId, "Security group of nodes and pods");
    this.defineOutput("database_host", database.host, "Host of the platform database");
    if (blobStorage !== undefined) this.defineOutput("bucket_name", blobStorage.bucketName, "Bucket of blob storage");
    this.defineOutput("data_key_arn", keys.data.keyArn, "KMS key of database, bucket and secrets");
  }
}
