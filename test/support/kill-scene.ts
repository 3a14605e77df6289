import { spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { readKubeconfig } from "../../cli/kubeconfig";
import { KubernetesApi } from "../../cli/kubernetes-api";
import { commandFor } from "../../local/command-line";
import type { Emulator } from "../../local/emulator";
import { paths as own } from "../../local/paths";
import {
  CLUSTER_VICTIMS,
  type ClusterVictim,
  isOtherProvider,
  type KillMatrix,
  type Point,
  type Target,
} from "./kill-matrix";
import type { Moment } from "./kills";
import { KubeApiServer } from "./kube-apiserver";
import { type KubeCall, KubeProxy } from "./kube-proxy";
import { kept } from "./local-bench";
import { processesBelow } from "./processes";
import { quicken } from "./quick-copy";
import type { Ran } from "./terraform-bench";
import { workspace } from "./workspace";

/** Milliseconds after which a killed API server is started again. */
const API_BACK_MS = 5000;

/** Milliseconds without a request that writes, after which nothing more is waited for before a kill. */
const QUIET_MS = 6000;

/** Milliseconds for which requests are held at most before a kill. */
const HELD_MS = 40_000;

interface StateResource {
  readonly type: string;
  readonly name: string;
  readonly instances: readonly { readonly status?: string }[];
}

interface State {
  readonly serial: number;
  readonly resources: readonly StateResource[];
}

/** Moments that came together and wait for their kill. */
interface Wave {
  readonly points: Set<Point>;
  readonly victim: Promise<ClusterVictim | undefined>;
}

/** `npm run local` in a copy of the project, with an API server behind a proxy that sees every request and kills at some. */
export class KillScene {
  private wave: Wave | undefined;
  private hasStruck = false;
  private returning = Promise.resolve();
  private driver = 0;
  private lastWrite = 0;
  private matrix: KillMatrix | undefined;
  private proxy: KubeProxy | undefined;

  private constructor(
    private readonly server: KubeApiServer,
    private readonly charts: string,
  ) {}

  /** @param charts - Folder of unpacked charts. */
  public static async open(charts: string): Promise<KillScene> {
    rmSync(join(workspace(), ".local"), { recursive: true, force: true });
    mkdirSync(join(workspace(), ".local"));
    symlinkSync(own.virtualEnvironment, kept(own.virtualEnvironment));
    quicken(workspace());
    const scene = new KillScene(await KubeApiServer.start(), charts);
    scene.proxy = await KubeProxy.start(scene.server.access, async (call, now) => scene.see(call, now));
    writeFileSync(scene.kubeconfig, scene.proxy.kubeconfig);
    return scene;
  }

  /** The command as its user types it first. */
  public command(...more: readonly string[]): string {
    return commandFor({ kubeconfig: this.kubeconfig, charts: this.charts }, ...more).replaceAll("`", "");
  }

  /** Requests of a matrix are killed at from now on; at none where there is no matrix. */
  public strikeAt(matrix: KillMatrix | undefined): void {
    this.matrix = matrix;
  }

  /** Runs a command as a shell reads it. Its script is started without npm, so that its process is known. */
  public async run(command: string): Promise<Ran> {
    [this.wave, this.hasStruck, this.returning] = [undefined, false, Promise.resolve()];
    const script = `exec "${process.execPath}" --import tsx local/main.ts`;
    const child = spawn("bash", ["-c", command.replace(/^npm run local( --)?/, script)], {
      cwd: workspace(),
      env: { ...process.env, NODE_OPTIONS: "" },
    });
    this.driver = child.pid ?? 0;
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
    child.stdin.end();
    // What the command started may hold its output open after a kill.
    const code = await new Promise<number | null>((resolve) => child.once("exit", resolve));
    await this.returning;
    return { code, output };
  }

  /** Goes back to an account that is complete and a cluster that is empty. */
  public async clear(): Promise<void> {
    await this.server.clear();
    const state = this.state();
    const resources = state.resources.filter(({ type }) => !/^(helm|kubernetes)_/.test(type));
    if (resources.length < state.resources.length)
      writeFileSync(kept(own.state), JSON.stringify({ ...state, serial: state.serial + 1, resources }));
    rmSync(kept(own.cluster), { force: true });
  }

  /** Whether a target is in state as it should be; false where the state cannot be read. */
  public inState({ address }: Target): boolean {
    return this.state().resources.some(
      ({ type, name, instances: [instance] }) => `${type}.${name}` === address && instance?.status !== "tainted",
    );
  }

  /** What state and cluster still hold. */
  public async left(): Promise<string[]> {
    interface List {
      readonly items: readonly { readonly metadata: { readonly name: string } }[];
    }
    const api = new KubernetesApi(readKubeconfig(this.kubeconfig));
    const list = async (path: string): Promise<string[]> => {
      const { items } = await api.call<List>("GET", path);
      return items.map(({ metadata }) => `${path}/${metadata.name}`);
    };
    return [
      ...this.state().resources.map(({ type, name }) => `${type}.${name}`),
      ...(await list("/api/v1/namespaces")).filter((path) => !/\/(default|kube-[^/]*)$/.test(path)),
      ...(await list("/api/v1/secrets")),
      ...(await list("/apis/apiextensions.k8s.io/v1/customresourcedefinitions")),
    ];
  }

  /** The releases and the namespaces of the synthesized stack. */
  public targets(): Target[] {
    interface Block {
      readonly name?: string;
      readonly metadata?: { readonly name: string };
    }
    const { resource } = JSON.parse(readFileSync(join(kept(own.stack), "cdk.tf.json"), "utf8")) as {
      resource: Readonly<Record<string, Readonly<Record<string, Block>>>>;
    };
    const kinds = [
      ["helm_release", undefined],
      ["kubernetes_namespace_v1", "namespaces"],
    ] as const;
    return kinds.flatMap(([type, kind]) =>
      Object.entries(resource[type] ?? {}).map(([id, block]) => ({
        address: `${type}.${id}`,
        name: block.name ?? block.metadata?.name ?? "",
        kind,
      })),
    );
  }

  /** Ends everything that was started. */
  public async close(): Promise<void> {
    this.proxy?.stop();
    await this.server.close();
    for (const pid of strays()) process.kill(pid, "SIGKILL");
    if (existsSync(kept(own.emulatorRecord))) {
      const { pid } = JSON.parse(readFileSync(kept(own.emulatorRecord), "utf8")) as Emulator;
      process.kill(pid);
    }
  }

  private get kubeconfig(): string {
    return join(workspace(), ".local", "kubeconfig");
  }

  private state(): State {
    try {
      return JSON.parse(readFileSync(kept(own.state), "utf8")) as State;
    } catch {
      return { serial: 0, resources: [] };
    }
  }

  /** Holds a request at a wanted moment until others can come no more; then a victim is killed at all of them. */
  private async see(call: KubeCall, now: Moment): Promise<void> {
    this.lastWrite = Date.now();
    const point = this.hasStruck ? undefined : this.matrix?.pointOf(call, now);
    // What an earlier run left behind may ask as well.
    if (point === undefined || this.processes("terraform").length === 0) return;
    this.wave ??= { points: new Set(), victim: this.strikeSoon() };
    this.wave.points.add(point);
    const victim = await this.wave.victim;
    if (victim !== undefined && !isOtherProvider(victim, point.target)) throw new Error("one of the two is gone");
  }

  private async strikeSoon(): Promise<ClusterVictim | undefined> {
    const deadline = Date.now() + HELD_MS;
    while (Date.now() < deadline && Date.now() - this.lastWrite < QUIET_MS) await sleep(200);
    const { wave, matrix } = this;
    const there = CLUSTER_VICTIMS.filter((one) => one === "API server" || this.processes(one).length > 0);
    if (wave === undefined || matrix === undefined || !there.includes("terraform")) return undefined;
    const victim = matrix.strike([...wave.points], there);
    this.hasStruck = true;
    this.kill(victim);
    return victim;
  }

  private kill(victim: ClusterVictim): void {
    if (victim !== "API server") {
      for (const pid of this.processes(victim)) process.kill(pid, "SIGKILL");
      return;
    }
    this.server.kill();
    this.returning = sleep(API_BACK_MS).then(() => this.server.restart());
  }

  private processes(victim: Exclude<ClusterVictim, "API server">): readonly number[] {
    if (victim === "driver") return [this.driver];
    const terraform = processesBelow(this.driver, "terraform");
    const providers = processesBelow(this.driver, "terraform-provider");
    if (victim === "terraform") return terraform.filter((pid) => !providers.includes(pid));
    return processesBelow(this.driver, `terraform-provider-${victim.replace(" provider", "")}`);
  }
}

/** Processes that killed commands left in the copy of the project. */
function strays(): number[] {
  return readdirSync("/proc").flatMap((entry) => {
    if (!/^\d+$/.test(entry)) return [];
    try {
      const isOurs = readlinkSync(`/proc/${entry}/cwd`).startsWith(join(workspace(), "cdktf.out"));
      return isOurs ? [Number(entry)] : [];
    } catch {
      return [];
    }
  });
}
