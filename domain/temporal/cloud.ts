import { z } from "zod";

import {
  type MutualTlsSpec,
  certificateViolations,
  encodeCertificate,
  mutualTlsShape,
  privateKeySecret,
  storeKeyStep,
} from "./tls";
import { certificateEnd } from "../common/certificate-end";
import type { EnvironmentContext } from "../common/context";
import type { TemporalKindPlan, TemporalQueueSpec } from "./plan";
import { type PrivateLinkSpec, planPrivateLink, privateLinkSchema, privateLinkViolations } from "./private-link";
import { regionProblem } from "../common/regions";
import { TEMPORAL_PORT } from "../common/temporal-port";
import type { Planned, Violation } from "../common/violation";

/** The team's namespace on Temporal Cloud. */
export interface CloudTemporalSpec extends TemporalQueueSpec, MutualTlsSpec {
  /** The team's namespace on Temporal Cloud. */
  readonly kind: "temporal-cloud";
  /** Whole name of the namespace, with the account: `retool-prod.a1b2c`. */
  readonly namespace: string;
  /** AWS region of the namespace. */
  readonly region: string;
  /**
   * Endpoint in the VPC through which the namespace is reached instead of over the internet; it costs about $7.30 a month
   * and zone.
   *
   * @default - the namespace is reached over the internet
   */
  readonly privateLink?: PrivateLinkSpec;
}

/** Shape of the fields of a {@link CloudTemporalSpec}. */
export const cloudShape = {
  kind: z.literal("temporal-cloud"),
  namespace: z.string(),
  region: z.string(),
  privateLink: privateLinkSchema.optional(),
  ...mutualTlsShape,
};

const NAMESPACE = /^[a-z][a-z0-9-]{0,37}[a-z0-9]\.[a-z0-9]{5,}$/;

/** Says that Retool runs no support for the sandbox on a Temporal it does not manage. */
export const SANDBOX_UNSUPPORTED =
  "Retool does not support the agent sandbox on a Temporal cluster that it does not manage.";

/** Decides how Retool reaches a namespace on Temporal Cloud. */
export function planCloud(
  spec: z.output<z.ZodObject<typeof cloudShape>>,
  context: EnvironmentContext,
): Planned<Partial<TemporalKindPlan>> {
  const end = certificateEnd(spec.clientCertificate);
  return {
    plan: {
      frontend: {
        host: `${spec.namespace}.tmprl.cloud`,
        port: TEMPORAL_PORT,
        namespace: spec.namespace,
        tls: true,
        certificate: encodeCertificate(spec.clientCertificate),
        certificateEnd: end,
      },
      privateLink: spec.privateLink && planPrivateLink(spec.privateLink, spec, context),
      secrets: [privateKeySecret(spec)],
      steps: [
        storeKeyStep(spec, context),
        `Replace the client certificate of ${spec.namespace} before ${end ?? "it expires"}; Temporal Cloud does not renew it.`,
      ],
      warnings: [SANDBOX_UNSUPPORTED, ...latencyWarnings(spec.region, context.region)],
    },
    violations: [
      ...namespaceViolations(spec),
      ...certificateViolations(spec, "temporal"),
      ...(spec.privateLink ? privateLinkViolations(spec.region, context.region) : []),
    ],
  };
}

function latencyWarnings(region: string, ours: string): string[] {
  if (region === ours) return [];
  return [
    `The Temporal namespace is in ${region} and Retool in ${ours}: the distance slows down each step of a workflow.`,
  ];
}

function namespaceViolations({ namespace, region }: CloudTemporalSpec): Violation[] {
  const violations: Violation[] = [];
  if (!NAMESPACE.test(namespace)) {
    violations.push({
      path: "temporal.namespace",
      problem: `"${namespace}" is not the full name of a namespace`,
      remedy: "use its name and account as Temporal Cloud shows them, such as retool-prod.a1b2c",
    });
  }
  const unknown = regionProblem(region);
  if (unknown !== undefined) violations.push({ path: "temporal.region", ...unknown });
  return violations;
}
