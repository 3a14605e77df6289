import { plainHost } from "../common/server-host";
import { HTTPS_PORT } from "./hosts";
import { hostProblem } from "./names";
import type { EgressRule } from "./rules";
import type { RetoolComponent } from "../catalog/row";
import type { Problem } from "../common/violation";

/** A registry of packages: where it is, and the hosts that answer for it. */
export interface PackageRegistry {
  /** Its address. */
  readonly url: string;
  /** Hosts that are called. */
  readonly hosts: readonly string[];
  /** Port. */
  readonly port: number;
}

/**
 * Public registries, as messages name them, with the hosts that Retool's published list has. The Python index sends clients to a
 * second host for the files.
 */
export const PUBLIC_REGISTRIES = {
  appPackages: {
    closed: ["npm's public registry"],
    example: "npm.example.com",
    text: "its host",
  },
  pythonPackages: { closed: ["pypi.org", "files.pythonhosted.org"], example: "pypi.org", text: '"pypi.org"' },
} as const;

/** A setting of the allowlist that names a registry. */
export type RegistrySetting = keyof typeof PUBLIC_REGISTRIES;

/** Who calls which registry, what for, and where that is written. */
const FACTS: Readonly<
  Record<RegistrySetting, { readonly source: RetoolComponent; readonly reason: string; readonly document: string }>
> = {
  appPackages: {
    source: "sandbox-proxy",
    reason: "Fetches npm packages of apps",
    document: "https://github.com/tryretool/retool-helm",
  },
  pythonPackages: {
    source: "code-executor",
    reason: "Installs Python packages for workflows",
    document: "https://docs.retool.com/self-hosted/self-managed/quickstart",
  },
};

/** Reads a host (`npm.example.com`, with or without a port) or an `https://` address; `undefined` where it is neither. */
export function packageRegistry(setting: RegistrySetting, text: string): PackageRegistry | undefined {
  const address = text.includes("://") ? text : `https://${text}`;
  if (!URL.canParse(address)) return undefined;
  const { protocol, hostname: host, port, username, password, search, hash } = new URL(address);
  const hostname = plainHost(host);
  const isPlain = protocol === "https:" && `${username}${password}${search}${hash}` === "";
  if (!isPlain || hostProblem(hostname) !== undefined) return undefined;
  const known: readonly string[] = PUBLIC_REGISTRIES[setting].closed;
  const hosts = hostname === known[0] ? known : [hostname];
  return { url: address, hosts, port: port === "" ? HTTPS_PORT : Number(port) };
}

/** Says what is wrong with a registry that is neither a host nor an address; the text may hold a credential, and is not repeated. */
export function registryProblem(setting: RegistrySetting): (text: string) => Problem | undefined {
  return (text) => {
    const registry = packageRegistry(setting, text);
    if (registry === undefined)
      return {
        problem: "is not a host or an https address without a credential",
        remedy: `use a host such as "${PUBLIC_REGISTRIES[setting].example}", or an address such as "https://packages.example.com/public"`,
      };
    const [index = "", ...files]: readonly string[] = PUBLIC_REGISTRIES[setting].closed;
    const [host = ""] = registry.hosts;
    return files.includes(host)
      ? { problem: `${host} has only the files of ${index}, which is the index`, remedy: `use "${index}"` }
      : undefined;
  };
}

/** Rules for a registry that is set. */
export function registryRules(setting: RegistrySetting, text: string | undefined): EgressRule[] {
  const registry = text === undefined ? undefined : packageRegistry(setting, text);
  const { source, reason, document } = FACTS[setting];
  return (registry?.hosts ?? []).map((host) => ({
    id: `${setting}/${host}`,
    sources: [source],
    destination: { kind: "host", host },
    port: registry?.port ?? HTTPS_PORT,
    application: "tls",
    route: "internet",
    reason,
    document,
    inferred: false,
    required: false,
  }));
}

/** A host that Retool's documents or its chart name, and that nothing opens. */
export interface ClosedHost {
  /** Host, or what it is. */
  readonly host: string;
  /** Container that would call it. */
  readonly who: RetoolComponent;
  /** Setting that opens it. */
  readonly setting: `egress.${RegistrySetting}`;
  /** What does not work without it. */
  readonly lacks: string;
  /** How it is opened. */
  readonly remedy: string;
}

const LACKS: Readonly<Record<RegistrySetting, string>> = {
  appPackages: "apps cannot install npm packages",
  pythonPackages: "code in workflows cannot install Python packages",
};

/** A registry that is set, a resource, or the level `open`. */
const OPENERS = /^(appPackages|pythonPackages|resource|open)\//;

/** Hosts of registries that stay closed, so that what they serve does not work. */
export function closedHosts(rules: readonly EgressRule[], components: readonly RetoolComponent[]): ClosedHost[] {
  return (Object.keys(PUBLIC_REGISTRIES) as RegistrySetting[]).flatMap((setting) => {
    const { source } = FACTS[setting];
    const isOpen = rules.some(({ sources, id }) => sources.includes(source) && OPENERS.test(id));
    if (isOpen || !components.includes(source)) return [];
    const { closed, text } = PUBLIC_REGISTRIES[setting];
    return closed.map((name) => ({
      host: name,
      who: source,
      setting: `egress.${setting}` as const,
      lacks: LACKS[setting],
      remedy: `set egress.${setting} to ${text} or to your mirror's`,
    }));
  });
}
