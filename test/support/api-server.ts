import type { IncomingMessage } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";

import { generate } from "selfsigned";

import type { KubernetesAccess } from "../../cli/kubeconfig";

/** A request that the server got. */
export interface Received {
  readonly method: string;
  readonly url: string;
  readonly authorization: string | undefined;
  readonly body: string;
}

interface Answer {
  readonly status?: number;
  readonly json: unknown;
  readonly isCut?: boolean;
}

/** An HTTPS server on loopback that answers as a test says and remembers what it was asked. */
export class ApiServer {
  public readonly received: Received[] = [];

  private constructor(
    private readonly server: Server,
    private readonly certificate: string,
  ) {}

  /**
   * Starts a server.
   *
   * @param answer - Status and JSON for a request, and whether the connection is lost in the middle of it.
   */
  public static async start(answer: (request: Received) => Answer): Promise<ApiServer> {
    const { cert, private: key } = await generate([{ name: "commonName", value: "api" }], {
      keyType: "ec",
      algorithm: "sha256",
      extensions: [
        { name: "basicConstraints", cA: true },
        { name: "subjectAltName", altNames: [{ type: 7, ip: "127.0.0.1" }] },
      ],
    });
    const server = createServer({ cert, key });
    const api = new ApiServer(server, cert);
    server.on("request", (incoming: IncomingMessage, outgoing) => {
      const chunks: Buffer[] = [];
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
      incoming.on("end", () => {
        const request: Received = {
          method: incoming.method ?? "",
          url: incoming.url ?? "",
          authorization: incoming.headers.authorization,
          body: Buffer.concat(chunks).toString("utf8"),
        };
        api.received.push(request);
        const { status = 200, json, isCut = false } = answer(request);
        outgoing.writeHead(status, { "content-type": "application/json" });
        if (isCut) outgoing.write("{", () => outgoing.destroy());
        else outgoing.end(JSON.stringify(json));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return api;
  }

  /** How to reach the server with a token. */
  public get access(): KubernetesAccess {
    const { port } = this.server.address() as AddressInfo;
    return { server: `https://127.0.0.1:${String(port)}`, ca: this.certificate, verify: true, token: "secret-token" };
  }

  /** Stops the server. */
  public stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}
