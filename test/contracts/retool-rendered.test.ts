import { horizontalPodAutoscalers } from "../../domain/retool/autoscaling";
import { releaseLoads } from "../../domain/retool/loads";
import { describeWithRenderedChart, renderedChart } from "../support/contracts";
import { releaseInput, releaseValues } from "../support/retool-release";

interface RenderedContainer {
  readonly env: Readonly<Record<string, unknown>> | null;
  readonly resources: { readonly requests?: { readonly cpu: string | number; readonly memory: string } };
}

interface Variant {
  readonly services: readonly { readonly name: string }[];
  readonly workloads: readonly {
    readonly kind: string;
    readonly name: string;
    readonly replicas: number;
    readonly containers: readonly RenderedContainer[];
  }[];
}

const variant = (name: string): Variant => (renderedChart()["variants"] as Record<string, Variant>)[name]!;
const deploymentsOf = (name: string): string[] =>
  variant(name)
    .workloads.filter(({ kind }) => kind === "Deployment")
    .map((workload) => workload.name);

const EVERYTHING = { dbconnector: true, agents: true, multiplayer: true, mcp: true };

/** Thousandths of a CPU, from Kubernetes' own notation. */
const millicores = (cpu: string | number): number =>
  String(cpu).endsWith("m") ? Number(String(cpu).slice(0, -1)) : Number(cpu) * 1000;

describeWithRenderedChart("the chart as it was rendered", () => {
  test("has a Deployment for every autoscaler", () => {
    const scaled = { autoscaling: { maxReplicas: 9 } };
    const retool = {
      features: EVERYTHING,
      ...{ api: scaled, workflowsBackend: scaled, workflowsWorker: scaled, codeExecutor: scaled, jsExecutor: scaled },
      ...{ r2Worker: scaled, dbconnector: scaled, agentWorker: scaled, agentEvalWorker: scaled },
    };
    const targets = horizontalPodAutoscalers(releaseInput({ retool }).retool, "retool").map(
      ({ spec }) => spec.scaleTargetRef.name,
    );
    const known = [...deploymentsOf("everything"), ...deploymentsOf("dbconnector")];

    expect(targets).toHaveLength(9);
    expect(targets.filter((name) => !known.includes(name))).toEqual([]);
  });

  test("asks for exactly what capacity is told, container by container", () => {
    const { retool, temporal } = releaseInput();
    const { baseLoad, companions } = releaseLoads(retool, temporal);
    const ours = [...baseLoad, ...companions].map(({ replicas, cpuMillicores }) => replicas * cpuMillicores);
    const theirs = variant("default")
      .workloads.filter(({ kind }) => kind === "Deployment")
      // Two code executors and workers differ on purpose; the variant was rendered with the chart's one of each.
      .map(({ name, replicas, containers }) => {
        const pods = /code-executor|worker$/.test(name) ? 2 : replicas;
        return pods * millicores(containers[0]?.resources.requests?.cpu ?? 0);
      });

    expect(ours.sort()).toEqual(theirs.sort());
  });

  test("calls its own services by names that no proxy serves", () => {
    const outboundProxy = { url: "http://proxy.example.com:3128" };
    const direct = (releaseValues({ retool: { outboundProxy } }).env["NO_PROXY"] as string).split(",");
    const called = ["everything", "dbconnector"].flatMap((name) =>
      variant(name).workloads.flatMap(({ containers }) =>
        containers.flatMap(({ env }) => Object.values(env ?? {}).flatMap(hostOf)),
      ),
    );
    const proxied = [...new Set(called)].filter(
      (host) => !direct.includes(host) && !direct.some((suffix) => suffix.startsWith(".") && host.endsWith(suffix)),
    );

    // The environment's public address.
    expect(proxied).toEqual(["retool.example.com"]);
  });
});

/** Host of a web address among a container's variables. */
function hostOf(value: unknown): string[] {
  return typeof value === "string" && /^https?:\/\//.test(value) && URL.canParse(value)
    ? [new URL(value).hostname]
    : [];
}
