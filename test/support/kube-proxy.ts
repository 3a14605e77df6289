import type { IncomingMessage, OutgoingHttpHeaders } from "node:http";
import { createServer, request as send, type Server } from "node:https";
import type { AddressInfo } from "node:net";

import { generate } from "selfsigned";
import { stringify } from "yaml";

import type { KubernetesAccess } from "../../cli/kubeconfig";
import type { Moment } from "./kills";

/** A request to the Kubernetes API, read far enough to know what it does. */
export interface KubeCall {
  /** Method and path, without the query, such as `POST /api/v1/namespaces`. */
  readonly request: string;
  /** Body, as text; names in it can be read in JSON and in protobuf. */
  readonly body: string;
}

/** An HTTPS proxy on loopback in front of an API server, through which a test sees what Helm, Terraform and a driver ask of it. */
export class KubeProxy {
  private constructor(
    private readonly server: Server,
    private readonly certificate: string,
  ) {}

  /**
   * Starts a proxy.
   *
   * @param access - The API server and the credential of its administrator, with which every request is passed on.
   * @param listener - Called before the server sees a request that writes, and before the client sees the answer; both wait for it, and
   * an error drops the connection.
   */
  public static async start(
    access: KubernetesAccess,
    listener: (call: KubeCall, moment: Moment) => Promise<void>,
  ): Promise<KubeProxy> {
    const { cert, private: key } = await generate([{ name: "commonName", value: "kube-proxy" }], {
      keyType: "ec",
      algorithm: "sha256",
      extensions: [
        { name: "basicConstraints", cA: true },
        { name: "subjectAltName", altNames: [{ type: 7, ip: "127.0.0.1" }] },
      ],
    });
    const server = createServer({ cert, key }, (incoming, outgoing) => {
      forward(access, incoming, listener)
        .then((response) => {
          outgoing.writeHead(response.statusCode ?? 502, response.headers);
          outgoing.on("close", () => response.destroy());
          response.on("error", () => outgoing.destroy()).pipe(outgoing);
        })
        // One of the two ends is gone by now: that is what these tests are about.
        .catch(() => outgoing.destroy());
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return new KubeProxy(server, cert);
  }

  /** A kubeconfig that leads to the API server through this proxy. */
  public get kubeconfig(): string {
    const { port } = this.server.address() as AddressInfo;
    return stringify({
      apiVersion: "v1",
      kind: "Config",
      "current-context": "proxy",
      contexts: [{ name: "proxy", context: { cluster: "proxy", user: "proxy" } }],
      users: [{ name: "proxy", user: { token: "passed-on" } }],
      clusters: [
        {
          name: "proxy",
          cluster: {
            server: `https://127.0.0.1:${port}`,
            "certificate-authority-data": Buffer.from(this.certificate).toString("base64"),
          },
        },
      ],
    });
  }

  /** Stops listening. */
  public stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}

async function forward(
  access: KubernetesAccess,
  incoming: IncomingMessage,
  listener: (call: KubeCall, moment: Moment) => Promise<void>,
): Promise<IncomingMessage> {
  const { method = "GET", url = "/" } = incoming;
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  const call = { request: `${method} ${url.replace(/\?.*$/, "")}`, body: body.toString("latin1") };
  const tell = async (moment: Moment): Promise<void> => {
    if (method !== "GET") await listener(call, moment);
  };
  await tell("asked");
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const { server, ca, cert, key, verify, token } = access;
    const headers: OutgoingHttpHeaders = { ...incoming.headers, host: new URL(server).host };
    delete headers.authorization;
    if (token !== undefined) headers.authorization = `Bearer ${token}`;
    send(new URL(url, server), { method, headers, ca, cert, key, rejectUnauthorized: verify }, resolve)
      .on("error", reject)
      .end(body);
  });
  await tell("answered");
  return response;
}
