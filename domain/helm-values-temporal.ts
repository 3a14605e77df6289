import type { HelmValues, TemporalValues } from "./helm-values-keys";
import type { JsonObject } from "./kubernetes";
import { type PoolNames, retoolNodeSelector } from "./node-pools";
import type { TemporalCluster, TemporalFrontend, TemporalPlan, TemporalSecret } from "./temporal-plan";

/** Keeps the chart from dropping certificate and key; the real key is in the Secret (tryretool/retool-helm issue 139). */
const UNUSED_KEY = "unused-the-key-is-in-the-secret";

const DATABASES = { default: "temporal", visibility: "temporal_visibility" } as const;

/** Builds everything about Temporal; nothing at all for Retool-managed Temporal, which Retool finds by itself. */
export function temporalValues(
  { frontend, cluster, secrets }: TemporalPlan,
  pools?: PoolNames,
): Pick<HelmValues, "temporal" | "retool-temporal-services-helm"> {
  const [secret] = secrets;
  if (frontend !== undefined) return { temporal: frontendValues(frontend, secret) };
  if (cluster !== undefined && secret !== undefined) {
    return { "retool-temporal-services-helm": clusterValues(cluster, secret, pools) };
  }
  return {};
}

function frontendValues(frontend: TemporalFrontend, secret: TemporalSecret | undefined): TemporalValues {
  const { host, port, namespace, tls, certificate } = frontend;
  const plain: TemporalValues = { enabled: true, host, port, namespace, sslEnabled: tls };
  if (certificate === undefined || secret === undefined) return plain;
  return {
    ...plain,
    sslCert: certificate,
    sslKey: UNUSED_KEY,
    sslKeySecretName: secret.kubernetesSecret,
    sslKeySecretKey: secret.key,
  };
}

function clusterValues(
  { database, cassandra, historyShards }: TemporalCluster,
  secret: TemporalSecret,
  pools: PoolNames | undefined,
): JsonObject {
  const password = { existingSecret: secret.kubernetesSecret, secretKey: secret.key };
  const store = (name: string): JsonObject => ({
    sql: {
      ...database,
      ...password,
      database: name,
      // RDS certificates are signed by Amazon's own authority, which the image does not know.
      tls: { enabled: true, enableHostVerification: false },
    },
    ...(cassandra === undefined
      ? {}
      : { driver: "cassandra", cassandra: { ...cassandra, existingSecret: secret.kubernetesSecret, keyspace: name } }),
  });
  return {
    enabled: true,
    server: {
      // The subchart does not see the selector of its parent, and its image is for x86-64 only.
      nodeSelector: retoolNodeSelector(pools),
      config: {
        numHistoryShards: historyShards,
        persistence: { default: store(DATABASES.default), visibility: store(DATABASES.visibility) },
      },
    },
  };
}
