import type { EnvironmentPlan } from "./environment";
import { type HelmValues, type ReleaseReferences, helmValues } from "../chart/values";
import type { JsonObject } from "../common/kubernetes";
import { mergeValues } from "../retool/extra-values";
import { secretFacts } from "../chart/pod-secrets";
import { kubernetesSecrets } from "../secrets/secrets";
import { TRUSTED_FILE } from "../chart/variables";
import type { EgressPlan } from "../egress/egress";
import { type RetoolPlan, runsTelemetry } from "../retool/retool";
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
  return mergeValues(withMirrors(values, plan), sharedClusterValues(plan));
}

/** Where packages come from; what the team writes goes before it. */
function withMirrors(values: HelmValues, { egress, retool }: EnvironmentPlan): HelmValues {
  const python: JsonObject = { env: pythonVariables(egress, retool) };
  return withMirror(mergeValues(python, values) as HelmValues, egress.npmRegistry);
}

/**
 * Variables of pip, which code-executor runs. The bundle that `PIP_CERT` names takes the place of the public authorities, so only a
 * mirror gets it.
 *
 * Source: https://pip.pypa.io/en/stable/topics/configuration/
 */
function pythonVariables({ pythonMirror }: EgressPlan, { certificateAuthorities }: RetoolPlan): JsonObject {
  if (pythonMirror === undefined) return {};
  const { url } = pythonMirror;
  return {
    ...(url === undefined ? {} : { PIP_INDEX_URL: url }),
    ...(certificateAuthorities === undefined ? {} : { PIP_CERT: TRUSTED_FILE }),
  };
}

/** The sandbox proxy asks a mirror without a credential, unless the team's values give it one. */
function withMirror(values: HelmValues, url: string | undefined): HelmValues {
  if (url === undefined) return values;
  const mirror: JsonObject = { rr: { agentSandbox: { proxy: { npmRegistry: { url, authMode: "none" } } } } };
  return mergeValues(mirror, values) as HelmValues;
}

/** What the chart would make under a name that another instance of the cluster has as well. */
function sharedClusterValues({ cluster, retool, context: { prefix, namespace } }: EnvironmentPlan): JsonObject {
  if (cluster.kind === "new" || !runsTelemetry(retool)) return {};
  return {
    telemetry: { rbac: { create: false } },
    extraManifests: telemetryAccess(`${prefix}-telemetry`, namespace),
  };
}
