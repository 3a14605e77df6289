import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

import type { ReleasePatch } from "../../domain/chart/post-render";
import type { HelmValues } from "../../domain/chart/values";
import type { RetoolPlan } from "../../domain/retool/retool";
import { horizontalPodAutoscalers } from "../../domain/retool/autoscaling";
import { versions } from "../../domain/versions/pins";
import type { IWorkloads } from "../common/contracts";

/** Name of the release; the chart's names and labels start with it. */
const RELEASE_NAME = "retool";

/** Construction properties for {@link RetoolRelease}. */
export interface RetoolReleaseProps {
  /** What is installed. */
  readonly plan: RetoolPlan;
  /** Namespace that holds it. */
  readonly namespace: string;
  /** Values of the chart. */
  readonly values: HelmValues;
  /** What is added to it that the chart has no key for. */
  readonly patches: readonly ReleasePatch[];
  /** Where the release goes. */
  readonly workloads: IWorkloads;
  /** What must exist before the first pod: nodes, policies, secrets, database, bucket, bindings. */
  readonly after: readonly ITerraformDependable[];
}

/**
 * Retool itself: one Helm release of the official chart, and the autoscalers that it lacks.
 *
 * Helm starts all new pods at once. The new jobs-runner migrates the database while the other new pods wait and the old
 * ones serve; the old ones go when the new ones are ready. It waits for all of that, and never undoes a release by itself:
 * a migration must not be interrupted.
 */
export class RetoolRelease extends Construct {
  /** What depends on Retool being installed. */
  public readonly ready: readonly ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: RetoolReleaseProps) {
    super(scope, id);
    this.ready = this.defineRelease(props);
    this.defineAutoscalers(props);
  }

  private defineRelease({
    plan,
    namespace,
    values,
    patches,
    workloads,
    after,
  }: RetoolReleaseProps): readonly ITerraformDependable[] {
    return workloads.helmRelease(this, "Resource", {
      name: RELEASE_NAME,
      namespace,
      chart: { kind: "repository", ...versions.charts.retool, version: plan.chartVersion },
      values,
      patches,
      timeoutSeconds: plan.timeoutSeconds,
      hasPods: true,
      after,
    });
  }

  private defineAutoscalers({ plan, namespace, workloads }: RetoolReleaseProps): void {
    for (const manifest of horizontalPodAutoscalers(plan, namespace)) {
      workloads.horizontalPodAutoscaler(this, `Autoscaler-${manifest.metadata.name}`, { manifest, after: this.ready });
    }
  }
}
