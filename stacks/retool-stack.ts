import { type App, TerraformOutput, TerraformStack, TerraformVariable } from "cdktf";

import type { IWorkloads } from "../constructs/common/contracts";
import { EgressReport } from "../constructs/egress/egress-report";
import { RenderedWorkloads } from "../constructs/common/rendered-workloads";
import { ClusterWorkloads } from "../constructs/common/workloads";
import { egressReport } from "../domain/egress/report";
import { type EnvironmentPlan, planEnvironment } from "../domain/environment/environment";
import { stepsAfterDeployment } from "../domain/environment/notes";
import { secretNames } from "../domain/environment/watched";
import type { EnvironmentSpec } from "../domain/environment/spec";
import { placeholderRefusal, placeholdersOf } from "../domain/environment/placeholders";
import { retainData, type TerraformJson } from "../domain/lifecycle/retained-data";
import { versions } from "../domain/versions/pins";
import { declareAws, declareBackend, declareKubernetes, declareTls } from "./providers";
import { RetoolPlatform } from "./retool-platform";

/**
 * One Retool environment as one stack, named like it, so that `cdktf deploy prod` deploys all of it.
 *
 * @throws `ConfigurationError` with every violation before any construct is made.
 */
export class RetoolStack extends TerraformStack {
  /** What the stack holds: network, cluster, database, bucket, keys, load balancer. */
  public readonly platform: RetoolPlatform;

  private readonly retains: boolean;

  public constructor(app: App, spec: EnvironmentSpec) {
    const plan = planEnvironment(spec);
    super(app, plan.context.name);
    this.retains = plan.context.dataProtection === "retain";
    this.addOverride("terraform.required_version", versions.terraform);
    declareBackend(this, plan.state);
    declareAws(this, plan);
    if (plan.secrets.sandboxKeys.kind === "generate") declareTls(this);
    this.platform = new RetoolPlatform(this, "Retool", {
      plan,
      workloads: (api) => this.workloadsOf(plan, api),
    });
    new EgressReport(this, "EgressReport", {
      report: egressReport(plan.egress, plan.context),
    });
    this.defineOutputs(plan, this.platform);
    this.refusePlaceholders(plan);
  }

  /**
   * Prepares only the backend; cdktf would also resolve the whole stack, to add what references between stacks need.
   *
   * A stack that holds all of an environment refers to no other (a fifth of a synthesis, measured).
   */
  public override prepareStack(): void {
    this.ensureBackendExists();
  }

  /** Renders the stack; with `dataProtection: "retain"` the next apply forgets the data and leaves it in the account. */
  public override toTerraform(): TerraformJson {
    const json = super.toTerraform() as TerraformJson;
    return this.retains ? retainData(json) : json;
  }

  private workloadsOf(plan: EnvironmentPlan, api: Parameters<typeof declareKubernetes>[1]): IWorkloads {
    if (plan.workloads === "render") return new RenderedWorkloads(this);
    declareKubernetes(this, api, plan);
    return new ClusterWorkloads({ chartsDirectory: plan.chartsDirectory, hasNodes: plan.workloads === "deploy" });
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

  /**
   * Stops every plan of a stack with its state in a bucket while values of an example stand in it. Synthesis, tests and
   * `npm run local`, which keeps the state in a file, go on.
   */
  private refusePlaceholders(plan: EnvironmentPlan): void {
    const errorMessage = plan.state.kind === "s3" ? placeholderRefusal(plan) : undefined;
    if (errorMessage === undefined) return;
    const allowed = new TerraformVariable(this, "deploy_placeholders", {
      type: "bool",
      default: false,
      description: "Deploys with values of an example, to try it",
    });
    new TerraformOutput(this, "placeholders", {
      staticId: true,
      value: placeholdersOf(plan),
      description: "Values of an example that must be replaced",
      precondition: { condition: allowed.stringValue, errorMessage: `${errorMessage}.` },
    });
  }

  private defineOutput(name: string, value: unknown, description: string): void {
    new TerraformOutput(this, name, { staticId: true, value, description });
  }
}
