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
export function configuredServices({ environment, secretEnvironment, outboundProxy }: RetoolPlan): ConfiguredServices {
  const token = urlOf(environment["CUSTOM_OAUTH2_SSO_TOKEN_URL"]);
  const isGoogle = "CLIENT_SECRET" in secretEnvironment;
  const proxy = urlOf(outboundProxy?.url);
  return {
    named: namedServers(environment),
    signIn: [...(token === undefined ? [] : [token.hostname]), ...(isGoogle ? GOOGLE : [])],
    proxy: proxy && { host: proxy.hostname, port: Number(proxy.port || (proxy.protocol === "https:" ? 443 : 80)) },
  };
}

function urlOf(text: string | undefined): URL | undefined {
  return text !== undefined && URL.canParse(text) ? new URL(text) : undefined;
}

/** Rules for what the settings of Retool name outside. */
export function configuredRules({ signIn = [], proxy }: ConfiguredServices = {}): EgressRule[] {
  return [...signIn.map(signInRule), ...(proxy === undefined ? [] : [proxyRule(proxy)])];
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
