import { randomUUID } from "node:crypto";
import { createServer, request as send, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** A request to an AWS service, read far enough to know what it does. */
export interface AwsCall {
  /** Name of the operation, such as `CreateDBInstance`; empty where the protocol names none. */
  readonly operation: string;
  /** Method and path, which say what it does where the protocol names no operation. */
  readonly request: string;
  /** What the client says that it is. */
  readonly agent: string;
  /** What the client gives a call and all its repeats; empty where it gives nothing. */
  readonly invocation: string;
  /** Parameters of a query protocol, or the JSON document. */
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** Called with every request: before the emulator sees it, and before Terraform sees the answer. Both wait until it has ended. */
export type Listener = (call: AwsCall, moment: "asked" | "answered") => Promise<void>;

/** A plain HTTP proxy on loopback in front of the emulator, through which a test sees what Terraform asks of AWS. */
export class AwsProxy {
  /** Whether the emulator is kept from knowing a repeated request, and so carries it out again, as much of AWS does. */
  public hidesRepeats = false;
  private readonly server: Server;

  public constructor(
    private readonly emulatorPort: number,
    private readonly listener: Listener,
  ) {
    this.server = createServer((incoming, outgoing) => {
      void this.forward(incoming)
        .then(({ status, headers, body }) => outgoing.writeHead(status, headers).end(body))
        // Terraform may be gone by now: that is what these tests are about.
        .catch(() => outgoing.destroy());
    });
  }

  /** Starts listening on a free port, and gives its URL. */
  public async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Stops listening. */
  public stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private async forward(incoming: IncomingMessage): Promise<Answer> {
    const body = await read(incoming);
    const call = describeCall(incoming, body.toString());
    await this.listener(call, "asked");
    const answer = await this.ask(incoming, body);
    await this.listener(call, "answered");
    return answer;
  }

  private async ask({ method, url, headers: sent }: IncomingMessage, body: Buffer): Promise<Answer> {
    const headers = { ...sent, ...(this.hidesRepeats && { "amz-sdk-invocation-id": randomUUID() }) };
    return new Promise((resolve, reject) => {
      const options = { host: "127.0.0.1", port: this.emulatorPort, method, path: url, headers };
      const outgoing = send(options, (response) => {
        read(response).then(
          (answer) => resolve({ status: response.statusCode ?? 502, headers: response.headers, body: answer }),
          reject,
        );
      });
      outgoing.on("error", reject).end(body);
    });
  }
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
}

function describeCall({ headers, method, url }: IncomingMessage, body: string): AwsCall {
  const request = `${method ?? ""} ${(url ?? "").replace(/\?.*$/, "")}`;
  const agent = headers["user-agent"] ?? "";
  const invocation = String(headers["amz-sdk-invocation-id"] ?? "");
  const target = headers["x-amz-target"];
  if (typeof target === "string") {
    const parameters = JSON.parse(body) as AwsCall["parameters"];
    return { operation: target.split(".").at(-1) ?? "", request, agent, invocation, parameters };
  }
  const parameters = Object.fromEntries(new URLSearchParams(body));
  return { operation: parameters["Action"] ?? "", request, agent, invocation, parameters };
}

async function read(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
