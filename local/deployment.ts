import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { clearInterval, setInterval } from "node:timers";

import { planWholeDestroy } from "../cli/destroy-guard";
import { Failure } from "../cli/failure";
import { helmReleases, recordedReleases, removeRecords, stuckReleases } from "../cli/helm-records";
import { readKubeconfig } from "../cli/kubeconfig";
import { KubernetesApi } from "../cli/kubernetes-api";
import { run } from "../cli/process";
import { type Progress, Terraform } from "../cli/terraform";
import { local } from "../config/local";
import { prepareAccount } from "./account";
import { emulatorEnvironment } from "./aws-environment";
import { assertSameCluster, forgetCluster, recordCluster, recordedCluster } from "./cluster-record";
import {
  AWS_CLI,
  type Emulator,
  endpointOf,
  findEmulator,
  prepareEmulator,
  startEmulator,
  stopEmulator,
} from "./emulator";
import { adoptInterrupted, noteApplying, takeObjects, takeReleases, isApplyUnfinished } from "./interrupted";
import { keepCopy, mendState, retireState } from "./kept-state";
import { endingNamespaces, untilEnded } from "./ending-namespaces";
import { KubeFront } from "./kube-front";
import { takeDownLeftovers } from "./leftovers";
import { chartsWithoutNodes, finalizeNamespaces, hasNodes } from "./nodeless";
import { contextVariables, type RunOverrides } from "./overrides";
import { KEPT, paths, PROJECT } from "./paths";

/** What the user asked for on the command line. */
export interface LocalOptions {
  /** Kubeconfig of a cluster that gets the Kubernetes half. */
  readonly kubeconfig?: string;
  /** Folder that charts are installed from. */
  readonly charts?: string;
  /** Folder of a provider mirror. */
  readonly providers?: string;
  /** Port of the emulator on loopback; 0 takes a free one. */
  readonly port: number;
}

/** Milliseconds between two copies of the state while Terraform changes it. */
const COPY_EVERY_MS = 5000;

/** The deployment of the stack `local` onto the emulator, step by step. */
export class LocalDeployment {
  private emulator: Emulator | undefined;
  private front: KubeFront | undefined;
  private api: KubernetesApi | undefined;
  private overrides: RunOverrides = { workloads: "render" };

  /**
   * @param options - What the user asked for.
   * @param say - Called with remarks.
   */
  public constructor(
    private readonly options: LocalOptions,
    private readonly say: (text: string) => void,
  ) {}

  /** Whether an earlier run left an emulator with resources in it. */
  public async isResumable(): Promise<boolean> {
    return (await findEmulator()) !== undefined && existsSync(paths.state);
  }

  /** Whether the emulator of this run has ended, and everything in it with it. */
  public async hasLostEmulator(): Promise<boolean> {
    return this.emulator !== undefined && (await findEmulator()) === undefined;
  }

  /** Whether things of an earlier run are in a cluster although its emulator is gone. */
  public async hasLeftovers(): Promise<boolean> {
    return recordedCluster() !== undefined && (await findEmulator()) === undefined && existsSync(paths.state);
  }

  /** Puts aside what is known of an emulator that ended without being stopped; whether there was one with a deployment in it. */
  public async forgetDeadEmulator(): Promise<boolean> {
    const isDead = existsSync(paths.emulatorRecord) && (await findEmulator()) === undefined;
    const hasState = existsSync(paths.state);
    if (!isDead) return false;
    this.forgetState();
    rmSync(paths.emulatorRecord);
    return hasState;
  }

  /** Whether the Kubernetes half goes into a cluster. */
  public get hasCluster(): boolean {
    return this.api !== undefined;
  }

  /** Looks at the cluster that the Kubernetes half goes to. */
  public async connect(): Promise<string> {
    const { kubeconfig, charts } = this.options;
    const access = kubeconfig === undefined ? undefined : readKubeconfig(kubeconfig);
    assertSameCluster(recordedCluster(), access?.server);
    if (access === undefined) return "no kubeconfig: Helm values and manifests are written as files";
    this.api = new KubernetesApi(access);
    const nodes = await hasNodes(this.api);
    this.overrides = {
      workloads: nodes ? "deploy" : "deploy-without-nodes",
      chartsDirectory: nodes || charts === undefined ? charts : chartsWithoutNodes(charts),
    };
    mkdirSync(KEPT, { recursive: true });
    this.front = await KubeFront.start(access);
    return nodes ? access.server : `${access.server}, an API server without nodes`;
  }

  /** Installs what the emulator needs, once. */
  public async prepare(): Promise<void> {
    await prepareEmulator(this.front === undefined && !isApplyUnfinished() ? [] : [AWS_CLI]);
  }

  /** Takes down what an earlier run, whose emulator is gone, left in the cluster. */
  public async clear(onProgress: (progress: Progress) => void): Promise<void> {
    const { api, options, say } = this;
    if (api === undefined || options.kubeconfig === undefined) return;
    const note = mendState(paths.state);
    if (note !== undefined) say(note);
    const env = emulatorEnvironment("http://127.0.0.1", local.region);
    const since = recordedCluster()?.since;
    await this.whileChanging(() =>
      takeDownLeftovers({ kubeconfig: options.kubeconfig ?? "", api, since, env, say, onProgress }),
    );
    forgetCluster();
  }

  /** Starts the emulator, or takes up the one an earlier run left. */
  public async start(): Promise<string> {
    const { kept, note } = await this.takeUp();
    this.emulator = kept ?? (await startEmulator(this.options.port, this.front?.emulatorVariables() ?? {}));
    await prepareAccount(this.endpoint, {
      region: local.region,
      zoneName: local.domain.split(".").slice(1).join("."),
      licenseSecret: local.license,
      sandboxKeysSecret: local.secrets.sandboxKeys.name,
    });
    return [this.endpoint, ...note].join(", ");
  }

  /** Takes up an earlier run's emulator with its state, or puts the state aside; without a cluster nothing real is lost. */
  private async takeUp(): Promise<{ readonly kept?: Emulator; readonly note: readonly string[] }> {
    const kept = await findEmulator();
    if (kept === undefined) {
      this.forgetState();
      return { note: [] };
    }
    try {
      return { kept, note: ["left by an earlier run", mendState(paths.state)].filter((text) => text !== undefined) };
    } catch (error) {
      if (recordedCluster() !== undefined) throw error;
      await stopEmulator(kept);
      this.forgetState();
      return { note: ["started from nothing, because neither Terraform's state nor a copy of it could be read"] };
    }
  }

  private forgetState(): void {
    retireState(paths.state);
    noteApplying(false);
  }

  /** Synthesizes every environment with the real cdktf. */
  public async synthesize(): Promise<void> {
    const cdktf = join(PROJECT, "node_modules", ".bin", "cdktf");
    const env = { ...this.environment(), ...contextVariables(local.name, this.overrides) };
    const result = await run(cdktf, ["synth"], { cwd: PROJECT, env });
    if (result.code !== 0) throw new Failure(`cdktf synth: ${result.stderr || result.stdout}`);
  }

  /** Installs the providers. */
  public async init(): Promise<void> {
    await this.terraform().init();
  }

  /**
   * Removes the records of killed Helm operations and waits for namespaces that are still being deleted, before a deployment.
   *
   * @returns What was done, one line each.
   */
  public async mend(): Promise<readonly string[]> {
    const { api } = this;
    if (api === undefined) return [];
    const stuck = await stuckReleases(api, helmReleases(paths.stack));
    await removeRecords(api, stuck);
    const ending = await endingNamespaces(api);
    if (ending.length > 0) await this.whileChanging(() => untilEnded(api, ending));
    const releases = stuck.map(({ release, status }) => `${release} (${status})`).join(", ");
    const namespaces = ending.map((path) => basename(path)).join(", ");
    return [
      ...(releases === "" ? [] : [`removed the records of killed Helm operations: ${releases}`]),
      ...(namespaces === "" ? [] : [`waited for the end of namespaces that were being deleted: ${namespaces}`]),
    ];
  }

  /**
   * Takes into state what an interrupted apply made and could not note, and says what it was.
   *
   * @param destroying - Whether releases are taken as well; a deployment takes them over by itself.
   */
  public async adopt(onProgress: (text: string) => void, destroying: boolean): Promise<string> {
    const terraform = this.terraform();
    const { adopted, creates } = await adoptInterrupted(terraform, this.environment(), onProgress);
    const since = recordedCluster()?.since;
    const hasCluster = !creates.some(({ type }) => type === "aws_eks_cluster");
    const objects: string[] = [];
    if (this.api !== undefined && since !== undefined && hasCluster) {
      objects.push(...(await takeObjects(creates, terraform, this.api, since)));
      if (destroying) objects.push(...(await takeReleases(terraform, this.api, since)));
    }
    return [...adopted, ...objects].join(", ") || "nothing that the state does not know";
  }

  /** Applies the stack. */
  public async apply(onProgress: (progress: Progress) => void): Promise<void> {
    if (this.api !== undefined) await recordCluster(this.api, this.options);
    noteApplying(true);
    await this.whileChanging(() => this.terraform().apply(onProgress));
    noteApplying(false);
  }

  /** Plans again: a deployment that is complete has no changes. */
  public async verify(): Promise<void> {
    const { verdict, text } = await this.terraform().plan();
    if (verdict === "no changes") return;
    const changed = text.split("\n").filter((line) => /^\s*# .* (will|must) be /.test(line));
    throw new Failure(
      `second plan: ${changed.map((line) => line.trim().slice(2)).join("; ")}; this is a defect of the blueprint, please report it`,
    );
  }

  /** Reads the outputs and writes what a cluster would get as files. */
  public async outputs(): Promise<Record<string, unknown>> {
    const { workloads, ...outputs } = await this.terraform().outputs();
    if (typeof workloads === "string") writeRendered(JSON.parse(workloads) as Rendered);
    return outputs;
  }

  /** Destroys everything, after checking that the plan really covers it. */
  public async destroy(onProgress: (progress: Progress) => void): Promise<void> {
    const terraform = this.terraform();
    const deletes = await planWholeDestroy(terraform, paths.destroyPlan, {
      existing: async (releases) => (this.api === undefined ? [] : recordedReleases(this.api, paths.stack, releases)),
      say: this.say,
    });
    try {
      await this.whileChanging(() => terraform.applyPlan(paths.destroyPlan, deletes.length, onProgress));
    } finally {
      rmSync(paths.destroyPlan, { force: true });
    }
    const left = await terraform.stateList();
    if (left.length > 0) throw new Failure(`destroy: ${left.join(", ")} are left in state; run the same command again`);
    forgetCluster();
  }

  /** Stops the emulator and with it everything that was deployed. */
  public async stop(): Promise<void> {
    this.front?.stop();
    if (this.emulator !== undefined) await stopEmulator(this.emulator);
    rmSync(paths.kubeFront, { force: true });
  }

  /** Lets go of the emulator without stopping it. */
  public release(): void {
    this.front?.stop();
  }

  private get endpoint(): string {
    if (this.emulator === undefined) throw new Error("the emulator has not been started");
    return endpointOf(this.emulator);
  }

  private environment(): NodeJS.ProcessEnv {
    return emulatorEnvironment(this.endpoint, local.region);
  }

  private terraform(): Terraform {
    return new Terraform(paths.stack, this.environment());
  }

  /** Runs what changes the state: copies of it are kept meanwhile, and namespaces finalized where nobody else does. */
  private async whileChanging(change: () => Promise<void>): Promise<void> {
    const watch = new AbortController();
    const watching = this.watchNamespaces(watch.signal);
    const copying = setInterval(() => {
      keepCopy(paths.state);
    }, COPY_EVERY_MS);
    try {
      await change();
    } finally {
      clearInterval(copying);
      keepCopy(paths.state);
      watch.abort();
      await watching;
    }
  }

  private async watchNamespaces(signal: AbortSignal): Promise<void> {
    if (this.api === undefined || this.overrides.workloads !== "deploy-without-nodes") return;
    await finalizeNamespaces(this.api, signal, this.say);
  }
}

interface Rendered {
  readonly releases: readonly { readonly name: string; readonly values: unknown }[];
  readonly objects: readonly { readonly kind: string; readonly metadata: { readonly name: string } }[];
}

/** Writes one file a release and one an object, as a person wants to read them. */
function writeRendered({ releases, objects }: Rendered): void {
  rmSync(paths.rendered, { recursive: true, force: true });
  mkdirSync(paths.rendered, { recursive: true });
  for (const release of releases) write(`${release.name}.values.json`, release.values);
  for (const object of objects) write(`${object.kind.toLowerCase()}-${object.metadata.name}.json`, object);
}

function write(name: string, content: unknown): void {
  writeFileSync(join(paths.rendered, name), `${JSON.stringify(content, null, 2)}\n`);
}
