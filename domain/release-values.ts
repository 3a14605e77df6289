import type { EnvironmentPlan } from "./environment";
import { type HelmValues, type ReleaseReferences, helmValues } from "./helm-values";
import { secretFacts } from "./retool-pod-secrets";
import { kubernetesSecrets } from "./secrets";

/** Builds the values of an environment's Retool release: everything that the plan decides, and what was made of it. */
export function releaseValues(plan: EnvironmentPlan, references: ReleaseReferences): HelmValues {
  const { secrets } = plan;
  return helmValues(
    {
      ...plan,
      capacity: { ...plan.capacity, pools: plan.cluster.pools },
      secrets: { ...kubernetesSecrets, license: secrets.license && kubernetesSecrets.license },
      ...secretFacts(plan),
      privateRanges: [...plan.network.vpcCidrs, plan.cluster.serviceCidr],
    },
    references,
  );
}
