import { type App, TerraformOutput, TerraformStack, TerraformVariable } from "cdktf";

import type { IWorkloads } from "../constructs/common/contracts";
import { RenderedWorkloads } from "../constructs/common/rendered-workloads";
import { ClusterWorkloads } from "../constructs/common/workloads";
import type { EnvironmentPlan } from "../domain/environment/environment";
import type { StackPlan } from "../domain/environment/layers";
import { placeholderRefusal, placeholdersOf } from "../domain/environment/placeholders";
import { retainData, type TerraformJson } from "../domain/lifecycle/retained-data";
import { versions } from "../domain/versions/pins";
import { declareAws, declareBackend, declareKubernetes } from "./providers";

/** A stack of an environment: its backend, its providers and its outputs. */
export class EnvironmentStack extends TerraformStack {
  private readonly retains: boolean;

  /**
   * @param app - The app.
   * @param plan - The environment.
   * @param stack - Name of the stack and the place of its state.
   */
  public constructor(app: App, plan: EnvironmentPlan, stack: StackPlan) {
    super(app, stack.name);
    this.retains = plan.context.dataProtection === "retain";
    this.addOverride("terraform.required_version", versions.terraform);
    declareBackend(this, stack.state);
    declareAws(this, plan);
  }

  /**
   * Prepares only the backend; cdktf would also resolve the whole stack, to add what references between stacks need.
   *
   * No stack of ours refers to another (a fifth of a synthesis, measured).
   */
  public override prepareStack(): void {
    this.ensureBackendExists();
  }

  /** Renders the stack; with `dataProtection: "retain"` the next apply forgets the data and leaves it in the account. */
  public override toTerraform(): TerraformJson {
    const json = super.toTerraform() as TerraformJson;
    return this.retains ? this.retain(json) : json;
  }

  /** What `dataProtection: "retain"` makes of the stack. */
  protected retain(json: TerraformJson): TerraformJson {
    return retainData(json);
  }

  /** Where Kubernetes objects of the environment go, with the providers that take them there. */
  protected workloadsOf(plan: EnvironmentPlan, api: Parameters<typeof declareKubernetes>[1]): IWorkloads {
    if (plan.workloads === "render") return new RenderedWorkloads(this);
    declareKubernetes(this, api, plan);
    return new ClusterWorkloads({ chartsDirectory: plan.chartsDirectory, hasNodes: plan.workloads === "deploy" });
  }

  /**
   * Stops every plan of a stack with its state in a bucket while values of an example stand in it. Synthesis, tests and
   * `npm run local`, which keeps the state in a file, go on.
   */
  protected refusePlaceholders(plan: EnvironmentPlan): void {
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

  /** Adds an output. */
  protected defineOutput(name: string, value: unknown, description: string): void {
    new TerraformOutput(this, name, { staticId: true, value, description });
  }
}
