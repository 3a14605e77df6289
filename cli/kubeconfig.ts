import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";

import { parse } from "yaml";

import { Failure } from "./failure";

/** How to reach and log in to a Kubernetes API server. */
export interface KubernetesAccess {
  /** URL of the server. */
  readonly server: string;
  /** Certificate authority in PEM; left out where the server's certificate is not checked. */
  readonly ca?: string;
  /** Whether the server's certificate is checked. */
  readonly verify: boolean;
  /** Bearer token. */
  readonly token?: string;
  /** Client certificate in PEM. */
  readonly cert?: string;
  /** Key of the client certificate in PEM. */
  readonly key?: string;
}

type Fields = Readonly<Record<string, string | boolean | undefined>>;
interface Entry {
  readonly name: string;
  readonly context?: Fields;
  readonly cluster?: Fields;
  readonly user?: Fields;
}
interface Kubeconfig {
  readonly "current-context"?: string;
  readonly contexts?: readonly Entry[];
  readonly clusters?: readonly Entry[];
  readonly users?: readonly Entry[];
}

/**
 * Reads the current context of a kubeconfig.
 *
 * @throws {@link Failure} where it cannot be read, is incomplete, or logs in through a plugin.
 */
export function readKubeconfig(file: string): KubernetesAccess {
  const { cluster, user } = currentContext(file);
  const access: KubernetesAccess = {
    server: String(cluster["server"]),
    ca: material(file, cluster, "certificate-authority"),
    verify: cluster["insecure-skip-tls-verify"] !== true,
    token: typeof user["token"] === "string" ? user["token"] : undefined,
    cert: material(file, user, "client-certificate"),
    key: material(file, user, "client-key"),
  };
  if (access.token === undefined && access.cert === undefined) {
    throw new Failure(
      `--kubeconfig: ${file} has neither a token nor a client certificate; use a kubeconfig that has one`,
    );
  }
  return access;
}

function currentContext(file: string): { cluster: Fields; user: Fields } {
  const config = parseFile(file);
  const context = named(config.contexts, config["current-context"]);
  const cluster = named(config.clusters, context?.["cluster"]);
  const user = named(config.users, context?.["user"]);
  if (typeof cluster?.["server"] === "string" && user !== undefined) return { cluster, user };
  throw new Failure(`--kubeconfig: ${file} has no usable current context; set one with kubectl config use-context`);
}

/** The content of the entry of a name: a kubeconfig wraps each as `{ name, context }`, `{ name, cluster }`, `{ name, user }`. */
function named(entries: readonly Entry[] | undefined, name: string | boolean | undefined): Fields | undefined {
  const found = entries?.find((entry) => entry.name === name);
  return found?.context ?? found?.cluster ?? found?.user;
}

function parseFile(file: string): Kubeconfig {
  try {
    return (parse(readFileSync(file, "utf8")) ?? {}) as Kubeconfig;
  } catch (error) {
    const detail = error instanceof Error ? error.message.split("\n")[0] : String(error);
    throw new Failure(`--kubeconfig: ${file} cannot be read (${detail ?? "unknown"}); use a kubeconfig in YAML`);
  }
}

/** PEM material that a kubeconfig holds inline in base64 or in a file next to it. */
function material(file: string, fields: Fields, name: string): string | undefined {
  const inline = fields[`${name}-data`];
  if (typeof inline === "string") return Buffer.from(inline, "base64").toString("utf8");
  const path = fields[name];
  return typeof path === "string" ? readFileSync(resolve(dirname(file), path), "utf8") : undefined;
}
