import { z } from "zod";

import { boundedName } from "../common/names";
import { quote } from "../common/quote";
import { hostViolations, plainHost } from "../common/server-host";
import { pemViolations } from "../common/pem";
import type { Violation } from "../common/violation";

/** A proxy that connections to the internet pass through. */
export interface OutboundProxySpec {
  /** Address of the proxy: scheme, host and port, without credentials. */
  readonly url: string;
  /**
   * Hosts that are reached directly, besides the cluster, the VPC and AWS: names, `.example.com` for a domain, or addresses.
   *
   * @default []
   */
  readonly noProxy?: readonly string[];
}

/** How pods reach what lies outside. */
export interface OutboundSpec {
  /**
   * Certificates in PEM of authorities that Retool trusts besides the public ones, such as a company's own.
   *
   * @default - only the public authorities
   */
  readonly certificateAuthorities?: string;

  /**
   * Proxy for connections to the internet.
   *
   * @default - connections are direct
   */
  readonly outboundProxy?: OutboundProxySpec;
}

/** Certificates of authorities, and the ConfigMap that holds them. */
export interface CertificateAuthoritiesPlan {
  /** Name of the ConfigMap; other certificates have another name, so that pods restart. */
  readonly configMap: string;
  /** The certificates in PEM. */
  readonly pem: string;
}

/** Shape of the fields of an {@link OutboundSpec}. */
export const outboundShape = {
  certificateAuthorities: z.string().optional(),
  outboundProxy: z.strictObject({ url: z.string(), noProxy: z.array(z.string()).optional() }).optional(),
};

const NAME = "retool-ca";
const HASHED_LENGTH = NAME.length + 9;

/** Names the ConfigMap of the authorities after its content. */
export function planAuthorities(pem: string | undefined): CertificateAuthoritiesPlan | undefined {
  return pem === undefined ? undefined : { configMap: boundedName(`${NAME}-${pem}`, HASHED_LENGTH), pem };
}

/** Hosts that are never reached through a proxy, in any environment. */
const DIRECT = ["localhost", "127.0.0.1", "169.254.169.254", "169.254.170.23", ".svc", ".cluster.local"];

/**
 * Lists what is reached directly.
 *
 * @param own - Hosts that the configuration names.
 * @param services - Names by which Retool's pods call each other.
 * @param ranges - Address ranges of the VPC and of the cluster's services.
 * @param region - AWS region, whose services have endpoints in the VPC or their own role.
 */
export function noProxyList(
  own: readonly string[],
  services: readonly string[],
  ranges: readonly string[],
  region: string,
): string {
  const aws = [`.${region}.amazonaws.com`, `.${region}.api.aws`];
  return [...new Set([...DIRECT, ...services, ...ranges, ...aws, ...own])].join(",");
}

/** Finds certificates and addresses that cannot be. */
export function outboundViolations(spec: OutboundSpec, root: string): Violation[] {
  const { certificateAuthorities: pem, outboundProxy: proxy } = spec;
  return [
    ...(pem === undefined ? [] : pemViolations(pem, `${root}.certificateAuthorities`)),
    ...(proxy === undefined ? [] : proxyViolations(proxy, `${root}.outboundProxy`)),
  ];
}

function proxyViolations({ url, noProxy = [] }: OutboundProxySpec, path: string): Violation[] {
  return [
    ...proxyUrlViolations(url, `${path}.url`),
    ...noProxy.flatMap((host, index) =>
      /^[A-Za-z0-9._-]+(:\d{1,5})?$|^\d+(\.\d+){3}\/\d{1,2}$/.test(host)
        ? []
        : [
            {
              path: `${path}.noProxy[${index}]`,
              problem: `${quote(host)} is not a host`,
              remedy: 'use a name, ".example.com" for a whole domain, or an address',
            },
          ],
    ),
  ];
}

function proxyUrlViolations(url: string, path: string): Violation[] {
  const wrong = {
    path,
    problem: "is not the address of a proxy",
    remedy: "use one such as http://proxy.example.com:3128",
  };
  if (!URL.canParse(url)) return [wrong];
  const { protocol, hostname, username, password, pathname, search } = new URL(url);
  if (username !== "" || password !== "") {
    return [{ path, problem: "holds credentials", remedy: "use a proxy that identifies its clients by address" }];
  }
  if (!["http:", "https:"].includes(protocol) || pathname !== "/" || search !== "") return [wrong];
  return hostViolations(plainHost(hostname), path).map((violation) => ({ ...violation, remedy: wrong.remedy }));
}
