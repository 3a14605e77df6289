import { App, Testing } from "cdktf";

import { prod } from "../support/environments/prod";
import type { EnvironmentSpec } from "../../domain/environment/spec";
import type { JsonObject } from "../../domain/common/kubernetes";
import { RetoolStack } from "../../stacks";
import { describeWithRenderedChart, renderedChart } from "../support/contracts";
import { describeWithChart, render, type Workload } from "../support/helm-template";
import { Synthesized } from "../support/synthesize";

/** A Service with its ports, and those of the pods it selects. */
interface Service {
  readonly name: string;
  readonly ports: readonly { readonly port: number; readonly targetPort?: number | string }[];
  readonly selector: Readonly<Record<string, string>>;
}
interface Pods {
  readonly labels: Readonly<Record<string, string>>;
  readonly ports: readonly { readonly containerPort: number; readonly name?: string }[];
}
interface Binding {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: { readonly serviceRef: { readonly name: string; readonly port: number } };
}
interface Workloads {
  readonly releases: readonly { readonly name: string; readonly values: JsonObject }[];
  readonly objects: readonly Binding[];
}

const EVERYTHING = {
  retoolVersion: "4.0.6-stable",
  retool: { features: { multiplayer: true, mcp: true } },
} as const satisfies Partial<EnvironmentSpec>;

/** The bindings of an environment, the values of its release, and the port of each target group. */
function defined(changes: Partial<EnvironmentSpec>): {
  readonly bindings: readonly Binding[];
  readonly values: JsonObject;
  readonly portOf: (binding: Binding) => unknown;
} {
  const stack = new RetoolStack(new App(), { ...prod, workloads: "render", ...changes });
  const template = new Synthesized(JSON.parse(Testing.synth(stack)) as Synthesized["json"]);
  const { value } = (template.json["output"] as unknown as { workloads: { value: string } }).workloads;
  const { releases, objects } = JSON.parse(value) as Workloads;
  const groups = Object.entries(template.json["resource"]?.["aws_lb_target_group"] ?? {});
  return {
    bindings: objects.filter(({ kind }) => kind === "TargetGroupBinding"),
    values: releases.find(({ name }) => name === "retool")?.values ?? {},
    portOf: ({ metadata }) => groups.find(([name]) => name.includes(`Target-${metadata.name}_`))?.[1]["port"],
  };
}

/** Port of the pods behind a Service's port. */
function podPort(services: readonly Service[], pods: readonly Pods[], { spec: { serviceRef } }: Binding): unknown {
  const service = services.find(({ name }) => name === serviceRef.name);
  const target = service?.ports.find(({ port }) => port === serviceRef.port)?.targetPort;
  const behind = pods.filter(({ labels }) =>
    Object.entries(service?.selector ?? { none: "" }).every(([key, value]) => labels[key] === value),
  );
  const named = behind.flatMap(({ ports }) => ports).find(({ name }) => name === target);
  return behind.length === 0 ? "no pods" : (named?.containerPort ?? target);
}

describeWithRenderedChart("bindings, in the chart as it was rendered with everything", () => {
  const { variants } = renderedChart() as unknown as {
    readonly variants: Readonly<
      Record<string, { services: Service[]; workloads: { podLabels: Pods["labels"]; containers: Pods[] }[] }>
    >;
  };
  const { services, workloads } = variants["everything"]!;
  const pods = workloads.map(({ podLabels, containers }) => ({
    labels: podLabels,
    ports: containers.flatMap(({ ports }) => ports),
  }));
  const { bindings, portOf } = defined(EVERYTHING);

  test("are as many as there are targets", () => {
    expect(bindings.map(({ metadata }) => metadata.name).sort()).toEqual(
      ["mcp", "multiplayer", "oauth-metadata", "retool", "sandbox-proxy"].sort(),
    );
  });

  test.each(bindings)(
    "$metadata.name names a Service, and its target group the port of that Service's pods",
    (binding) => {
      expect(podPort(services, pods, binding)).toBe(portOf(binding));
    },
  );
});

describeWithChart("bindings, in the chart rendered with our own values", () => {
  test.each<[string, Partial<EnvironmentSpec>, number]>([
    ["by default", {}, 2],
    ["in same-origin mode", { frontDoor: { sandboxProxy: "same-origin" } }, 1],
    ["with every feature", EVERYTHING, 5],
  ])("%s lead to Services and ports that exist", (_, changes, count) => {
    const { bindings, values, portOf } = defined(changes);
    const { objects, error } = render(values);
    const services = objects
      .filter(({ kind }) => kind === "Service")
      .map(({ metadata, spec }) => ({ ...(spec as Omit<Service, "name">), name: metadata.name }));
    const pods = (objects.filter(({ kind }) => kind === "Deployment") as Workload[]).map(({ spec: { template } }) => ({
      labels: (template.metadata as { readonly labels: Pods["labels"] }).labels,
      ports: template.spec.containers.flatMap(
        (container) => (container as { readonly ports?: Pods["ports"] }).ports ?? [],
      ),
    }));

    expect(error).toBe("");
    expect(bindings).toHaveLength(count);
    for (const binding of bindings) expect(podPort(services, pods, binding)).toBe(portOf(binding));
  });
});
