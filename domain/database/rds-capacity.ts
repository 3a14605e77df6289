import { instanceMemoryGiB } from "./instance-classes";

/** PostgreSQL never opens more than this many connections on RDS, regardless of the memory. */
const MOST_CONNECTIONS = 5000;

/** Bytes of memory that RDS counts for one connection. */
const BYTES_PER_CONNECTION = 9_531_392n;

/** Connections kept for superusers: three by PostgreSQL, two by RDS. */
const RESERVED_CONNECTIONS = 5;

const GIB = 1_073_741_824n;
const MIB = 1_048_576n;

/**
 * Connections that Retool can open to an instance of a class; undefined where the class is not known.
 *
 * RDS sets `max_connections` to LEAST(DBInstanceClassMemory / 9531392, 5000), where the memory is what its own processes
 * leave. How much they take is not published; a tenth and 256 MiB are left out here, so that the instance admits what
 * is promised.
 * Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Limits.html#RDS_Limits.MaxConnections
 */
export function connectionLimit(instanceClass: string): number | undefined {
  const memory = instanceMemoryGiB(instanceClass);
  if (memory === undefined) return undefined;
  const usable = (BigInt(memory) * GIB * 9n) / 10n - 256n * MIB;
  const connections = Number(usable / BYTES_PER_CONNECTION);
  return Math.min(connections, MOST_CONNECTIONS) - RESERVED_CONNECTIONS;
}

/** Smallest class of the default family that admits so many connections and has so many CPUs; the largest where none does. */
export function defaultInstanceClass(connections: number, cpus = 0): string {
  const found = DEFAULT_CLASSES.find(
    (one) => (connectionLimit(one.instanceClass) ?? 0) >= connections && one.cpus >= cpus,
  );
  return (found ?? LARGEST_DEFAULT).instanceClass;
}

/** Graviton classes for steady load; eight times this memory reaches the cap of 5000 connections. */
const LARGEST_DEFAULT = { instanceClass: "db.m7g.4xlarge", cpus: 16 } as const;
const DEFAULT_CLASSES = [
  { instanceClass: "db.m7g.large", cpus: 2 },
  { instanceClass: "db.m7g.xlarge", cpus: 4 },
  { instanceClass: "db.m7g.2xlarge", cpus: 8 },
  LARGEST_DEFAULT,
] as const;
