import { z } from "zod";

import { certificateEnd } from "../common/certificate-end";
import type { EnvironmentContext } from "../common/context";
import { quote } from "../common/quote";
import { port } from "../common/setting";
import { hostViolations, serverHost } from "../common/server-host";
import type { TemporalFrontend, TemporalKindPlan, TemporalQueueSpec } from "./plan";
import { SANDBOX_UNSUPPORTED } from "./cloud";
import {
  type MutualTlsSpec,
  certificateViolations,
  encodeCertificate,
  mutualTlsShape,
  privateKeySecret,
  storeKeyStep,
} from "./tls";
import { TEMPORAL_PORT } from "../common/temporal-port";
import type { Planned, Violation } from "../common/violation";

/** A Temporal cluster that someone else runs within reach. */
export interface SelfHostedTemporalSpec extends TemporalQueueSpec {
  /** A cluster that someone else runs. */
  readonly kind: "self-hosted";
  /** Host name or address of its frontend. */
  readonly host: string;
  /**
   * Port of its frontend.
   *
   * @default 7233
   */
  readonly port?: number;
  /** Temporal namespace of this environment; every Retool instance needs its own. */
  readonly namespace: string;
  /**
   * How the connection is protected: in the clear, encrypted, or encrypted with a client certificate.
   *
   * @default "encrypted"
   */
  readonly tls?: "off" | "encrypted" | MutualTlsSpec;
}

/** Shape of the fields of a {@link SelfHostedTemporalSpec}. */
export const selfHostedShape = {
  kind: z.literal("self-hosted"),
  host: serverHost(),
  port: port().default(TEMPORAL_PORT),
  namespace: z.string(),
  tls: z.union([z.enum(["off", "encrypted"]), z.strictObject(mutualTlsShape)]).default("encrypted"),
};

const NAMESPACE = /^[A-Za-z0-9][A-Za-z0-9._-]{0,254}$/;

/** Decides how Retool reaches a cluster that someone else runs. */
export function planSelfHosted(
  { tls, port, host, namespace }: z.output<z.ZodObject<typeof selfHostedShape>>,
  context: EnvironmentContext,
): Planned<Partial<TemporalKindPlan>> {
  const mutual = typeof tls === "string" ? undefined : tls;
  return {
    plan: {
      frontend: {
        host,
        port,
        namespace,
        tls: tls !== "off",
        ...clientCertificate(mutual),
      },
      secrets: mutual === undefined ? [] : [privateKeySecret(mutual)],
      steps: [
        `Create the namespace ${namespace} on ${host} before the deployment.`,
        ...(mutual === undefined ? [] : [storeKeyStep(mutual, context)]),
      ],
      warnings: tls === "off" ? [SANDBOX_UNSUPPORTED, IN_THE_CLEAR] : [SANDBOX_UNSUPPORTED],
    },
    violations: [
      ...hostViolations(host, "temporal.host"),
      ...namespaceViolations(namespace),
      ...(mutual === undefined ? cloudViolations(host) : certificateViolations(mutual, "temporal.tls")),
    ],
  };
}

function clientCertificate(
  mutual: MutualTlsSpec | undefined,
): Pick<TemporalFrontend, "certificate" | "certificateEnd"> {
  if (mutual === undefined) return { certificate: undefined, certificateEnd: undefined };
  const { clientCertificate: pem } = mutual;
  return { certificate: encodeCertificate(pem), certificateEnd: certificateEnd(pem) };
}

/** Temporal Cloud admits by certificate, or by keys that Retool's client does not know. */
function cloudViolations(host: string): Violation[] {
  if (!/(^|\.)(tmprl\.cloud|temporal\.io)\.?$/i.test(host)) return [];
  return [
    {
      path: "temporal.host",
      problem: `${quote(host)} is Temporal Cloud, which Retool's client can use by certificate only`,
      remedy: 'use kind "temporal-cloud" with clientCertificate and privateKeySecret',
    },
  ];
}

const IN_THE_CLEAR =
  "The connection to Temporal is not encrypted; Retool encrypts the data it sends with its own key, but not names and ids.";

function namespaceViolations(namespace: string): Violation[] {
  if (namespace === "temporal-system") {
    return [
      {
        path: "temporal.namespace",
        problem: '"temporal-system" belongs to Temporal itself',
        remedy: "create a namespace for Retool",
      },
    ];
  }
  if (NAMESPACE.test(namespace)) return [];
  return [
    {
      path: "temporal.namespace",
      problem: `"${namespace}" is not the name of a Temporal namespace`,
      remedy: "use letters, digits, dots, underscores and hyphens, such as retool-prod",
    },
  ];
}
