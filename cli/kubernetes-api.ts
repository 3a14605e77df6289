import { request } from "node:https";
import { text as textOf } from "node:stream/consumers";

import { Failure } from "./failure";
import type { KubernetesAccess } from "./kubeconfig";

/** Source: https://kubernetes.io/docs/reference/using-api/api-concepts/#alternate-representations-of-resources */
const METADATA_ONLY = { Accept: "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1" };

/** No answer from the API server: it is down, or this machine is not in a network that reaches it. */
export class Unreachable extends Failure {}

/** A Kubernetes API server, reached with the credential of a kubeconfig. */
export class KubernetesApi {
  /**
   * @param access - How to reach and log in to the server.
   * @param timeoutMs - Milliseconds without an answer after which a request is given up.
   */
  public constructor(
    private readonly access: KubernetesAccess,
    private readonly timeoutMs = 30_000,
  ) {}

  /** URL of the server. */
  public get server(): string {
    return this.access.server;
  }

  /**
   * Sends one request and returns the parsed answer.
   *
   * @throws {@link Failure} where the server cannot be reached or refuses.
   */
  public async call<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
    const answer = await this.send(method, path, body);
    if (answer.status >= 400) throw refused(`${method} ${path}`, answer);
    return JSON.parse(answer.text) as Answer;
  }

  /**
   * Reads something that is not JSON, such as a log.
   *
   * @throws {@link Failure} where the server cannot be reached or refuses.
   */
  public async read(path: string): Promise<string> {
    const answer = await this.send("GET", path, undefined);
    if (answer.status >= 400) throw refused(`GET ${path}`, answer);
    return answer.text;
  }

  /**
   * Whether there is an object.
   *
   * @throws {@link Failure} where the server cannot be reached or refuses.
   */
  public async has(path: string): Promise<boolean> {
    return (await this.madeAt(path)) !== undefined;
  }

  /**
   * When an object was made, by the server's clock; undefined where there is none. Only its metadata is asked for, so the values of a
   * Secret stay where they are.
   *
   * @throws {@link Failure} where the server cannot be reached or refuses.
   */
  public async madeAt(path: string): Promise<Date | undefined> {
    const { status, text } = await this.send("GET", path, undefined, METADATA_ONLY);
    if (status === 404) return undefined;
    if (status >= 400)
      throw new Failure(`Kubernetes API: GET ${path} was refused (${String(status)}: ${reasonOf(text)})`);
    const { metadata } = JSON.parse(text) as { metadata?: { creationTimestamp?: string } };
    return new Date(metadata?.creationTimestamp ?? 0);
  }

  /** The time by the server's clock. */
  public async now(): Promise<Date> {
    const review = { apiVersion: "authentication.k8s.io/v1", kind: "SelfSubjectReview" };
    const { metadata } = await this.call<{ metadata: { creationTimestamp: string } }>(
      "POST",
      "/apis/authentication.k8s.io/v1/selfsubjectreviews",
      review,
    );
    return new Date(metadata.creationTimestamp);
  }

  private async send(
    method: string,
    path: string,
    body: unknown,
    more: Readonly<Record<string, string>> = {},
  ): Promise<{ status: number; text: string }> {
    const { server, ca, verify, token, cert, key } = this.access;
    const headers = {
      "Content-Type": "application/json",
      ...more,
      ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
    };
    return new Promise((resolve, reject) => {
      const fail = ({ message }: Error): void => {
        reject(
          new Unreachable(
            `Kubernetes API: ${server} cannot be reached (${message}); check that it runs and admits this machine`,
          ),
        );
      };
      const outgoing = request(
        new URL(path, server),
        { method, headers, ca, cert, key, rejectUnauthorized: verify, timeout: this.timeoutMs },
        (answer) => {
          // A server that goes away may do so in the middle of its answer.
          textOf(answer).then((text) => {
            resolve({ status: answer.statusCode ?? 0, text });
          }, fail);
        },
      );
      outgoing.on("timeout", () => outgoing.destroy(new Error(`timed out after ${String(this.timeoutMs / 1000)} s`)));
      outgoing.on("error", fail);
      outgoing.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }
}

function refused(request: string, { status, text }: { readonly status: number; readonly text: string }): Failure {
  return new Failure(
    `Kubernetes API: ${request} was refused (${String(status)}: ${reasonOf(text)})${status === 401 || status === 403 ? "; check the permissions of these credentials" : ""}`,
  );
}

/** What the server says in the `Status` that it answers with; the beginning of anything else. */
function reasonOf(text: string): string {
  try {
    const { message } = JSON.parse(text) as { readonly message?: unknown };
    if (typeof message === "string") return message.slice(0, 1000);
  } catch {
    // A proxy's page, not the server's answer.
  }
  return text.slice(0, 200);
}
