import { CATALOG } from "../catalog/catalog";
import { RETOOL_COMPONENTS, servicesThatNeed } from "../catalog/lookup";
import type { RetoolComponent } from "../catalog/row";
import { DOCUMENTS } from "./hosts";
import { QUERY_RUNNERS } from "./resources";
import { ownDestination } from "../common/server-host";
import type { EgressDestination, EgressRule } from "./rules";

/** A PostgreSQL server that pods connect to. */
export interface DatabaseServer {
  /** Port. */
  readonly port: number;
  /**
   * Host name or address of a server that exists already.
   *
   * @default - an instance in the environment's database subnets
   */
  readonly host?: string;
  /**
   * Address ranges of that host.
   *
   * @default []
   */
  readonly addresses?: readonly string[];
}

/** The PostgreSQL servers of an environment. */
export interface DatabaseServers {
  /** The platform database. */
  readonly platform: DatabaseServer;
  /**
   * The server of Retool Database.
   *
   * @default - there is none
   */
  readonly retoolDatabase?: DatabaseServer;
  /**
   * The server of a local Temporal cluster.
   *
   * @default - there is none
   */
  readonly temporal?: DatabaseServer;
}

/** An instance in the database subnets, and nothing else. */
const ONE_DATABASE: DatabaseServers = { platform: { port: 5432 } };

/** Components into which the chart writes the address of the platform database. */
const PLATFORM_CLIENTS = servicesThatNeed("platform-database");

const TEMPORAL_SERVERS = RETOOL_COMPONENTS.filter((name) => CATALOG[name].part === "temporal");

/** Rules for every PostgreSQL server of the environment. */
export function databaseRules(servers = ONE_DATABASE): EgressRule[] {
  const { platform, retoolDatabase, temporal } = servers;
  return [
    databaseRule("database", platform, PLATFORM_CLIENTS, "Keeps Retool's state"),
    // Retool's architecture page names the api and the two workflow containers; dbconnector runs queries in their place.
    ...(retoolDatabase === undefined
      ? []
      : [databaseRule("retool-database", retoolDatabase, QUERY_RUNNERS, "Holds the tables of Retool Database")]),
    ...(temporal === undefined
      ? []
      : [databaseRule("temporal-database", temporal, TEMPORAL_SERVERS, "Keeps the state of workflows")]),
  ];
}

function databaseRule(
  name: string,
  { host, port, addresses = [] }: DatabaseServer,
  sources: readonly RetoolComponent[],
  reason: string,
): EgressRule {
  const destination: EgressDestination =
    host === undefined ? { kind: "platform", platform: "database" } : ownDestination(host);
  return {
    id: `platform/${name}/${sources[0] ?? ""}`,
    sources,
    destination,
    port,
    application: "tcp",
    // Nothing on the wire names the server, so only its addresses let it through a firewall.
    route: addresses.length === 0 && destination.kind !== "range" ? "private" : "internet",
    reason,
    document: DOCUMENTS.chart,
    inferred: false,
    required: true,
    mayBePrivate: true,
    ...(addresses.length === 0 ? {} : { addresses }),
  };
}
