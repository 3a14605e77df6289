import { EksPodIdentityAssociation } from "@cdktf/provider-aws/lib/eks-pod-identity-association";
import { IamPolicy } from "@cdktf/provider-aws/lib/iam-policy";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

import type { EnvironmentContext } from "../../domain/common/context";
import {
  KARPENTER_CHARTS,
  KARPENTER_TIMEOUT_SECONDS,
  type KarpenterPlan,
  karpenterValues,
} from "../../domain/nodes/karpenter";
import { KARPENTER } from "../../domain/cluster/pool-names";
import { controllerStatements } from "../../domain/nodes/karpenter-policies";
import type { ICluster, IEncryptionKey, IKarpenter, IWorkloads } from "../common/contracts";
import { podIdentityTrust, policyDocument } from "../common/policy-document";

/** Identity of nodes. */
export interface NodeIdentity {
  /** ARN of the nodes' role. */
  readonly roleArn: string;
  /** Instance profile of the nodes. */
  readonly instanceProfileName: string;
  /** What must exist before a node can join. */
  readonly ready: readonly ITerraformDependable[];
}

/** Construction properties for {@link Karpenter}. */
export interface KarpenterProps {
  /** Names, and the tags that bound what the controller may touch. */
  readonly plan: KarpenterPlan;
  /** Account and region. */
  readonly context: EnvironmentContext;
  /** Cluster whose nodes the controller launches. */
  readonly cluster: ICluster;
  /** Identity of the nodes of Retool's own containers. */
  readonly nodes: NodeIdentity;
  /** Identity of the nodes of sandboxes. */
  readonly sandboxNodes: NodeIdentity;
  /** Queue of interruption notices. */
  readonly queue: {
    /** Name of the queue. */
    readonly queueName: string;
    /** ARN of the queue. */
    readonly queueArn: string;
    /** What must exist before a notice can arrive. */
    readonly ready: readonly ITerraformDependable[];
  };
  /**
   * Nodes that the pools may have at most, by which the controller's memory is measured.
   *
   * @default 0
   */
  readonly mostNodes?: number;
  /** Key that encrypts the disks of the nodes. */
  readonly encryptionKey: IEncryptionKey;
  /** Where the charts are installed. */
  readonly workloads: IWorkloads;
  /** What must exist before the controller starts, and stay until it has stopped: system nodes, and their way to AWS. */
  readonly after: readonly ITerraformDependable[];
}

/**
 * The controller that launches nodes for pods that fit on none, with its custom resource definitions.
 *
 * Everything the controller needs to delete a node (its role, its queue, the nodes' role, a way to AWS) outlives it: the last
 * release to go asks it to take every node away.
 */
export class Karpenter extends Construct implements IKarpenter {
  /** {@inheritDoc IKarpenter.instanceProfileName} */
  public readonly instanceProfileName: string;
  /** {@inheritDoc IKarpenter.sandboxInstanceProfileName} */
  public readonly sandboxInstanceProfileName: string;
  /** {@inheritDoc IKarpenter.ready} */
  public readonly ready: readonly ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: KarpenterProps) {
    super(scope, id);
    const role = this.defineRole(props);
    const permissions = [...this.definePolicies(role, props), this.defineAssociation(role, props)];
    const definitions = this.installDefinitions(props);
    const controller = this.installController(props, [...permissions, ...definitions]);
    this.instanceProfileName = props.nodes.instanceProfileName;
    this.sandboxInstanceProfileName = props.sandboxNodes.instanceProfileName;
    this.ready = [...permissions, ...nodesReady(props), ...props.queue.ready, ...definitions, ...controller];
  }

  private defineRole({ plan }: KarpenterProps): IamRole {
    return new IamRole(this, "Resource", {
      name: plan.controllerRoleName,
      description: `Karpenter of ${plan.clusterName}`,
      assumeRolePolicy: podIdentityTrust(KARPENTER),
    });
  }

  private definePolicies(
    role: IamRole,
    { nodes, sandboxNodes, queue, encryptionKey, plan, context }: KarpenterProps,
  ): ITerraformDependable[] {
    const statements = controllerStatements({
      plan,
      context,
      nodeRoleArns: [...new Set([nodes.roleArn, sandboxNodes.roleArn])],
      queueArn: queue.queueArn,
      encryptionKeyArn: encryptionKey.keyArn,
    });
    return Object.entries(statements).map(([name, part]) => {
      const policy = new IamPolicy(this, `${name}-policy`, {
        name: `${plan.controllerRoleName}-${name}`,
        policy: policyDocument(part),
      });
      return new IamRolePolicyAttachment(this, name, { role: role.name, policyArn: policy.arn });
    });
  }

  private defineAssociation(role: IamRole, { cluster }: KarpenterProps): EksPodIdentityAssociation {
    return new EksPodIdentityAssociation(this, "Association", {
      clusterName: cluster.clusterName,
      ...KARPENTER,
      roleArn: role.arn,
      dependsOn: [...cluster.apiReady],
    });
  }

  private installDefinitions({ workloads, cluster }: KarpenterProps): readonly ITerraformDependable[] {
    return workloads.helmRelease(this, "Definitions", {
      name: "karpenter-crd",
      namespace: KARPENTER.namespace,
      chart: { kind: "repository", ...KARPENTER_CHARTS.definitions },
      values: {},
      timeoutSeconds: KARPENTER_TIMEOUT_SECONDS,
      hasPods: false,
      after: cluster.apiReady,
    });
  }

  private installController(
    props: KarpenterProps,
    permissions: readonly ITerraformDependable[],
  ): readonly ITerraformDependable[] {
    const { plan, workloads, queue, after } = props;
    return workloads.helmRelease(this, "Controller", {
      name: "karpenter",
      namespace: KARPENTER.namespace,
      chart: { kind: "repository", ...KARPENTER_CHARTS.controller },
      values: karpenterValues(plan, queue.queueName, props.mostNodes),
      timeoutSeconds: KARPENTER_TIMEOUT_SECONDS,
      hasPods: true,
      after: [...permissions, ...nodesReady(props), ...queue.ready, ...after],
    });
  }
}

function nodesReady({ nodes, sandboxNodes }: KarpenterProps): readonly ITerraformDependable[] {
  return [...nodes.ready, ...sandboxNodes.ready];
}
