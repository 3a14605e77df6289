import { HTTPS_PORT } from "./hosts";
import { hostProblem } from "./names";
import type { EgressPurpose } from "./resources";
import { type EgressRule, formatDestination } from "./rules";

/** A server that a variable of Retool's pods names. */
export interface NamedServer {
  /** Variable. */
  readonly variable: string;
  /** Host name. */
  readonly host: string;
  /** Port. */
  readonly port: number;
  /** What it probably is. */
  readonly purpose: EgressPurpose;
}

/** Purposes by parts of the names of variables; the first that fits. */
const PURPOSES: readonly (readonly [RegExp, EgressPurpose])[] = [
  [/SMTP|MAIL/, "email"],
  [/SSO|OAUTH|OIDC|SAML|LDAP|JWKS|JWT|LOGIN|AUTH/, "identity"],
  [/GIT/, "git"],
  [/OTEL|STATSD|METRIC|DATADOG|SENTRY|TRACE|DD_/, "metrics"],
  [/OPENAI|ANTHROPIC|BEDROCK|LLM|MODEL/, "models"],
  [/WEBHOOK/, "webhooks"],
];

/** Pages that only browsers open, and Retool's own addresses. */
const FOR_BROWSERS = /^(BASE_DOMAIN|.*_AUTH_URL|.*_LOGOUT.*|.*_REDIRECT.*|.*_FAVICON.*|.*_LOGO.*)$/;

/** Ports by the scheme of an address, or by what the variable is about. */
const PORTS: Readonly<Record<string, number>> = {
  http: 80,
  https: HTTPS_PORT,
  smtp: 587,
  smtps: 465,
  ldap: 389,
  ldaps: 636,
  redis: 6379,
  rediss: 6379,
  postgres: 5432,
  postgresql: 5432,
};

/** Finds servers that variables name: addresses, and hosts in variables whose names say so. */
export function namedServers(environment: Readonly<Record<string, string>>): NamedServer[] {
  return Object.entries(environment).flatMap(([variable, value]) => {
    if (FOR_BROWSERS.test(variable)) return [];
    const purpose = PURPOSES.find(([pattern]) => pattern.test(variable))?.[1] ?? "data-source";
    const found = addressIn(value) ?? hostIn(variable, value, environment, purpose);
    return found === undefined ? [] : [{ variable, purpose, ...found }];
  });
}

type Place = Pick<NamedServer, "host" | "port">;

function addressIn(value: string): Place | undefined {
  const [, scheme = ""] = /^([a-z]+):\/\//i.exec(value) ?? [];
  if (!URL.canParse(value) || scheme === "") return undefined;
  const { hostname, port } = new URL(value);
  const known = port === "" ? PORTS[scheme.toLowerCase()] : Number(port);
  return known === undefined || hostProblem(hostname) !== undefined ? undefined : { host: hostname, port: known };
}

function hostIn(
  variable: string,
  value: string,
  environment: Readonly<Record<string, string>>,
  purpose: EgressPurpose,
): Place | undefined {
  if (!/_(HOST|HOSTNAME|SERVER|ENDPOINT|PROXY)$/.test(variable)) return undefined;
  const [host = "", port] = value.split(":");
  if (hostProblem(host) !== undefined) return undefined;
  const other = environment[variable.replace(/_[A-Z]+$/, "_PORT")];
  const usual = purpose === "email" ? PORTS["smtp"] : HTTPS_PORT;
  return { host, port: Number(port ?? other ?? usual) };
}

/** Warnings of servers that variables name and that no row opens, each with the entry that does. */
export function variableNotes(servers: readonly NamedServer[], rules: readonly EgressRule[]): string[] {
  return servers
    .filter((server) => !rules.some((rule) => isFor(rule, server)))
    .map(
      ({ variable, host, port, purpose }) =>
        `retool.environment.${variable} names ${host}:${port}, which nothing opens; add { to: "${host}", ` +
        `${port === HTTPS_PORT ? "" : `port: ${port}, `}purpose: "${purpose}" } to egress.resources.`,
    );
}

function isFor({ destination, port }: EgressRule, server: NamedServer): boolean {
  const name = formatDestination(destination);
  const isHost = destination.kind === "subdomains" ? server.host.endsWith(name.slice(1)) : name === server.host;
  return (isHost && port === server.port) || destination.kind === "anywhere";
}
