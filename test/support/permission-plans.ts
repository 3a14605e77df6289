import fc from "fast-check";

import { type EnvironmentPlan, planEnvironment } from "../../domain/environment/environment";
import type { EnvironmentSpec } from "../../domain/environment/spec";
import { recorded } from "../../domain/permissions/recorded";
import type { StackUse } from "../../domain/permissions/stack";
import { prod as existingCluster } from "../../docs/recipes/existing-cluster";
import { prod as govcloud } from "../../docs/recipes/govcloud";
import { prod as landingZone } from "../../docs/recipes/landing-zone";
import { prod } from "./environments/prod";

/** A planned environment, and the most that its stack could hold. */
export interface PermissionCase {
  readonly plan: EnvironmentPlan;
  readonly use: StackUse;
}

const LEVELS = ["open", "dns", "firewall"] as const;

/** What may differ from one environment to the next as far as permissions go. */
const choices = fc.record({
  kind: fc.constantFrom<EnvironmentSpec>(prod, govcloud, landingZone, existingCluster),
  name: fc.stringMatching(/^[a-z][a-z0-9]{0,19}$/),
  namePrefix: fc.option(fc.stringMatching(/^[a-z][a-z0-9]{1,9}$/), { nil: undefined }),
  isBounded: fc.boolean(),
  path: fc.constantFrom("/", "/apps/retool/"),
  isLayered: fc.boolean(),
  hasDeployRole: fc.boolean(),
  hasCopies: fc.boolean(),
  level: fc.constantFrom(...LEVELS),
});

/** Environments of every kind with the types of everything that was ever recorded; no synthesis is needed. */
export const permissionPlans: fc.Arbitrary<PermissionCase> = choices.map((chosen) => {
  const { kind, isBounded, path, hasCopies, hasDeployRole } = chosen;
  const partition = kind.region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
  const iam = `arn:${partition}:iam::${kind.account}`;
  const second = partition === "aws" ? "us-west-2" : "us-gov-east-1";
  const plan = planEnvironment({
    ...kind,
    name: chosen.name,
    namePrefix: chosen.namePrefix,
    iam: { path, ...(isBounded ? { permissionsBoundary: `${iam}:policy/limit` } : {}) },
    layers: chosen.isLayered,
    // A network of others keeps its routes.
    egress: { level: kind === existingCluster && chosen.level === "firewall" ? "dns" : chosen.level },
    ...(hasDeployRole ? { deployRoleArn: `${iam}:role/retool-deploy` } : {}),
  });
  const types = Object.keys(recorded);
  return {
    plan,
    use: {
      types,
      trusted: ["ec2.amazonaws.com", "eks.amazonaws.com", "pods.eks.amazonaws.com"],
      secrets: ["retool/license-key"],
      readSecrets: ["retool/license-key"],
      attached: [`arn:${partition}:iam::aws:policy/AmazonEKSClusterPolicy`],
      records: [plan.context.domain, `*.${kind.domain}`],
      regions: hasCopies ? Object.fromEntries(types.map((type) => [type, [second]])) : {},
    },
  };
});
