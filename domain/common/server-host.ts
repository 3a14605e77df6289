import type { Violation } from "./violation";

const HOST = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/;

/** Finds what is no host name or address. */
export function hostViolations(host: string, path: string): Violation[] {
  if (HOST.test(host)) return [];
  return [
    {
      path,
      problem: `"${host}" is not a host name or an address`,
      remedy: "use the name alone, without a scheme, a port or a path, such as temporal.internal.example.com",
    },
  ];
}
