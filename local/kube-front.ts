import { existsSync, readFileSync } from "node:fs";
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import { createServer, request, type Server } from "node:https";
import type { AddressInfo } from "node:net";

import { generate } from "selfsigned";

import { Failure } from "../cli/failure";
import type { KubernetesAccess } from "../cli/kubeconfig";
import { paths } from "./paths";
import { writeWhole } from "./whole-file";

const LOOPBACK = "127.0.0.1";
const TOKEN_PREFIX = "k8s-aws-v1.";

/** What must stay the same between runs, because the emulated cluster reports it. */
interface Identity {
  readonly port: number;
  readonly certificate: string;
  readonly key: string;
}

/**
 * A TLS front on loopback that stands for the EKS endpoint of the emulated cluster.
 *
 * It accepts the token of `aws eks get-token` as EKS does and forwards every request with the kubeconfig's own credential,
 * so the stack and its authentication are the ones of a real account.
 */
export class KubeFront {
  private constructor(
    private readonly server: Server,
    private readonly identity: Identity,
  ) {}

  /** Starts the front, at the address and with the certificate of an earlier run where there was one. */
  public static async start(access: KubernetesAccess): Promise<KubeFront> {
    const known = existsSync(paths.kubeFront)
      ? (JSON.parse(readFileSync(paths.kubeFront, "utf8")) as Identity)
      : undefined;
    const certified = known ?? { ...(await certify()), port: 0 };
    const server = createServer({ cert: certified.certificate, key: certified.key }, (incoming, outgoing) => {
      forward(access, incoming, outgoing);
    });
    const identity = { ...certified, port: await listen(server, certified.port) };
    writeWhole(paths.kubeFront, JSON.stringify(identity));
    return new KubeFront(server, identity);
  }

  /** Variables that make the emulator report this front as the endpoint of its clusters. */
  public emulatorVariables(): NodeJS.ProcessEnv {
    return {
      MOTO_EKS_ENDPOINT: `https://${LOOPBACK}:${String(this.identity.port)}`,
      MOTO_EKS_CA_DATA: Buffer.from(this.identity.certificate).toString("base64"),
    };
  }

  /** Stops listening and drops open connections. */
  public stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}

async function certify(): Promise<{ certificate: string; key: string }> {
  const { cert, private: key } = await generate([{ name: "commonName", value: "kube-front" }], {
    keyType: "ec",
    curve: "P-256",
    algorithm: "sha256",
    extensions: [
      { name: "basicConstraints", cA: true },
      { name: "subjectAltName", altNames: [{ type: 7, ip: LOOPBACK }] },
    ],
  });
  return { certificate: cert, key };
}

async function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", () => {
      reject(
        new Failure(
          `kube-front: port ${String(port)} on ${LOOPBACK} is in use; stop the program that uses it, or run with --destroy`,
        ),
      );
    });
    server.listen(port, LOOPBACK, () => {
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function forward(access: KubernetesAccess, incoming: IncomingMessage, outgoing: ServerResponse): void {
  if (!isClusterToken(incoming.headers.authorization)) {
    outgoing.writeHead(401).end("the token is not one of aws eks get-token");
    return;
  }
  const headers = { ...incoming.headers, host: undefined, authorization: access.token && `Bearer ${access.token}` };
  const upstream = request(
    new URL(incoming.url ?? "/", access.server),
    {
      method: incoming.method,
      headers: withoutUndefined(headers),
      ca: access.ca,
      cert: access.cert,
      key: access.key,
      rejectUnauthorized: access.verify,
    },
    (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      // A server that goes away in the middle of its answer must not keep the client waiting for the rest.
      answer.on("error", () => outgoing.destroy()).pipe(outgoing);
    },
  );
  upstream.on("error", (error) => {
    if (!outgoing.headersSent) outgoing.writeHead(502);
    outgoing.end(error.message);
  });
  outgoing.on("close", () => upstream.destroy());
  incoming.pipe(upstream);
}

function withoutUndefined(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined));
}

/** Whether a token is a presigned GetCallerIdentity URL that is bound to a cluster, as EKS requires. */
function isClusterToken(authorization: string | undefined): boolean {
  const token = authorization?.replace(/^Bearer /, "") ?? "";
  if (!token.startsWith(TOKEN_PREFIX)) return false;
  const url = Buffer.from(token.slice(TOKEN_PREFIX.length), "base64url").toString("utf8");
  if (!URL.canParse(url)) return false;
  const query = new URL(url).searchParams;
  const signed = query.get("X-Amz-SignedHeaders")?.split(";") ?? [];
  return query.get("Action") === "GetCallerIdentity" && signed.includes("x-k8s-aws-id");
}
