import type { OwnRanges } from "./closed-ranges";
import type { Feature } from "../catalog/row";
import type { BlobEndpoint } from "../storage/other-providers";
import type { ConfiguredServices } from "./configured";
import type { NetworkSize } from "./costs";
import type { DatabaseServers } from "./databases";
import type { DeployerChoice } from "./deployer";
import type { TemporalEgress } from "./rules";

/** What decides which rules there are, from other parts of the environment. */
export interface EgressInput {
  /** Where Temporal runs. */
  readonly temporal: TemporalEgress;
  /** Which parts of Retool are installed. */
  readonly features: EgressFeatures;
  /**
   * The PostgreSQL servers.
   *
   * @default - the platform database in the environment's database subnets, on port 5432
   */
  readonly databases?: DatabaseServers;
  /**
   * Whether the External Secrets Operator reads Secrets Manager from inside the cluster.
   *
   * @default false
   */
  readonly externalSecrets?: boolean;
  /**
   * Whether agents on the nodes send logs to CloudWatch.
   *
   * @default false
   */
  readonly clusterLogs?: boolean;
  /**
   * Whether they put audit events into a bucket as well.
   *
   * @default false
   */
  readonly auditBucket?: boolean;
  /**
   * Whether Karpenter was there before: one that is installed here is told to call no API outside the region.
   *
   * @default false
   */
  readonly existingKarpenter?: boolean;
  /**
   * Where blob storage is that was not made here.
   *
   * @default - the environment's own bucket in S3
   */
  readonly blobEndpoints?: readonly BlobEndpoint[];
  /**
   * AWS services with an endpoint in the VPC, by the short names of their endpoint services (`sts`).
   *
   * @default []
   */
  readonly interfaceEndpoints?: readonly string[];
  /**
   * Buckets that the VPC's endpoint of S3 passes besides the environment's own.
   *
   * @default []
   */
  readonly s3Buckets?: readonly string[];
  /**
   * Registries that nodes pull Retool's images from, each as `host` or `host:port`.
   *
   * @default - Docker Hub, and GitHub's registry for the device plugin
   */
  readonly imageRegistries?: readonly string[];
  /**
   * What the settings of Retool name outside.
   *
   * @default {}
   */
  readonly configured?: ConfiguredServices;
  /**
   * Names under which Retool is opened, `*.` standing for everything below a domain: the VPC resolves them.
   *
   * @default []
   */
  readonly listenerNames?: readonly string[];
  /**
   * What the machine that deploys calls besides the APIs of the environment's own region.
   *
   * @default - nothing
   */
  readonly deployer?: DeployerChoice;
  /**
   * Ranges of the environment itself, which no resource may open to everybody.
   *
   * @default - they are not checked
   */
  readonly ranges?: OwnRanges;
  /**
   * Zones of the network, and its NAT gateways; without any, nothing leaves.
   *
   * @default { zones: 3, natGateways: 3 }
   */
  readonly network?: NetworkSize;
}

/** Parts of Retool that are installed only where asked for, and how two others are reached. */
export interface EgressFeatures extends Readonly<Record<Feature, boolean>> {
  /** Whether metrics are collected for Retool. */
  readonly telemetry: boolean;
  /**
   * Whether the Git server runs in separate pods.
   *
   * @default false - it runs in `api`
   */
  readonly gitServer?: boolean;
  /** Where pods get credentials for the bucket; undefined where they need none of AWS. */
  readonly identity: "pod-identity" | "irsa" | undefined;
  /** Whether browsers reach the sandbox proxy under its own host name. */
  readonly sandboxProxyHost: boolean;
}
