import type { EnvironmentPlan } from "./environment";
import { type HelmValues, type ReleaseReferences, helmValues } from "../chart/values";
import type { JsonObject } from "../common/kubernetes";
import { mergeValues } from "../retool/extra-values";
import { secretFacts } from "../chart/pod-secrets";
import { kubernetesSecrets } from "../secrets/secrets";
import { telemetryAccess } from "../chart/telemetry-access";

/** Builds the values of an environment's Retool release: everything that the plan decides, and what was made of it. */
export function releaseValues(plan: EnvironmentPlan, references: ReleaseReferences): HelmValues {
  const { secrets } = plan;
  const values = helmValues(
    {
      ...plan,
      capacity: { ...plan.capacity, pools: plan.cluster.pools },
      secrets: { ...kubernetesSecrets, license: secrets.license && kubernetesSecrets.license },
      ...secretFacts(plan),
      privateRanges: [...plan.network.vpcCidrs, plan.cluster.serviceCidr],
    },
    references,
  );
  return mergeValues(withMirror(values, plan.egress.npmRegistry), sharedClusterValues(plan));
}

/** The sandbox proxy asks a mirror without a credential, unless the team's values give it one. */
function withMirror(values: HelmValues, url: string | undefined): HelmValues {
  if (url === undefined) return values;
  const mirror: JsonObject = { rr: { agentSandbox: { proxy: { npmRegistry: { url, authMode: "none" } } } } };
  return mergeValues(mirror, values) as HelmValues;
}

/** What the chart would make under a name that another instance of the cluster has as well. */
function sharedClusterValues({ cluster, retool, context: { prefix, namespace } }: EnvironmentPlan): JsonObject {
  if (cluster.kind === "new" || retool.telemetry === "off") return {};
  return {
    telemetry: { rbac: { create: false } },
    extraManifests: telemetryAccess(`${prefix}-telemetry`, namespace),
  };
}
