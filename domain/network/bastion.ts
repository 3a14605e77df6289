import { managedPolicyArn } from "../common/aws-partition";
import type { EnvironmentContext } from "../common/context";
import { boundedName, ROLE_NAME_LIMIT } from "../common/names";
import type { ResolvedNetwork } from "./spec";

/** A small instance in the VPC, to which operators come by Session Manager. */
export interface BastionPlan {
  /** Name of the instance. */
  readonly name: string;
  /** Name of its role and of its instance profile. */
  readonly roleName: string;
  /** Policy of that role: to be reached by Session Manager, nothing else. */
  readonly policyArn: string;
  /** Instance type. */
  readonly instanceType: string;
  /** Public parameter that names its image, which brings the agent of Systems Manager. */
  readonly imageParameter: string;
  /** Root disk, GiB: the least that the image takes. */
  readonly diskGiB: number;
  /** Whether it reaches Session Manager by endpoints in the VPC, so that it needs no way out of it. */
  readonly staysInVpc: boolean;
}

/**
 * What an agent of Systems Manager connects to; newer ones than 3.3.40 do without `ec2messages`.
 *
 * Source: https://docs.aws.amazon.com/systems-manager/latest/userguide/systems-manager-setting-up-messageAPIs.html
 */
const SESSION_ENDPOINTS = ["ssm", "ssmmessages"];

/** Plans the bastion. */
export function planBastion(
  { prefix, region }: EnvironmentContext,
  { interfaceEndpoints }: Pick<ResolvedNetwork, "interfaceEndpoints">,
): BastionPlan {
  return {
    name: `${prefix}-bastion`,
    roleName: boundedName(`${prefix}-bastion`, ROLE_NAME_LIMIT),
    policyArn: managedPolicyArn(region, "AmazonSSMManagedInstanceCore"),
    // It only passes on a few connections.
    instanceType: "t4g.nano",
    imageParameter: "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64",
    diskGiB: 8,
    staysInVpc: SESSION_ENDPOINTS.every((service) => interfaceEndpoints.includes(service)),
  };
}
