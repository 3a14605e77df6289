import type { EnvironmentContext } from "../common/context";
import type { Violation } from "../common/violation";
import { type GivenKeys, keyViolations } from "./encryption-keys";
import { boundaryViolations, type IamPlan } from "./iam";
import type { LogBucketPlan } from "./log-bucket";
import { namePrefixViolations } from "./name-prefix";

/** Rules of an organization that hold for all resources of an environment. */
export interface LandingZonePlan {
  /** Roles, instance profiles and policies. */
  readonly iam: IamPlan;
  /** Keys that exist already. */
  readonly encryptionKeys: GivenKeys;
  /** Bucket of access logs and flow logs; absent where each has its own place. */
  readonly logBucket?: LogBucketPlan;
  /** Tags that the team demands, without those that this package adds. */
  readonly tags: Readonly<Record<string, string>>;
}

/** What decides whether rules of an organization fit an environment. */
export interface RuledEnvironment {
  /** The environment. */
  readonly context: EnvironmentContext;
  /** Beginning of all names, without that of the environment. */
  readonly namePrefix: string;
  /** Whether a cluster is made. */
  readonly makesCluster: boolean;
}

/** Finds rules of an organization that contradict the environment. */
export function landingZoneViolations(
  { iam, encryptionKeys }: LandingZonePlan,
  { context, namePrefix, makesCluster }: RuledEnvironment,
): Violation[] {
  return [
    ...boundaryViolations(iam, context),
    ...namePrefixViolations(namePrefix, context.name),
    ...keyViolations(encryptionKeys, context, makesCluster),
  ];
}
