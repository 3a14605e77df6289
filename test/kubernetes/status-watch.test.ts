import { clusterFacts } from "../../cli/running/gather";
import { watch } from "../../cli/status/watch";
import { serviceFindings } from "../../domain/doctor/workloads";
import { CATALOG } from "../../domain/catalog/catalog";
import { type EnvironmentPlan, planEnvironment } from "../../domain/environment/environment";
import { plannedServices } from "../../domain/status/services";
import { type Status, statusOf } from "../../domain/status/status";
import { prod } from "../support/environments/prod";
import { texts } from "../support/findings";
import { describeOnKubernetes, KubernetesBench } from "../support/kubernetes-bench";
import { observedAsPlanned } from "../support/observed";

interface Stored {
  readonly metadata: { readonly name: string; readonly generation?: number };
  readonly spec: object;
}

jest.setTimeout(120_000);

/** A namespace in which the test does what Helm and the controllers of a cluster do: the server itself has no controllers. */
class Release {
  private readonly services: readonly { readonly name: string; readonly replicas: number; readonly tag: string }[];

  public constructor(
    private readonly bench: KubernetesBench,
    plan: EnvironmentPlan,
  ) {
    this.services = plannedServices(plan).map(({ service, fewest }) => {
      const { deployment: name, image } = CATALOG[service];
      return { name, replicas: fewest, tag: image === undefined ? "1" : (plan.retool.images[image].tag ?? "1") };
    });
  }

  /** Writes every Deployment, as `helm upgrade` does, with the planned tags or with one that ran before. */
  public async write(method: "POST" | "PUT", before?: string): Promise<void> {
    for (const { name, replicas, tag } of this.services) {
      const containers = [{ name: "main", image: `registry.example.com/any:${before ?? tag}` }];
      await this.bench.api.call(method, this.path("deployments", method === "PUT" ? name : undefined), {
        ...{ apiVersion: "apps/v1", kind: "Deployment", metadata: { name, namespace: this.bench.namespace } },
        spec: {
          replicas,
          selector: { matchLabels: { app: name } },
          template: { metadata: { labels: { app: name } }, spec: { containers } },
        },
      });
    }
  }

  /** Does what the controllers do for some Deployments: every pod is of the newest template, and ready. */
  public async rollOut(isMeant: (name: string) => boolean): Promise<void> {
    for (const { name, replicas } of this.services.filter(({ name: each }) => isMeant(each))) {
      const found = await this.bench.api.call<Stored>("GET", this.path("deployments", name));
      const counts = { replicas, updatedReplicas: replicas, readyReplicas: replicas, availableReplicas: replicas };
      await this.bench.api.call("PUT", `${this.path("deployments", name)}/status`, {
        ...found,
        status: { observedGeneration: found.metadata.generation, ...counts },
      });
    }
  }

  /** A pod, with its status. */
  public async pod(name: string, app: string, status: object): Promise<void> {
    const spec = { containers: [{ name: "main", image: "registry.example.com/any:1" }] };
    const metadata = { name, namespace: this.bench.namespace, labels: { app } };
    const made = await this.bench.api.call<Stored>("POST", this.path("pods"), {
      ...{ apiVersion: "v1", kind: "Pod", metadata, spec },
    });
    await this.bench.api.call("PUT", `${this.path("pods", name)}/status`, { ...made, status });
  }

  /** Ends a pod at once. */
  public async end(name: string): Promise<void> {
    await this.bench.api.call("DELETE", `${this.path("pods", name)}?gracePeriodSeconds=0`);
  }

  private path(kind: "deployments" | "pods", name?: string): string {
    const group = kind === "pods" ? "/api/v1" : "/apis/apps/v1";
    return [`${group}/namespaces/${this.bench.namespace}/${kind}`, ...(name === undefined ? [] : [name])].join("/");
  }
}

const READY = { phase: "Running", conditions: [{ type: "Ready", status: "True" }] };
const STARTING = { phase: "Running", conditions: [{ type: "Ready", status: "False" }] };
const NO_NODE = {
  phase: "Pending",
  conditions: [{ type: "PodScheduled", status: "False", reason: "Unschedulable", message: "0/3 nodes are available" }],
};
const isRunner = (name: string): boolean => name === "retool-jobs-runner";

describeOnKubernetes("status --watch during an upgrade, on an API server", () => {
  let bench: KubernetesBench;

  beforeAll(async () => {
    bench = await KubernetesBench.open();
  });

  afterAll(async () => {
    await bench.close();
  });

  test("follows the jobs-runner's migration, then the services, and ends with the upgrade", async () => {
    const plan = planEnvironment({ ...prod, namespace: bench.namespace });
    const release = new Release(bench, plan);
    await release.write("POST", "4.0.8-stable");
    await release.rollOut(() => true);
    await release.pod("runner-old", "retool-jobs-runner", READY);
    const steps: readonly (() => Promise<void>)[] = [
      async () => {
        await release.write("PUT");
        await release.pod("runner-new", "retool-jobs-runner", NO_NODE);
      },
      async () => {
        await release.end("runner-new");
        await release.pod("runner-next", "retool-jobs-runner", STARTING);
      },
      async () => {
        await release.end("runner-old");
        await release.end("runner-next");
        await release.pod("runner", "retool-jobs-runner", READY);
        await release.rollOut(isRunner);
      },
      () => release.rollOut((name) => !isRunner(name)),
    ];
    const observed = async (): Promise<Parameters<typeof statusOf>[1]> => ({
      ...observedAsPlanned(plan),
      ...(await clusterFacts(plan, { known: bench.api })),
      at: new Date().toISOString(),
    });
    let said = "";
    let step = 0;
    const next = async (): Promise<Status> => {
      await steps[step++]?.();
      return statusOf(plan, await observed());
    };
    const phase = await watch(next, { lines: undefined, json: false, write: (text) => (said += text) });

    expect(phase).toEqual({ state: "settled", says: "runs as planned" });
    const others = plannedServices(plan).length - 1;
    expect(
      said
        .split("\n")
        .flatMap((line) => /^\S+ ((?:the jobs-runner|\d+ of \d+ services|runs) .*)/.exec(line)?.[1] ?? []),
    ).toEqual([
      "the jobs-runner waits for a node; everything else waits for it",
      "the jobs-runner is starting, or is migrating the database; all new pods wait for it",
      expect.stringMatching(new RegExp(`^${others} of ${others + 1} services are not as planned: api 2 of 2, `)),
      "runs as planned",
    ]);
    const { workloads, at } = await observed();
    expect("known" in workloads && texts(serviceFindings(plan, workloads.known, at))).toEqual([
      expect.stringMatching(new RegExp(`^good ${others} services with \\d+ pods, all ready$`)),
    ]);
  });
});
