import { servicesThatNeed } from "../catalog/lookup";
import type { RetoolComponent } from "../catalog/row";
import { HTTPS_PORT } from "./hosts";
import { ownDestination } from "../common/server-host";
import type { EgressRule } from "./rules";
import { type NamedServer, namedServers } from "./variables";
import type { RetoolPlan } from "../retool/retool";

/** What the settings of Retool name outside, so that it need not be listed twice. */
export interface ConfiguredServices {
  /**
   * Hosts that users' sign-in is checked with.
   *
   * @default []
   */
  readonly signIn?: readonly string[];
  /**
   * Proxy through which Retool leaves.
   *
   * @default - connections are direct
   */
  readonly proxy?: { readonly host: string; readonly port: number };
  /**
   * Servers that plain variables name.
   *
   * @default []
   */
  readonly named?: readonly NamedServer[];
  /**
   * Where the telemetry container sends what it collects.
   *
   * @default - to Retool only
   */
  readonly telemetry?: TelemetryCalls;
}

/** What the telemetry container calls. */
export interface TelemetryCalls {
  /** Whether it sends metrics to Retool. */
  readonly toRetool: boolean;
  /** Hosts of the team's choice. */
  readonly hosts: readonly { readonly host: string; readonly port: number }[];
}

const DOCUMENT = "https://docs.retool.com/4.86/sso/reference/environment-variables";

/** Where a client's secret becomes a token at Google, and who the user is. */
const GOOGLE = ["oauth2.googleapis.com", "www.googleapis.com"];

/** Everything of Retool that leaves the cluster at all. */
const PROXIED: readonly RetoolComponent[] = [
  ...servicesThatNeed("retool", "packages", "app-packages", "telemetry-host"),
  "mcp",
];

/** Finds what the settings of a release name outside. */
export function configuredServices(retool: RetoolPlan): ConfiguredServices {
  const { environment, secretEnvironment, outboundProxy } = retool;
  const token = urlOf(environment["CUSTOM_OAUTH2_SSO_TOKEN_URL"]);
  const isGoogle = "CLIENT_SECRET" in secretEnvironment;
  const proxy = urlOf(outboundProxy?.url);
  return {
    named: namedServers(environment),
    telemetry: telemetryCalls(retool),
    signIn: [...(token === undefined ? [] : [token.hostname]), ...(isGoogle ? GOOGLE : [])],
    proxy: proxy && { host: proxy.hostname, port: Number(proxy.port || (proxy.protocol === "https:" ? 443 : 80)) },
  };
}

function telemetryCalls({ telemetry, telemetryTarget }: RetoolPlan): TelemetryCalls {
  return { toRetool: telemetry !== "off", hosts: telemetryTarget?.hosts ?? [] };
}

function urlOf(text: string | undefined): URL | undefined {
  return text !== undefined && URL.canParse(text) ? new URL(text) : undefined;
}

/** Rules for what the settings of Retool name outside. */
export function configuredRules({ signIn = [], proxy, telemetry }: ConfiguredServices = {}): EgressRule[] {
  const targets = telemetry?.hosts ?? [];
  return [...signIn.map(signInRule), ...targets.map(targetRule), ...(proxy === undefined ? [] : [proxyRule(proxy)])];
}

function targetRule({ host, port }: TelemetryCalls["hosts"][number]): EgressRule {
  return {
    id: `telemetry/${host}`,
    sources: ["telemetry"],
    destination: { kind: "host", host },
    port,
    application: "tls",
    route: "internet",
    reason: "Takes logs and metrics of Retool, as retool.telemetryTarget says",
    document: "https://docs.retool.com/4.86/self-hosted/self-managed/guides/telemetry",
    inferred: false,
    required: false,
    mayBePrivate: true,
    data: "Logs of Retool's pods, audit events among them, and metrics of its workers",
  };
}

function signInRule(host: string): EgressRule {
  return {
    id: `sign-in/${host}`,
    sources: servicesThatNeed("identity"),
    destination: { kind: "host", host },
    port: HTTPS_PORT,
    application: "tls",
    route: "internet",
    reason: "Checks who signs in",
    document: DOCUMENT,
    inferred: true,
    required: true,
    data: "Codes and tokens of the users who sign in",
  };
}

/** Nothing on the wire names the proxy, and it stands in a private network. */
function proxyRule({ host, port }: { readonly host: string; readonly port: number }): EgressRule {
  return {
    id: "proxy",
    sources: PROXIED,
    destination: ownDestination(host),
    port,
    application: "tcp",
    route: "private",
    reason: "Connects through the company's proxy",
    document: "",
    inferred: false,
    required: true,
    mayBePrivate: true,
  };
}
