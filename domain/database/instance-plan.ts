import type { RestorePlan } from "./restore";
import type { PostgresSettings } from "./instance-spec";

/** What the rest of the environment asks of the database. */
export interface PostgresDemand {
  /** Connections that all components may open at once, during an upgrade. */
  readonly connections: number;
  /**
   * CPUs that the people at the busiest moment keep busy, by which the default class is chosen.
   *
   * @default 0
   */
  readonly cpus?: number;
  /**
   * What the connections are made of, to be shown where they are too many.
   *
   * @default []
   */
  readonly parts?: readonly ConnectionPart[];
}

/** The connections of one component. */
export interface ConnectionPart {
  /** Component that opens them. */
  readonly name: string;
  /** How many it may open. */
  readonly connections: number;
}

/** The settings of an instance with every default filled in and every derived value computed. */
export interface PostgresPlan extends Omit<PostgresSettings, "kind" | "instanceClass" | "maxStorageGiB" | "restore"> {
  /** Made here. */
  readonly kind: "new";
  /** Class of the instance and its standby. */
  readonly instanceClass: string;
  /** Size to which the storage may grow by itself, in GiB. */
  readonly maxStorageGiB: number;
  /** Port of the instance. */
  readonly port: number;
  /** Connections that may be open at once, during an upgrade. */
  readonly connections: number;
  /** Name of the RDS instance and of everything defined with it. */
  readonly identifier: string;
  /** Beginning of the names of what all generations share: security group, subnets and parameters. */
  readonly sharedName: string;
  /** Tags that no instance of another environment has. */
  readonly tags: Readonly<Record<string, string>>;
  /** What the instance is made from; an empty database where it is undefined. */
  readonly restore: RestorePlan | undefined;
  /** Parameter group family, derived from the version so that the two cannot disagree. */
  readonly parameterGroupFamily: string;
  /** Parameters that differ from the defaults of some version. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Beginning of the name of the role by which RDS sends measurements of the operating system to CloudWatch. */
  readonly monitoringRolePrefix: string;
  /** Policy of that role. */
  readonly monitoringPolicyArn: string;
  /** Seconds between two measurements of the operating system. */
  readonly monitoringIntervalSeconds: number;
  /** Whether RDS refuses to delete the instance. */
  readonly deletionProtection: boolean;
  /** Whether the instance is deleted without a last snapshot and without its automated backups. */
  readonly skipFinalSnapshot: boolean;
  /** Whether Terraform refuses a plan that destroys the instance. */
  readonly preventDestroy: boolean;
}
