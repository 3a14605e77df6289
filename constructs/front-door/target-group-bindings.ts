import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

import type { Manifest } from "../../domain/common/kubernetes";
import { targetGroupBindings } from "../../domain/front-door/routing";
import type { FrontDoorTarget, IWorkloads } from "../common/contracts";

/** Construction properties for {@link TargetGroupBindings}. */
export interface TargetGroupBindingsProps {
  /** Target groups, and the Service that fills each. */
  readonly targets: readonly FrontDoorTarget[];
  /** Namespace of the Services. */
  readonly namespace: string;
  /** Where the bindings go. */
  readonly workloads: IWorkloads;
  /** What must exist before: the controller and the namespace. */
  readonly after: readonly ITerraformDependable[];
}

/**
 * Bindings that keep the pods of each Service in its target group.
 *
 * They wait for no pod and no Service: as soon as the first pod is ready, it receives requests.
 */
export class TargetGroupBindings extends Construct {
  /** The bindings. */
  public readonly ready: readonly ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: TargetGroupBindingsProps) {
    super(scope, id);
    this.ready = props.targets.length === 0 ? [] : this.install(props);
  }

  private install(props: TargetGroupBindingsProps): readonly ITerraformDependable[] {
    return props.workloads.customResources(this, "Release", {
      ...targetGroupBindings,
      namespace: props.namespace,
      manifests: props.targets.map((target) => binding(target, props.namespace)),
      after: props.after,
    });
  }
}

/** Without `networking`: security group rules belong to Terraform. */
function binding({ name, targetGroupArn, serviceName, servicePort }: FrontDoorTarget, namespace: string): Manifest {
  return {
    apiVersion: "elbv2.k8s.aws/v1beta1",
    kind: "TargetGroupBinding",
    metadata: { name, namespace },
    spec: {
      targetGroupARN: targetGroupArn,
      targetType: "ip",
      ipAddressType: "ipv4",
      serviceRef: { name: serviceName, port: servicePort },
    },
  };
}
