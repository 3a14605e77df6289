import { z } from "zod";

import type { EnvironmentContext } from "../common/context";
import { DOCUMENTS } from "../common/documents";
import { TEMPORAL_PORT } from "../common/temporal-port";
import type { Violation } from "../common/violation";

/** Which of Temporal Cloud's names leads to the endpoint in the VPC. */
export interface PrivateLinkSpec {
  /**
   * `namespace`: the namespace's own name, for a namespace in one region. `region`: the name of its region, to which the
   * namespace's name leads; for a namespace with replicas in other regions, whose failover the first would break.
   *
   * Source: https://docs.temporal.io/cloud/connectivity/aws-connectivity
   *
   * @default "namespace"
   */
  readonly naming?: "namespace" | "region";
}

/** The way to Temporal Cloud that does not leave AWS's network. */
export interface PrivateLinkPlan {
  /** Service of Temporal Cloud in the region. */
  readonly serviceName: string;
  /** Name that leads to the endpoint, which is a separate private zone: other names of Temporal Cloud stay public. */
  readonly zoneName: string;
  /** Port of the endpoint. */
  readonly port: number;
  /** Prefix of every name. */
  readonly prefix: string;
}

/** Shape of a {@link PrivateLinkSpec}. */
export const privateLinkSchema = z.strictObject({ naming: z.enum(["namespace", "region"]).optional() });

/** Where Temporal Cloud is, and its services by region. */
const REGIONS = "https://docs.temporal.io/cloud/regions";

/** Services of Temporal Cloud by region, as {@link REGIONS} lists them. */
const SERVICES: Readonly<Record<string, string>> = {
  "ap-northeast-1": "vpce-svc-08f34c33f9fb8a48a",
  "ap-northeast-2": "vpce-svc-08c4d5445a5aad308",
  "ap-south-1": "vpce-svc-0ad4f8ed56db15662",
  "ap-south-2": "vpce-svc-08bcf602b646c69c1",
  "ap-southeast-1": "vpce-svc-05c24096fa89b0ccd",
  "ap-southeast-2": "vpce-svc-0634f9628e3c15b08",
  "ca-central-1": "vpce-svc-080a781925d0b1d9d",
  "eu-central-1": "vpce-svc-073a419b36663a0f3",
  "eu-west-1": "vpce-svc-04388e89f3479b739",
  "eu-west-2": "vpce-svc-0ac7f9f07e7fb5695",
  "sa-east-1": "vpce-svc-0ca67a102f3ce525a",
  "us-east-1": "vpce-svc-0822256b6575ea37f",
  "us-east-2": "vpce-svc-01b8dccfc6660d9d4",
  "us-west-2": "vpce-svc-0f44b3d7302816b94",
};

/** Plans the endpoint of a namespace. */
export function planPrivateLink(
  { naming = "namespace" }: PrivateLinkSpec,
  { namespace, region }: { readonly namespace: string; readonly region: string },
  { prefix }: EnvironmentContext,
): PrivateLinkPlan {
  return {
    serviceName: `com.amazonaws.vpce.${region}.${SERVICES[region] ?? "unknown"}`,
    zoneName: naming === "namespace" ? `${namespace}.tmprl.cloud` : `aws-${region}.region.tmprl.cloud`,
    port: TEMPORAL_PORT,
    prefix,
  };
}

/** Refuses regions where the service is not, or not this environment. */
export function privateLinkViolations(region: string, ours: string): Violation[] {
  if (SERVICES[region] === undefined) {
    return [
      {
        path: "temporal.privateLink",
        problem: `Temporal Cloud offers no PrivateLink in "${region}"`,
        remedy: `remove it, or use a namespace in one of ${Object.keys(SERVICES).join(", ")}`,
        document: REGIONS,
      },
    ];
  }
  if (region === ours) return [];
  return [
    {
      path: "temporal.privateLink",
      problem: `the namespace is in ${region} and the network in ${ours}, but an endpoint works only within its region`,
      remedy: `remove it, or use a namespace in ${ours}`,
      document: REGIONS,
    },
  ];
}

/** Refuses PrivateLink to a namespace that Retool runs. */
export function managedPrivateLinkViolations(given: unknown): Violation[] {
  if (typeof given !== "object" || given === null || !("privateLink" in given)) return [];
  return [
    {
      path: "temporal.privateLink",
      problem: "only Retool can allow private connections to a namespace that it manages",
      remedy: 'remove it, or use your own namespace with kind "temporal-cloud"',
      document: DOCUMENTS.temporal,
    },
  ];
}
