import { type HostnamesSpec, planHostnames } from "../../../domain/front-door/hostnames";
import { planRouting, type RoutedFeatures, type RoutingPlan } from "../../../domain/front-door/routing";
import { describeWithRenderedChart, renderedChart } from "../../support/contracts";
import { context } from "../../support/fakes";

const routing = (names: HostnamesSpec = {}, features?: RoutedFeatures): RoutingPlan =>
  planRouting(planHostnames(names, context).plan, features);
const targetsOf = (plan: RoutingPlan): string[] => plan.targets.map(({ name }) => name);
const OLD = "4.0.6-stable";

describe("planRouting", () => {
  test("by default, the sandbox proxy answers under its own host", () => {
    expect(targetsOf(routing())).toEqual(["retool", "sandbox-proxy"]);
    expect(routing().rules).toEqual([
      { priority: 10, hosts: ["agent-proxy.retool.example.com"], paths: [], target: "sandbox-proxy" },
    ]);
  });

  test("in same-origin mode Retool hands requests to the sandbox proxy itself", () => {
    expect(routing({ sandboxProxy: "same-origin" })).toMatchObject({ targets: [{ name: "retool" }], rules: [] });
  });

  test.each<[RoutedFeatures, string[]]>([
    [{ multiplayer: true }, ["retool", "sandbox-proxy", "multiplayer"]],
    [{ multiplayer: false, mcp: false }, ["retool", "sandbox-proxy"]],
    [{ mcp: true }, ["retool", "sandbox-proxy"]],
    [{ mcp: true, retoolVersion: "4.0.7-stable" }, ["retool", "sandbox-proxy"]],
    [{ mcp: true, retoolVersion: OLD }, ["retool", "sandbox-proxy", "oauth-metadata", "mcp"]],
    [{ mcp: false, retoolVersion: OLD }, ["retool", "sandbox-proxy"]],
  ])("%j has the targets %j", (features, expected) => {
    expect(targetsOf(routing({}, features))).toEqual(expected);
  });

  test("every rule leads to a target, in an order without doubts", () => {
    const { rules, targets } = routing({}, { multiplayer: true, mcp: true, retoolVersion: OLD });
    const priorities = rules.map(({ priority }) => priority);

    expect(new Set(priorities).size).toBe(rules.length);
    expect(priorities).toEqual([...priorities].sort((left, right) => left - right));
    for (const { target } of rules) expect(targets.map(({ name }) => name)).toContain(target);
  });

  test("names of target groups fit the six characters that Terraform leaves", () => {
    const { targets } = routing({}, { multiplayer: true, mcp: true, retoolVersion: OLD });
    const prefixes = targets.map(({ namePrefix }) => namePrefix);

    expect(prefixes.filter((prefix) => !/^[a-z]{1,6}$/.test(prefix))).toEqual([]);
    expect(new Set(prefixes).size).toBe(targets.length);
  });
});

interface RenderedService {
  readonly name: string;
  readonly selector: Readonly<Record<string, string>>;
  readonly ports: readonly { readonly port: number; readonly targetPort?: number | string }[];
}
interface RenderedWorkload {
  readonly podLabels: Readonly<Record<string, string>>;
  readonly terminationGracePeriodSeconds: number | null;
  readonly containers: readonly {
    readonly ports: readonly { readonly containerPort: number; readonly name?: string }[];
    readonly readinessProbe?: { readonly httpGet?: { readonly path: string; readonly port: number | string } };
  }[];
}

describeWithRenderedChart("every target, in the rendered chart", () => {
  const { variants } = renderedChart() as unknown as {
    readonly variants: Readonly<Record<string, { services: RenderedService[]; workloads: RenderedWorkload[] }>>;
  };
  const { services, workloads } = variants["everything"]!;
  const { targets } = routing({}, { multiplayer: true, mcp: true, retoolVersion: OLD });

  const serviceOf = (name: string): RenderedService => services.find((service) => service.name === name)!;
  const podsOf = ({ selector }: RenderedService): RenderedWorkload[] =>
    workloads.filter(({ podLabels }) => Object.entries(selector).every(([key, value]) => podLabels[key] === value));

  test.each(targets)("$name is a Service with this port, and pods with that one", (target) => {
    const service = serviceOf(target.serviceName);
    const { targetPort } = service.ports.find(({ port }) => port === target.servicePort)!;
    const [container] = podsOf(service)[0]!.containers;
    const resolved =
      typeof targetPort === "string" ? container!.ports.find(({ name }) => name === targetPort) : undefined;

    expect(resolved?.containerPort ?? targetPort).toBe(target.containerPort);
  });

  test.each(targets)("$name answers for its health where the pod's own probe asks", (target) => {
    const [container] = podsOf(serviceOf(target.serviceName))[0]!.containers;
    const { path, port } = container!.readinessProbe!.httpGet!;
    const number = typeof port === "string" ? container!.ports.find(({ name }) => name === port)!.containerPort : port;

    expect({ path, port: number }).toEqual({ path: target.healthPath, port: target.healthPort });
  });

  test.each(targets)("$name lets go of a pod before Kubernetes kills it", (target) => {
    // Kubernetes gives 30 s to a pod that says nothing.
    const grace = podsOf(serviceOf(target.serviceName))[0]!.terminationGracePeriodSeconds ?? 30;

    expect(target.deregistrationDelaySeconds).toBeLessThan(grace);
  });
});
