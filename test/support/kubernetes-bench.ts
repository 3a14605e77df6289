import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { HelmProvider } from "@cdktf/provider-helm/lib/provider";
import { type TerraformStack, Testing } from "cdktf";

import { readKubeconfig } from "../../cli/kubeconfig";
import { KubernetesApi } from "../../cli/kubernetes-api";
import { synthesize } from "./synthesize";

/** Kubeconfig of an API server for tests; empty where there is none. */
export const kubeconfig = process.env["RETOOL_TEST_KUBECONFIG"] ?? "";

/** Whether a Kubernetes API server, and Terraform with the Helm provider, are at hand. */
export const hasApiServer = existsSync(kubeconfig) && spawnSync("terraform", ["version"]).status === 0;

if (!hasApiServer) {
  process.stdout.write(
    "tests on a Kubernetes API server are skipped: set RETOOL_TEST_KUBECONFIG to the kubeconfig of one that may be written to, without nodes or with; they need terraform and the helm provider\n",
  );
}

/** `describe` where an API server is at hand, `describe.skip` elsewhere. */
export const describeOnKubernetes: jest.Describe = hasApiServer ? describe : describe.skip;

/** Lines of the manifest of a Deployment that never gets ready on a server without nodes. */
export const TINY_DEPLOYMENT: readonly string[] = [
  "apiVersion: apps/v1",
  "kind: Deployment",
  "metadata: { name: tiny }",
  "spec:",
  "  selector: { matchLabels: { app: tiny } }",
  "  template:",
  "    metadata: { labels: { app: tiny } }",
  "    spec: { containers: [{ name: tiny, image: 'example.invalid/tiny:1' }] }",
];

/** What Terraform said and how it ended; the code is null where it was killed. */
export interface Applied {
  readonly code: number | null;
  readonly output: string;
}

interface List<Item> {
  readonly items: readonly Item[];
}

/** A namespace of the API server, and a Terraform folder with the real Helm provider; both are gone after `close`. */
export class KubernetesBench {
  /** The API server. */
  public readonly api = new KubernetesApi(readKubeconfig(kubeconfig));
  private readonly folder = mkdtempSync(join(tmpdir(), "kubernetes-bench-"));
  private terraform: ChildProcess | undefined;

  private constructor(public readonly namespace: string) {}

  /** Makes its own namespace. */
  public static async open(): Promise<KubernetesBench> {
    const bench = new KubernetesBench(`test-${Math.random().toString(36).slice(2, 10)}`);
    const metadata = { name: bench.namespace };
    await bench.api.call("POST", "/api/v1/namespaces", { apiVersion: "v1", kind: "Namespace", metadata });
    return bench;
  }

  /** Defines the stack that the next command works on. */
  public define(define: (stack: TerraformStack) => void): void {
    let outdir = "";
    const { json } = synthesize((stack) => {
      new HelmProvider(stack, "Helm", { kubernetes: { configPath: kubeconfig } });
      define(stack);
      outdir = Testing.fullSynth(stack);
    });
    writeFileSync(join(this.folder, "main.tf.json"), JSON.stringify(json));
    const assets = join(outdir, "stacks", "test", "assets");
    if (existsSync(assets)) cpSync(assets, join(this.folder, "assets"), { recursive: true });
    rmSync(outdir, { recursive: true });
  }

  /** Applies what is defined. */
  public async apply(): Promise<Applied> {
    const init = await this.run(["init"]);
    return init.code === 0 ? this.run(["apply", "-auto-approve"]) : init;
  }

  /** Whether a plan has no changes. */
  public async isSettled(): Promise<boolean> {
    return (await this.run(["plan", "-detailed-exitcode"])).code === 0;
  }

  /** Applies, and kills Terraform with its providers as soon as a release has a status. */
  public async applyKilledAt(status: string): Promise<Applied> {
    await this.run(["init"]);
    const applying = this.run(["apply", "-auto-approve"]);
    while (!(await this.statuses()).includes(status) && this.terraform?.exitCode === null) await sleep(200);
    if (this.terraform?.exitCode === null) process.kill(-(this.terraform.pid ?? 0), "SIGKILL");
    return applying;
  }

  /** Statuses of Helm's records, oldest revision first. */
  public async statuses(): Promise<string[]> {
    interface Record {
      readonly metadata: { readonly labels: { readonly status: string; readonly version: string } };
    }
    const { items } = await this.list<Record>(`/api/v1/namespaces/${this.namespace}/secrets?labelSelector=owner=helm`);
    return items
      .map(({ metadata }) => metadata.labels)
      .sort((left, right) => Number(left.version) - Number(right.version))
      .map(({ status }) => status);
  }

  /** Objects of the namespace. */
  public async objects<Item>(path: string): Promise<readonly Item[]> {
    return (await this.list<Item>(path.replace("{namespace}", this.namespace))).items;
  }

  /** Destroys everything; a server without a namespace controller is helped to end the namespace. */
  public async close(): Promise<void> {
    await this.run(["destroy", "-auto-approve"]);
    const path = `/api/v1/namespaces/${this.namespace}`;
    await this.api.call("DELETE", path);
    const metadata = { name: this.namespace };
    await this.api
      .call("PUT", `${path}/finalize`, { apiVersion: "v1", kind: "Namespace", metadata, spec: { finalizers: [] } })
      .catch(() => undefined);
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async list<Item>(path: string): Promise<List<Item>> {
    return this.api.call<List<Item>>("GET", path);
  }

  private async run(args: readonly string[]): Promise<Applied> {
    const [command = "", ...rest] = args;
    const terraform = spawn("terraform", [command, "-input=false", "-no-color", ...rest], {
      cwd: this.folder,
      env: { ...process.env, NO_PROXY: "127.0.0.1,localhost" },
      // Its own process group, so that a kill takes the provider as well.
      detached: true,
    });
    this.terraform = terraform;
    let output = "";
    terraform.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
    terraform.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
    const code = await new Promise<number | null>((resolve) => terraform.once("close", resolve));
    return { code, output: output.replaceAll(/[│╷╵]\s*|\s+/g, " ") };
  }
}
