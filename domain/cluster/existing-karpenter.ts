import semver from "semver";

import { awsPartition } from "../common/aws-partition";
import { checkedSpec, withShape } from "../common/checked-spec";
import { existingKarpenterSchema, type ExistingKarpenterSpec } from "./existing-spec";
import { versions } from "../versions/pins";
import type { Planned, Violation } from "../common/violation";

/** What the environment asks of a Karpenter. */
export interface KarpenterDemand {
  /** Whether sandboxes ask for a device that only a NodeOverlay makes known. */
  readonly devicePlugin: boolean;
  /** Whether nodes may be taken back by AWS. */
  readonly spot: boolean;
}

/** Where a Karpenter runs. */
export interface KarpenterPlace {
  /** Kubernetes minor version. */
  readonly kubernetesVersion: string;
  /** Account of the cluster. */
  readonly account: string;
  /** Region of the cluster. */
  readonly region: string;
}

/** The oldest Karpenter whose definitions our objects are checked against. */
const OLDEST_KARPENTER = "1.14.0";

const ROOT = "cluster.has.karpenter";

/** Finds what the Karpenter of a cluster lacks for our pools, as far as the configuration says what it has. */
export function existingKarpenterViolations(
  karpenter: ExistingKarpenterSpec | undefined,
  demand: KarpenterDemand,
  { kubernetesVersion, account, region }: KarpenterPlace,
): Violation[] {
  if (karpenter === undefined) return [];
  return [
    ...versionViolations(karpenter, kubernetesVersion),
    ...roleViolations(karpenter, `arn:${awsPartition(region)}:iam::${account}:role/`),
    ...featureViolations(karpenter, demand),
  ];
}

/** What Karpenter with no pools that ask for more needs. */
const NO_DEMAND: KarpenterDemand = { devicePlugin: false, spot: false };

/** Stands in for what has the wrong shape. */
const STAND_IN: ExistingKarpenterSpec = {
  version: OLDEST_KARPENTER,
  instanceProfileName: "nodes",
  controllerRoleArn: "arn:aws:iam::111122223333:role/karpenter",
};

/** Checks what is said of a Karpenter before anything is known of its pools. */
export function planExistingKarpenter(
  given: ExistingKarpenterSpec,
  place: KarpenterPlace,
): Planned<ExistingKarpenterSpec> {
  const { spec, shape } = checkedSpec(existingKarpenterSchema, given, STAND_IN, ROOT);
  return { plan: spec, violations: withShape(shape, existingKarpenterViolations(spec, NO_DEMAND, place)) };
}

function at(key: keyof ExistingKarpenterSpec, problem: string, remedy: string): Violation {
  return { path: `${ROOT}.${key}`, problem, remedy };
}

function roleViolations({ controllerRoleArn }: ExistingKarpenterSpec, rolesOfAccount: string): Violation[] {
  if (controllerRoleArn.startsWith(rolesOfAccount) && controllerRoleArn.length > rolesOfAccount.length) return [];
  return [
    at(
      "controllerRoleArn",
      `"${controllerRoleArn}" is not the ARN of a role of the cluster's account`,
      `use ${rolesOfAccount}<name>`,
    ),
  ];
}

interface Feature {
  readonly key: "nodeOverlay" | "interruptionQueue";
  readonly neededBy: keyof KarpenterDemand;
  readonly problem: string;
  readonly remedy: string;
}

const FEATURES: readonly Feature[] = [
  {
    key: "nodeOverlay",
    neededBy: "devicePlugin",
    problem:
      "Karpenter would never launch a node for a sandbox, because it does not know the device that sandboxes request",
    remedy:
      "set settings.featureGates.nodeOverlay to true in its chart and set this to true, or set sandbox.devicePlugin to false",
  },
  {
    key: "interruptionQueue",
    neededBy: "spot",
    problem: "spot nodes would be reclaimed without notice: Karpenter has no interruption queue",
    remedy:
      'give its chart settings.interruptionQueue and set this to true, or set sandbox.purchaseOption to "on-demand"',
  },
];

function featureViolations(karpenter: ExistingKarpenterSpec, demand: KarpenterDemand): Violation[] {
  return FEATURES.filter(({ key, neededBy }) => demand[neededBy] && karpenter[key] !== true).map(
    ({ key, problem, remedy }) => at(key, problem, remedy),
  );
}

function versionViolations({ version }: ExistingKarpenterSpec, kubernetesVersion: string): Violation[] {
  const required = versions.kubernetes.supported.find((known) => known.version === kubernetesVersion)?.minimumKarpenter;
  const oldest = required !== undefined && semver.gt(required, OLDEST_KARPENTER) ? required : OLDEST_KARPENTER;
  if (semver.satisfies(version, `>=${oldest} <2.0.0`)) return [];
  return [
    at(
      "version",
      `Karpenter ${version} does not support these pools on Kubernetes ${kubernetesVersion}`,
      `use ${oldest} or later, below 2.0.0, and the same version of its CRDs (chart karpenter-crd)`,
    ),
  ];
}
