import type { Violation } from "./violation";

const HOST = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/;

/** Finds what is no host name or address. */
export function hostViolations(host: string, path: string): Violation[] {
  if (HOST.test(host)) return [];
  return [
    {
      path,
      problem: `"${host}" is not a host name or an address`,
      remedy: "use only the name, without a scheme, a port or a path, such as temporal.internal.example.com",
    },
  ];
}

/** Where a server is: in the cluster, at an address, or behind a name. */
export type ServerDestination =
  | { readonly kind: "host"; readonly host: string }
  | { readonly kind: "range"; readonly cidr: string }
  | { readonly kind: "namespace"; readonly namespace: string; readonly host: string };

const IN_CLUSTER = /^[a-z0-9-]+\.([a-z0-9-]+)\.svc(\.cluster\.local)?$/;
const IPV4_ADDRESS = /^\d{1,3}(\.\d{1,3}){3}$/;

/** Where a server is: in the cluster, at an address, or behind a name. */
export function ownDestination(host: string): ServerDestination {
  const namespace = IN_CLUSTER.exec(host)?.[1];
  if (namespace !== undefined) return { kind: "namespace", namespace, host };
  return IPV4_ADDRESS.test(host) ? { kind: "range", cidr: `${host}/32` } : { kind: "host", host };
}
