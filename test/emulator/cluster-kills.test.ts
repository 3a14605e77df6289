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
import { join, relative } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { readKubeconfig } from "../../cli/kubeconfig";
import { KubernetesApi } from "../../cli/kubernetes-api";
import type { Emulator } from "../../local/emulator";
import { paths as own, PROJECT } from "../../local/paths";
import { describeUnless } from "../support/available";
import {
  type ClusterVictim,
  deployPoints,
  destroyPoints,
  type Kill,
  KillMatrix,
  oneForEach,
  type Point,
  type Target,
} from "../support/kill-matrix";
import { KubeApiServer, missingPrograms } from "../support/kube-apiserver";
import { type KubeCall, KubeProxy } from "../support/kube-proxy";
import { processesBelow } from "../support/processes";
import type { Moment } from "../support/kills";
import { MINUTES, type Ran } from "../support/terraform-bench";
import { workspace } from "../support/workspace";

const charts = process.env["RETOOL_CHARTS"] ?? "";
const missing = [
  ...(process.env["RETOOL_KILL_MATRIX"] === "full" ? [] : ["RETOOL_KILL_MATRIX is not full: it takes hours"]),
  ...missingPrograms(),
  ...(existsSync(join(charts, "retool")) ? [] : ["RETOOL_CHARTS is not set to a folder of unpacked charts"]),
];

const kept = (path: string): string => join(workspace(), relative(PROJECT, path));

/** Milliseconds after which a killed API server is started again. */
const API_BACK_MS = 5000;

interface StateResource {
  readonly mode: string;
  readonly type: string;
  readonly name: string;
  readonly instances: readonly { readonly status?: string; readonly attributes: { readonly status?: string } }[];
}

interface State {
  readonly serial: number;
  readonly resources: readonly StateResource[];
}

const stateNow = (): State => JSON.parse(readFileSync(kept(own.state), "utf8")) as State;
const isInCluster = ({ type }: { readonly type: string }): boolean => /^(helm|kubernetes)_/.test(type);

/** `npm run local` in a copy of the project, with an API server behind a proxy. */
class Scene {
  private readonly runs: Ran[] = [];
  private killed: Kill | undefined;
  private returning: Promise<void> | undefined;
  private driver = 0;
  private matrix = new KillMatrix([]);
  private proxy: KubeProxy | undefined;

  private constructor(public readonly server: KubeApiServer) {}

  public static async open(): Promise<Scene> {
    mkdirSync(join(workspace(), ".local"));
    symlinkSync(own.virtualEnvironment, kept(own.virtualEnvironment));
    const scene = new Scene(await KubeApiServer.start());
    scene.proxy = await KubeProxy.start(scene.server.access, (call, now) => {
      scene.see(call, now);
    });
    writeFileSync(scene.kubeconfig, scene.proxy.kubeconfig);
    return scene;
  }

  public get kubeconfig(): string {
    return join(workspace(), ".local", "kubeconfig");
  }

  public get api(): KubernetesApi {
    return new KubernetesApi(readKubeconfig(this.kubeconfig));
  }

  /** Runs the command to its end without a kill. */
  public async run(...more: readonly string[]): Promise<Ran> {
    const args = ["--import", "tsx", "local/main.ts", "--kubeconfig", this.kubeconfig, "--charts", charts, ...more];
    const child = spawn(process.execPath, args, { cwd: workspace(), env: { ...process.env, NODE_OPTIONS: "" } });
    this.driver = child.pid ?? 0;
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
    child.stdin.end();
    // What the command started may hold its output open after a kill.
    const code = await new Promise<number | null>((resolve) => child.once("exit", resolve));
    await this.returning;
    const ran = { code, output };
    this.runs.push(ran);
    return ran;
  }

  /** Runs the command again and again, killed once a run, until it ends well. */
  public async runKilled(matrix: KillMatrix, isWell: (target: Target) => boolean, ...more: string[]): Promise<void> {
    this.matrix = matrix;
    for (;;) {
      this.killed = undefined;
      this.returning = undefined;
      const started = Date.now();
      const ran = await this.run(...more);
      matrix.ran(ran.code === 0, isWell);
      this.report(ran, Date.now() - started);
      if (ran.code === 0) break;
      if (matrix.kills.some(({ isOver, repeats }) => !isOver && repeats > 3)) {
        throw new Error(`${matrix.table()}\n${ran.output}`);
      }
    }
    this.matrix = new KillMatrix([]);
  }

  /** Goes back to an account that is complete and a cluster that is empty. */
  public async clear(): Promise<void> {
    await this.server.clear();
    const state = stateNow();
    const resources = state.resources.filter((one) => !isInCluster(one));
    writeFileSync(kept(own.state), JSON.stringify({ ...state, serial: state.serial + 1, resources }));
    rmSync(kept(own.cluster), { force: true });
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

  private see(call: KubeCall, now: Moment): void {
    if (this.killed !== undefined) return;
    this.killed = this.matrix.strike(
      call,
      now,
      (victim) => victim === "API server" || this.processes(victim).length > 0,
    );
    if (this.killed === undefined) return;
    this.kill(this.killed.victim);
    throw new Error("one of the two is gone");
  }

  private kill(victim: ClusterVictim): void {
    if (victim !== "API server") {
      for (const pid of this.processes(victim)) process.kill(pid, "SIGKILL");
      return;
    }
    this.server.kill();
    this.returning = sleep(API_BACK_MS)
      .then(() => this.server.restart())
      .then(() => {
        // A run that gets over it meets its next kill.
        this.killed = undefined;
      });
  }

  private processes(victim: Exclude<ClusterVictim, "API server">): readonly number[] {
    if (victim === "driver") return [this.driver];
    const terraform = processesBelow(this.driver, "terraform");
    const providers = processesBelow(this.driver, "terraform-provider");
    if (victim === "terraform") return terraform.filter((pid) => !providers.includes(pid));
    return processesBelow(this.driver, `terraform-provider-${victim.replace(" provider", "")}`);
  }

  private report({ code, output }: Ran, milliseconds: number): void {
    const lines = output.split("\n").filter((line) => line !== "" && !/^(…|[│┌├└])/.test(line));
    process.stdout.write(
      [
        `--- exit code ${String(code)} after ${String(Math.round(milliseconds / 1000))} s`,
        ...(code === 0 ? lines.filter((line) => /^(✔|  )/.test(line)).slice(0, 12) : lines),
        this.matrix.table(),
        "",
      ].join("\n"),
    );
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

/** The releases and the namespaces of the synthesized stack. */
function targets(): Target[] {
  interface Block {
    readonly name?: string;
    readonly metadata?: { readonly name: string };
  }
  const file = join(kept(own.stack), "cdk.tf.json");
  const { resource } = JSON.parse(readFileSync(file, "utf8")) as {
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

const inState = ({ address }: Target): boolean =>
  stateNow().resources.some(
    ({ type, name, instances: [instance] }) => `${type}.${name}` === address && instance?.status !== "tainted",
  );

describeUnless(missing)("npm run local with a cluster, killed", () => {
  let scene: Scene;
  beforeAll(async () => (scene = await Scene.open()), 2 * MINUTES);
  afterAll(async () => scene.close(), MINUTES);

  test(
    "deploys once without a kill",
    async () => {
      const { code, output } = await scene.run();
      expect(code === 0 ? "" : output).toBe("");
    },
    30 * MINUTES,
  );

  test(
    "before, in and after each release and namespace: one or two repeats end in an empty plan",
    async () => {
      const rows: Kill[] = [];
      const all = deployPoints(targets());
      for (let left: readonly Point[] = all, round = 0; left.length > 0; round += 1) {
        await scene.clear();
        const matrix = new KillMatrix(oneForEach(left, round), rows.length);
        await scene.runKilled(matrix, inState);
        expect(matrix.kills.length).toBeGreaterThan(0);
        rows.push(...matrix.kills);
        left = left.filter((one) => !rows.some(({ point }) => point === one));
      }

      expect(rows).toHaveLength(all.length);
      expect(rows.filter(({ repeats, isOver }) => !isOver || repeats > 2)).toEqual([]);
    },
    300 * MINUTES,
  );

  test(
    "before, in and after the end of each release and namespace: a repeat ends with nothing left",
    async () => {
      const matrix = new KillMatrix(oneForEach(destroyPoints(targets()), 0));
      await scene.runKilled(matrix, (target) => !inState(target), "--destroy");
      const { items } = await scene.api.call<{ items: { metadata: { name: string } }[] }>("GET", "/api/v1/namespaces");

      expect(matrix.kills.filter(({ repeats }) => repeats > 2)).toEqual([]);
      expect(stateNow().resources).toEqual([]);
      expect(items.map(({ metadata }) => metadata.name).filter((name) => !/^(default|kube-.*)$/.test(name))).toEqual(
        [],
      );
    },
    120 * MINUTES,
  );
});
