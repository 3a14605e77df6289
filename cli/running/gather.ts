import { CATALOG } from "../../domain/catalog/catalog";
import type { Fact } from "../../domain/common/fact";
import { madeInstances } from "../../domain/environment/databases";
import type { EnvironmentPlan } from "../../domain/environment/environment";
import { installedReleases } from "../../domain/environment/installed-releases";
import { alarmMail } from "../../domain/status/alarms";
import type { Observed, Workloads } from "../../domain/status/observed";
import { temporalWorkers } from "../../domain/status/temporal";
import { type AskAws, awsOf } from "../ask-aws";
import { logIn } from "../cluster-login";
import { Interrupted } from "../interrupt";
import { unfinishedOperations } from "../helm-records";
import { readKubeconfig } from "../kubeconfig";
import { KubernetesApi } from "../kubernetes-api";
import { alarmsOf, clusterOf, copiesOf, databaseOf, entranceOf, receiversOf } from "./aws";
import { newestLog } from "./logs";
import { nodesOf } from "./nodes";
import { workloadsOf } from "./workloads";

/** Milliseconds that the Kubernetes API may take for one answer. */
const API_TIMEOUT_MS = 10_000;

/** How the cluster is reached. */
export interface ReachOptions {
  /** Kubeconfig to log in with instead of `aws eks get-token`. */
  readonly kubeconfig?: string;
}

/** Parts of what was observed that AWS answers for, and those that the Kubernetes API answers for. */
type AwsFacts = Pick<Observed, "databases" | "entrance" | "copies" | "alarms" | "receivers">;

/** See {@link AwsFacts}. */
type ClusterFacts = Pick<Observed, "workloads" | "nodes" | "operations" | "migrationLog" | "temporalLog">;

/** Milliseconds for which answers of AWS are used again while somebody watches: each question is a process. */
const AWS_EVERY_MS = 60_000;

/** Milliseconds for which a login is used again; a token of EKS lasts a quarter of an hour. */
const LOGIN_EVERY_MS = 10 * 60_000;

/**
 * Gives a function that reads a deployed environment: everything is asked at the same time, and nothing is changed. Called
 * again, it asks the Kubernetes API each time and AWS once a minute.
 */
export function observer(plan: EnvironmentPlan, options: ReachOptions): () => Promise<Observed> {
  const ask = awsOf(plan.context.region);
  const account = kept(AWS_EVERY_MS, async () => {
    const [cluster, facts] = await Promise.all([clusterOf(ask, plan.cluster.name), awsFacts(plan, ask, new Date())]);
    return { cluster, ...facts };
  });
  const login = kept(LOGIN_EVERY_MS, () => connect(plan, options), "known");
  return async () => {
    const at = new Date().toISOString();
    const [aws, kubernetes] = await Promise.all([account(), login().then((api) => clusterFacts(plan, api))]);
    return { at, ...aws, ...kubernetes };
  };
}

/** The same answer for some time; one without the key that says that it is good is asked for again. */
function kept<Value extends object>(forMs: number, ask: () => Promise<Value>, good?: string): () => Promise<Value> {
  let last: { readonly at: number; readonly value: Value } | undefined;
  return async () => {
    if (last !== undefined && Date.now() - last.at < forMs && (good === undefined || good in last.value))
      return last.value;
    last = { at: Date.now(), value: await ask() };
    return last.value;
  };
}

/** Reads what AWS answers for. */
export async function awsFacts(plan: EnvironmentPlan, ask: AskAws, now: Date): Promise<AwsFacts> {
  const { frontDoor, backup, observability } = plan;
  const instances = Object.entries(madeInstances(plan)).map(
    async ([path, { identifier }]) => [path, await databaseOf(ask, identifier, now)] as const,
  );
  const mail = alarmMail(plan);
  const [databases, entrance, copies, alarms, receivers] = await Promise.all([
    Promise.all(instances),
    entranceOf(ask, frontDoor.prefix, frontDoor.targets),
    copiesOf(ask, backup.vaultName, now),
    alarmsOf(ask, observability.prefix),
    mail === undefined ? { known: [] } : receiversOf(ask, mail.arn),
  ]);
  return { databases: Object.fromEntries(databases), entrance, copies, alarms, receivers };
}

/** Logs in to the cluster; what stands in the way is the reason why nothing in it is known. */
export function connect(plan: EnvironmentPlan, { kubeconfig }: ReachOptions): Promise<Fact<KubernetesApi>> {
  return asked(async () => {
    const access = kubeconfig === undefined ? await logIn(plan) : readKubeconfig(kubeconfig);
    return new KubernetesApi(access, API_TIMEOUT_MS);
  });
}

/** Reads what the Kubernetes API answers for. */
export async function clusterFacts(plan: EnvironmentPlan, api: Fact<KubernetesApi>): Promise<ClusterFacts> {
  if ("unknown" in api) return { workloads: api, nodes: api, operations: api, migrationLog: api, temporalLog: api };
  const { namespace } = plan.context;
  const [workloads, nodes, operations] = await Promise.all([
    asked(() => workloadsOf(api.known, namespace)),
    asked(() => nodesOf(api.known)),
    asked(() => unfinishedOperations(api.known, namespacesOf(plan))),
  ]);
  const logs = (deployments: readonly string[]): Promise<Fact<string>> =>
    "unknown" in workloads ? Promise.resolve(workloads) : logsOf(api.known, namespace, deployments, workloads.known);
  const [migrationLog, temporalLog] = await Promise.all([
    logs([CATALOG["jobs-runner"].deployment]),
    logs(temporalWorkers(plan).map((service) => CATALOG[service].deployment)),
  ]);
  return { workloads, nodes, operations, migrationLog, temporalLog };
}

/** Namespaces of the releases that a plan installs: the controllers of an existing cluster may be somebody else's. */
function namespacesOf(plan: EnvironmentPlan): string[] {
  return [...new Set(installedReleases(plan).map(({ namespace }) => namespace))];
}

async function logsOf(
  api: KubernetesApi,
  namespace: string,
  deployments: readonly string[],
  workloads: Workloads,
): Promise<Fact<string>> {
  return asked(async () => {
    const texts = await Promise.all(deployments.map((each) => newestLog(api, namespace, each, workloads)));
    return texts.join("\n");
  });
}

/** What was asked, or what stood in the way. */
export async function asked<Value>(question: () => Promise<Value>): Promise<Fact<Value>> {
  try {
    return { known: await question() };
  } catch (error) {
    if (error instanceof Interrupted) throw error;
    return { unknown: (error instanceof Error ? error.message : String(error)).replaceAll(/\s+/g, " ").slice(0, 300) };
  }
}
