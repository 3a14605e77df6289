import type { DatabaseReference } from "./databases";
import type { HelmValues, TemporalValues } from "./chart-values";
import type { JsonObject } from "../common/kubernetes";
import { retoolNodeSelector } from "../nodes/node-pools";
import { type PoolNames } from "../cluster/pool-names";
import type { TemporalCluster, TemporalFrontend, TemporalPlan, TemporalSecret } from "../temporal/plan";

/** Keeps the chart from dropping certificate and key; the real key is in the Secret (tryretool/retool-helm issue 139). */
const UNUSED_KEY = "unused-the-key-is-in-the-secret";

const DATABASES = { default: "temporal", visibility: "temporal_visibility" } as const;

/** What decides the values of a local cluster besides its plan. */
export interface TemporalFacts {
  /** The instance that is made for it. */
  readonly instance: DatabaseReference | undefined;
  /** Revisions of the secrets by name. */
  readonly podAnnotations: Readonly<Record<string, string>>;
  /** Names of the node pools. */
  readonly pools: PoolNames | undefined;
}

/** Builds everything about Temporal; nothing at all for Retool-managed Temporal, which Retool finds by itself. */
export function temporalValues(
  { frontend, cluster, secrets }: TemporalPlan,
  { instance, podAnnotations, pools }: TemporalFacts,
): Pick<HelmValues, "temporal" | "retool-temporal-services-helm"> {
  const [secret] = secrets;
  if (frontend !== undefined) return { temporal: frontendValues(frontend, secret) };
  if (cluster !== undefined && secret !== undefined) {
    const annotation = `cdktf-retool/${secret.kubernetesSecret.replace(/^retool-/, "")}-revision`;
    const revision = podAnnotations[annotation] ?? String(secret.revision);
    const values = clusterValues(cluster, secret, storeOf(cluster, instance));
    // The subchart does not see the selector of its parent, and its image is for x86-64 only. Its pods read a password when they start, and the annotations of its parent do not reach them.
    return {
      "retool-temporal-services-helm": {
        enabled: true,
        server: { ...values, nodeSelector: retoolNodeSelector(pools), podAnnotations: { [annotation]: revision } },
      },
    };
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

/** The PostgreSQL server that Temporal uses: the given one, or the instance that is made for it. */
function storeOf({ server }: TemporalCluster, instance: DatabaseReference | undefined): DatabaseReference | undefined {
  return server === undefined ? instance : { host: server.host, port: server.port, user: server.username };
}

function clusterValues(
  { cassandra, historyShards }: TemporalCluster,
  secret: TemporalSecret,
  server: DatabaseReference | undefined,
): JsonObject {
  const password = { existingSecret: secret.kubernetesSecret, secretKey: secret.key };
  const store = (name: string): JsonObject => ({
    // RDS certificates are signed by Amazon's own authority, which the image does not know.
    ...(server && {
      sql: { ...server, ...password, database: name, tls: { enabled: true, enableHostVerification: false } },
    }),
    ...(cassandra === undefined
      ? {}
      : {
          driver: "cassandra",
          cassandra: { ...cassandra, existingSecret: secret.kubernetesSecret, keyspace: name },
          // The chart's templates read keys of `sql` with Cassandra too, and fail where its own values leave it empty.
          sql: {},
        }),
  });
  return {
    config: {
      numHistoryShards: historyShards,
      persistence: { default: store(DATABASES.default), visibility: store(DATABASES.visibility) },
    },
  };
}
