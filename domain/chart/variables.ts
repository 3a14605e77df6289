import { CATALOG } from "../catalog/catalog";
import { RETOOL_COMPONENTS } from "../catalog/lookup";
import { codeExecutorPrivileges } from "./code-executor";
import { DATABASE_CA } from "./databases";
import type { HelmValues } from "./chart-values";
import type { EnvironmentValue } from "../common/kubernetes";
import type { JsonObject } from "../common/kubernetes";
import type { RetoolPlan } from "../retool/retool";
import { ENVIRONMENT_SECRET } from "../retool/variables";
import { noProxyList } from "../retool/outbound";
import type { TemporalPlan } from "../temporal/temporal";

/** What decides the variables besides the plans. */
export interface EnvironmentFacts {
  /** Host that users open. */
  readonly appHost: string;
  /** AWS region. */
  readonly region: string;
  /** Address ranges of the VPC and of the cluster's services. */
  readonly privateRanges: readonly string[];
  /** Variables that follow from neither plan. */
  readonly variables: Readonly<Record<string, EnvironmentValue>>;
  /** Whether there is a Secret of variables. */
  readonly hasSecretVariables: boolean;
  /** Authorities of the platform database, where its certificate is checked. */
  readonly databaseAuthorities: CertificatesOf | undefined;
}

/** Certificates of authorities, and the ConfigMap that holds them. */
interface CertificatesOf {
  readonly configMap: string;
  readonly pem: string;
}

type Variables = Readonly<Record<string, string>>;

/** The volume of a company's authorities, in every pod that reaches out. */
export const CERTIFICATE_AUTHORITIES = {
  name: "certificate-authorities",
  folder: "/etc/retool/certificate-authorities",
  file: "ca.pem",
} as const;

/** The file in that volume. */
export const TRUSTED_FILE = `${CERTIFICATE_AUTHORITIES.folder}/${CERTIFICATE_AUTHORITIES.file}`;

/** Names by which Retool's pods call each other: the Services of the components that have one. */
const SERVICES = [
  "retool-backend-internal",
  ...RETOOL_COMPONENTS.filter((name) => ["http", "rpc"].some((port) => port in CATALOG[name].ports)).map(
    (name) => CATALOG[name].deployment,
  ),
];

/** Builds the variables of all pods, their secrets and what they trust. */
export function environmentValues(
  retool: RetoolPlan,
  temporal: TemporalPlan,
  facts: EnvironmentFacts,
): Pick<HelmValues, "env" | "externalSecrets" | "extraManifests" | "extraVolumes" | "extraVolumeMounts"> {
  return {
    env: {
      BASE_DOMAIN: `https://${facts.appHost}`,
      DATABASE_MIGRATIONS_TIMEOUT_SECONDS: String(retool.jobsRunner.migrationTimeoutMinutes * 60),
      ...orchestration(retool),
      // As Retool's own blueprint: api otherwise refuses to start while code-executor does not answer.
      IGNORE_CODE_EXECUTOR_STARTUP_CHECK: "true",
      ...(retool.auditEvents === "stdout" ? { LOG_AUDIT_EVENTS: "true" } : {}),
      ...(temporal.taskQueue === undefined ? {} : { TEMPORAL_TASKQUEUE_WORKFLOW: temporal.taskQueue }),
      ...codeExecutorPrivileges(retool.codeExecutor.sandboxing).variables,
      ...outbound(retool, facts),
      ...facts.variables,
      ...retool.environment,
    },
    ...secretVariables(facts),
    ...authorities([
      { ...DATABASE_CA, certificates: facts.databaseAuthorities },
      { ...CERTIFICATE_AUTHORITIES, certificates: retool.certificateAuthorities },
    ]),
  };
}

/** Source: https://docs.retool.com/self-hosted/self-managed/guides/pg-boss-orchestration-backend, rules 1 and 2. */
function orchestration({ appOrchestration }: RetoolPlan): Variables {
  return appOrchestration === "postgres"
    ? { RR_POSTGRES_ORCHESTRATION_BACKEND: "true" }
    : { R2_ORCHESTRATION_BACKEND: "temporal" };
}

/** Variables with which pods reach what lies outside; js-executor takes them by a separate key. */
export function outbound({ outboundProxy, certificateAuthorities }: RetoolPlan, facts: EnvironmentFacts): Variables {
  const trust: Variables = certificateAuthorities === undefined ? {} : { NODE_EXTRA_CA_CERTS: TRUSTED_FILE };
  if (outboundProxy === undefined) return trust;
  const { url, noProxy = [] } = outboundProxy;
  const direct = noProxyList(noProxy, SERVICES, facts.privateRanges, facts.region);
  return { ...trust, HTTP_PROXY: url, HTTPS_PROXY: url, NO_PROXY: direct };
}

/**
 * Hands out the secret variables.
 *
 * Of the chart's three ways this is the one that reaches the backend's pods and not code-executor, where users' code would
 * read them. Despite its name nothing external is asked: the pods read a Secret that exists.
 */
function secretVariables({ hasSecretVariables }: EnvironmentFacts): Pick<HelmValues, "externalSecrets"> {
  if (!hasSecretVariables) return {};
  return { externalSecrets: { enabled: true, includeConfigSecrets: true, name: ENVIRONMENT_SECRET } };
}

/** A folder of certificates in every pod of the backend. */
interface Mounted {
  readonly name: string;
  readonly folder: string;
  readonly file: string;
  readonly certificates: CertificatesOf | undefined;
}

function authorities(
  mounted: readonly Mounted[],
): Pick<HelmValues, "extraManifests" | "extraVolumes" | "extraVolumeMounts"> {
  const present = mounted.flatMap(({ certificates, ...mount }) =>
    certificates === undefined ? [] : [{ ...mount, ...certificates }],
  );
  if (present.length === 0) return {};
  return {
    extraManifests: present.map(({ configMap, file, pem }): JsonObject => ({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: configMap },
      data: { [file]: pem },
    })),
    extraVolumes: present.map(({ name, configMap }) => ({ name, configMap: { name: configMap } })),
    extraVolumeMounts: present.map(({ name, folder }) => ({ name, mountPath: folder, readOnly: true })),
  };
}
