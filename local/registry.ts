import { Agent, type Dispatcher, ProxyAgent, request } from "undici";

import { REGISTRY_HOST, variable } from "./provider-mirrors";

const TIMEOUT_MS = 3000;

/** Where the registry says which of Terraform's protocols it speaks. */
const REGISTRY_URL = `https://${REGISTRY_HOST}/.well-known/terraform.json`;

/**
 * Why the registry cannot be reached; undefined where it can. Goes through the proxy of `HTTPS_PROXY`, as Terraform does.
 *
 * @param url - Discovery document of the registry.
 * @param timeout - Milliseconds after which it counts as out of reach.
 */
export async function whyUnreachable(
  env: NodeJS.ProcessEnv,
  url = REGISTRY_URL,
  timeout = TIMEOUT_MS,
): Promise<string | undefined> {
  const dispatcher = dispatcherFor(new URL(url).hostname, env);
  try {
    const { statusCode, body } = await request(url, { dispatcher, signal: AbortSignal.timeout(timeout) });
    const isRegistry = (await body.text()).includes('"providers.v1"');
    return isRegistry ? undefined : `status ${String(statusCode)}, not the answer of a registry`;
  } catch (error) {
    const { code, name, message } = error as NodeJS.ErrnoException;
    return name === "TimeoutError" ? `no answer within ${String(timeout / 1000)} s` : (code ?? message);
  } finally {
    await dispatcher.destroy();
  }
}

function dispatcherFor(host: string, env: NodeJS.ProcessEnv): Dispatcher {
  const proxy = proxyFor(host, env);
  return proxy === undefined ? new Agent() : new ProxyAgent(proxy);
}

/** The proxy that Terraform uses for a host over TLS; undefined where it connects by itself. */
function proxyFor(host: string, env: NodeJS.ProcessEnv): string | undefined {
  const proxy = variable(env, "HTTPS_PROXY", "https_proxy");
  const exceptions = (variable(env, "NO_PROXY", "no_proxy") ?? "").split(",").map((name) => name.trim());
  const isExcepted = exceptions.some((name) => name === "*" || `.${host}`.endsWith(`.${name.replace(/^\./, "")}`));
  if (proxy === undefined || isExcepted) return undefined;
  return proxy.includes("://") ? proxy : `http://${proxy}`;
}
