import { type ChildProcess, spawn } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import type { KubernetesAccess } from "../../cli/kubeconfig";
import { KubernetesApi } from "../../cli/kubernetes-api";

const TOKEN = "kill-matrix";

/** Folder with the programs `etcd` and `kube-apiserver`. */
export const KUBERNETES_BINARIES = process.env["RETOOL_KUBERNETES_BINARIES"] ?? "";

/** Which of the programs of an API server are missing. */
export function missingPrograms(folder = KUBERNETES_BINARIES): string[] {
  if (folder === "") return ["RETOOL_KUBERNETES_BINARIES is not set to a folder with etcd and kube-apiserver"];
  return ["etcd", "kube-apiserver"].filter((name) => !existsSync(join(folder, name))).map((name) => `no ${name} there`);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A kube-apiserver with its etcd on loopback, without controllers and nodes, that can be killed and started again on the same data. */
export class KubeApiServer {
  private readonly folder = mkdtempSync(join(tmpdir(), "kube-apiserver-"));
  private etcd: ChildProcess | undefined;
  private server: ChildProcess | undefined;

  private constructor(
    private readonly port: number,
    private readonly etcdPort: number,
    private readonly peerPort: number,
  ) {}

  /** Starts both programs. */
  public static async start(): Promise<KubeApiServer> {
    const api = new KubeApiServer(await freePort(), await freePort(), await freePort());
    const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    writeFileSync(api.path("key.pem"), privateKey.export({ type: "sec1", format: "pem" }));
    writeFileSync(api.path("tokens.csv"), `${TOKEN},admin,admin,"system:masters"\n`);
    api.startEtcd();
    await api.restart();
    return api;
  }

  /** How to reach the server. */
  public get access(): KubernetesAccess {
    return { server: `https://127.0.0.1:${this.port}`, verify: false, token: TOKEN };
  }

  /** Kills the server; its data stay. */
  public kill(): void {
    this.server?.kill("SIGKILL");
  }

  /** Starts the server, unless it runs, and waits until it answers. */
  public async restart(): Promise<void> {
    if (this.server === undefined || hasEnded(this.server)) this.startServer();
    const api = new KubernetesApi(this.access, 2000);
    for (let left = 240; left > 0; left -= 1) {
      const answer = await api.read("/readyz").catch(() => "");
      if (answer === "ok") return;
      await sleep(250);
    }
    throw new Error("kube-apiserver does not become ready");
  }

  /** Forgets everything that was ever written. */
  public async clear(): Promise<void> {
    await ended(this.server);
    await ended(this.etcd);
    rmSync(this.path("data"), { recursive: true, force: true });
    this.startEtcd();
    await this.restart();
  }

  /** Ends both programs and deletes their data. */
  public async close(): Promise<void> {
    await ended(this.server);
    await ended(this.etcd);
    rmSync(this.folder, { recursive: true, force: true });
  }

  private path(name: string): string {
    return join(this.folder, name);
  }

  private startEtcd(): void {
    const client = `http://127.0.0.1:${this.etcdPort}`;
    const peer = `http://127.0.0.1:${this.peerPort}`;
    this.etcd = launch("etcd", this.folder, {
      "data-dir": this.path("data"),
      "listen-client-urls": client,
      "advertise-client-urls": client,
      "listen-peer-urls": peer,
      "initial-advertise-peer-urls": peer,
      "initial-cluster": `default=${peer}`,
    });
  }

  private startServer(): void {
    this.server = launch("kube-apiserver", this.folder, {
      "etcd-servers": `http://127.0.0.1:${this.etcdPort}`,
      "bind-address": "127.0.0.1",
      "advertise-address": "127.0.0.1",
      "secure-port": String(this.port),
      "cert-dir": this.path("certificates"),
      "token-auth-file": this.path("tokens.csv"),
      "authorization-mode": "RBAC",
      "allow-privileged": "true",
      "endpoint-reconciler-type": "none",
      "service-cluster-ip-range": "10.96.0.0/16",
      "service-account-issuer": "https://kubernetes.default.svc",
      "service-account-key-file": this.path("key.pem"),
      "service-account-signing-key-file": this.path("key.pem"),
      "disable-admission-plugins": "ServiceAccount",
    });
  }
}

function launch(program: string, folder: string, flags: Readonly<Record<string, string>>): ChildProcess {
  const args = Object.entries(flags).map(([name, value]) => `--${name}=${value}`);
  return spawn(join(KUBERNETES_BINARIES, program), args, { cwd: folder, stdio: "ignore" });
}

function hasEnded(program: ChildProcess): boolean {
  return program.exitCode !== null || program.signalCode !== null;
}

async function ended(program: ChildProcess | undefined): Promise<void> {
  if (program === undefined || hasEnded(program)) return;
  await new Promise((resolve) => program.once("exit", resolve).kill("SIGKILL"));
}
