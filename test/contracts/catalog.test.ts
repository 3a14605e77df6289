import { CATALOG } from "../../domain/catalog/catalog";
import type { ImageId, RetoolComponent } from "../../domain/catalog/row";
import { RETOOL_COMPONENTS, servicesThatNeed } from "../../domain/catalog/lookup";
import { describeWithRenderedChart, renderedChart } from "../support/contracts";

interface Workload {
  readonly kind: string;
  readonly name: string;
  readonly replicas: number | null;
  readonly selector: Readonly<Record<string, string>>;
  readonly podLabels: Readonly<Record<string, string>>;
  readonly serviceAccountName: string | null;
  readonly nodeSelector: Readonly<Record<string, string>> | null;
  readonly containers: readonly {
    readonly image: string;
    readonly env: Readonly<Record<string, unknown>> | null;
    readonly ports: readonly { readonly name?: string; readonly containerPort: number }[] | null;
    readonly resources: Readonly<Record<"requests" | "limits", Readonly<Record<string, string | number>> | undefined>>;
  }[];
}

const variants = (): Record<string, { readonly workloads: readonly Workload[] }> =>
  renderedChart()["variants"] as ReturnType<typeof variants>;

/** A service's Deployment, from the variant with the fewest parts that has it. */
function deployed(name: RetoolComponent): Workload | undefined {
  const { deployment } = CATALOG[name];
  return ["default", "dbconnector", "everything", "temporal-local"]
    .flatMap((variant) => variants()[variant]?.workloads ?? [])
    .find((workload) => workload.kind === "Deployment" && workload.name === deployment);
}

const DEPLOYED = RETOOL_COMPONENTS.filter((name) => name !== "sandbox");
const OURS = DEPLOYED.filter((name) => CATALOG[name].image !== undefined);

function millicores(cpu: string | number | undefined): number | undefined {
  if (cpu === undefined) return undefined;
  return String(cpu).endsWith("m") ? parseInt(String(cpu), 10) : Number(cpu) * 1000;
}
const mebibytes = (memory: string | number | undefined): number =>
  parseInt(String(memory), 10) * (String(memory).endsWith("Gi") ? 1024 : 1);

const REPOSITORIES: Partial<Record<ImageId, string>> = {
  codeExecutor: "code-executor-service",
  jsExecutor: "js-executor-service",
  agentSandbox: "agent-sandbox-service",
};

/** Services into whose first container the chart writes a variable. */
const withVariable = (variable: RegExp): RetoolComponent[] =>
  OURS.filter((name) => Object.keys(deployed(name)?.containers[0]?.env ?? {}).some((key) => variable.test(key)));

describeWithRenderedChart("the catalog says what the rendered chart has", () => {
  test.each(DEPLOYED)("labels and named ports of %s", (name) => {
    const { labels, ports } = CATALOG[name];
    const workload = deployed(name);
    const open = workload?.containers.flatMap((container) => container.ports ?? []) ?? [];
    const named = Object.values(ports).filter((port) => port.name !== undefined);
    const missing = named.filter(
      (port) => !open.some((one) => one.name === port.name && one.containerPort === port.number),
    );

    expect(workload?.podLabels).toMatchObject(labels);
    expect(missing).toEqual([]);
  });

  test("whose pods run as Retool's service account", () => {
    const sharing = OURS.filter((name) => deployed(name)?.serviceAccountName === "retool");

    expect(sharing).toEqual(OURS.filter((name) => CATALOG[name].sharesServiceAccount === true));
  });

  test("every Deployment is in it", () => {
    const names = Object.values(variants()).flatMap(({ workloads }) =>
      workloads.filter(({ kind }) => kind === "Deployment").map((workload) => workload.name),
    );
    const known = Object.values(CATALOG).map(({ deployment }) => deployment);

    expect([...new Set(names)].filter((name) => !known.includes(name))).toEqual([]);
  });

  test.each(OURS)("image and SERVICE_TYPE of %s", (name) => {
    const { image = "init", serviceTypes } = CATALOG[name];
    const container = deployed(name)!.containers[0]!;

    expect(container.image).toContain(`tryretool/${REPOSITORIES[image] ?? image}:`);
    expect(container.env?.["SERVICE_TYPE"]).toBe(serviceTypes?.join(","));
  });

  test.each(OURS.filter((name) => CATALOG[name].sizing !== undefined))("size of %s", (name) => {
    const { resources } = CATALOG[name].sizing!;
    const { requests, limits } = deployed(name)!.containers[0]!.resources;

    expect(millicores(requests?.["cpu"])).toBe(resources.cpuMillicores);
    expect(mebibytes(requests?.["memory"])).toBe(resources.memoryMiB);
    expect(millicores(limits?.["cpu"])).toBe(resources.cpuLimitMillicores);
    expect(mebibytes(limits?.["memory"])).toBe(resources.memoryLimitMiB);
  });

  test("who gets the address of the database, and the name of the bucket", () => {
    expect(withVariable(/^(POSTGRES_HOST|.*POSTGRES_URL|AGENT_SANDBOX_DB_HOST)$/)).toEqual(
      servicesThatNeed("platform-database"),
    );
    expect(withVariable(/^RR_BLOB_STORAGE_PROVIDER$/)).toEqual(servicesThatNeed("bucket"));
  });
});
