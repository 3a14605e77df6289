import { type EgressFeatures, type EgressPlan, planEgress } from "../../domain/egress/egress";
import { CATALOG } from "../../domain/catalog/catalog";
import type { ComponentPort, RetoolComponent } from "../../domain/catalog/row";
import { RETOOL_COMPONENTS } from "../../domain/catalog/lookup";
import type { TemporalEgress } from "../../domain/egress/rules";
import { DEFAULT_DENY, networkPolicies } from "../../domain/network-policies/network-policies";
import { describeWithRenderedChart, renderedChart } from "../support/contracts";
import { context } from "../support/fakes";
import { type Cluster, NetworkPolicyEvaluator, type Pod, type Service } from "../support/network-policy-evaluator";
import { cluster as handWritten, everything, features, references } from "../support/retool-cluster";

interface Container {
  readonly env: Readonly<Record<string, unknown>> | null;
  readonly ports:
    readonly { readonly name?: string; readonly containerPort: number; readonly protocol: string }[] | null;
}
interface Workload {
  readonly kind: string;
  readonly name: string;
  readonly hostNetwork: boolean;
  readonly podLabels: Readonly<Record<string, string>>;
  readonly containers: readonly Container[];
}
interface RenderedService {
  readonly name: string;
  readonly clusterIP: string | null;
  readonly selector: Readonly<Record<string, string>>;
  readonly ports: readonly {
    readonly port: number;
    readonly targetPort?: number | string;
    readonly protocol: string;
  }[];
}
interface Variant {
  readonly workloads: readonly Workload[];
  readonly services: readonly RenderedService[];
  readonly sandboxJobTemplate: {
    readonly spec: { readonly template: { readonly metadata: { readonly labels: Record<string, string> } } };
  };
}

const RETOOL_MANAGED: TemporalEgress = { kind: "retool-managed" };

/** What of our own settings each variant of the rendering stands for. */
const VARIANTS: Readonly<Record<string, { features: EgressFeatures; temporal: TemporalEgress }>> = {
  default: { features, temporal: RETOOL_MANAGED },
  dbconnector: { features: { ...features, dbconnector: true }, temporal: RETOOL_MANAGED },
  everything: { features: { ...everything, dbconnector: false }, temporal: RETOOL_MANAGED },
  "dedicated-proxy-chart-policies": { features, temporal: RETOOL_MANAGED },
  "temporal-external-mtls": { features, temporal: { kind: "temporal-cloud", host: "acme.a1b2c.tmprl.cloud" } },
  "temporal-local": { features, temporal: { kind: "local" } },
};

/** They share the network of their node, so no NetworkPolicy applies to them. */
const HOST_NETWORK = [
  "retool-agent-sandbox-device-plugin",
  "retool-agent-sandbox-image-prepuller",
  "retool-agent-sandbox-node-installer",
];

/** Variables whose value is the address of a Service. */
const ADDRESS = /(_HOST|_DOMAIN|_URL|_ADDRESS)$/;
/** The public address of Retool itself, which leads through the load balancer. */
const PUBLIC = /^(https:\/\/|retool\.example\.com)/;

function variants(): [string, Variant][] {
  const contract = renderedChart() as { readonly variants: Record<string, Variant> };
  return Object.entries(contract.variants);
}

function clusterOf({ workloads, services, sandboxJobTemplate }: Variant): Cluster {
  const pods = workloads.map(({ name, podLabels, hostNetwork, containers }, index): Pod => ({
    name,
    namespace: "retool",
    labels: podLabels,
    hostNetwork,
    ip: `10.0.1.${index + 1}`,
    ports: containers.flatMap(({ ports }) =>
      (ports ?? []).map((port) => ({ name: port.name, port: port.containerPort, protocol: port.protocol })),
    ),
  }));
  const sandbox: Pod = {
    name: "sandbox",
    namespace: "retool",
    labels: sandboxJobTemplate.spec.template.metadata.labels,
    ip: "10.0.2.1",
    ports: [{ port: 3017, protocol: "TCP" }],
  };
  return {
    namespaces: { retool: { "kubernetes.io/metadata.name": "retool" } },
    pods: [...pods, sandbox],
    services: services.map((service, index) => serviceOf(service, index)),
  };
}

function serviceOf({ name, clusterIP, selector, ports }: RenderedService, index: number): Service {
  return {
    name,
    namespace: "retool",
    clusterIp: clusterIP === "None" ? undefined : `172.20.9.${index + 1}`,
    selector,
    ports: ports.map(({ port, targetPort, protocol }) => ({ port, target: targetPort ?? port, protocol })),
  };
}

function planOf(variant: string): EgressPlan {
  const known = VARIANTS[variant];
  if (known === undefined) throw new Error(`there is a new variant ${variant}: say what it stands for`);
  return planEgress(undefined, context, known).plan;
}

function componentOf({ labels }: Pod): RetoolComponent | undefined {
  return RETOOL_COMPONENTS.find((name) =>
    Object.entries(CATALOG[name].labels).every(([key, value]) => labels[key] === value),
  );
}

describeWithRenderedChart("the rendered chart", () => {
  describe.each(variants())("%s", (variant, rendered) => {
    const plan = planOf(variant);
    const cluster = clusterOf(rendered);
    const policies = networkPolicies(plan, references);
    const subject = new NetworkPolicyEvaluator(cluster, policies);

    test("shares the node's network only in the known DaemonSets", () => {
      const sharing = rendered.workloads.filter(({ hostNetwork }) => hostNetwork);

      expect(sharing.map(({ name }) => name).sort()).toEqual(HOST_NETWORK);
      expect(new Set(sharing.map(({ kind }) => kind))).toEqual(new Set(["DaemonSet"]));
    });

    test("has no pod that is not selected by exactly one policy of its own", () => {
      const selected = cluster.pods
        .filter(({ hostNetwork }) => hostNetwork !== true)
        .map((pod) => [pod.name, subject.selecting(pod).map(({ metadata }) => metadata.name)]);

      expect(selected.filter(([, names]) => names?.length !== 2 || names[0] !== DEFAULT_DENY)).toEqual([]);
    });

    test("has a pod for every policy", () => {
      const idle = policies.filter(
        ({ metadata }) =>
          !cluster.pods.some((pod) => subject.selecting(pod).some((policy) => policy.metadata === metadata)),
      );

      expect(idle.map(({ metadata }) => metadata.name)).toEqual([]);
    });

    test("lets every arrow through the Service that leads to it, and to the pods behind it", () => {
      const broken = plan.arrows.flatMap(({ from, to, port }) => {
        const [source, target] = [from, to].map((name) => cluster.pods.find((pod) => componentOf(pod) === name));
        if (source === undefined || target === undefined) return [`${from} -> ${to}: no such pod`];
        const direct = { address: target.ip, port: port.number, protocol: port.protocol };
        return [direct, ...behindService(cluster, target, port)]
          .filter(
            (address) => !subject.allows(source, address, "vpc-cni") || !subject.allows(source, address, "kubernetes"),
          )
          .map((address) => `${from} -> ${to}: ${address.address}:${address.port}`);
      });

      expect(broken).toEqual([]);
    });

    test("names a port in policies exactly where the Service names its target", () => {
      const wrong = plan.arrows
        .map(({ to, port }) => [to, port.name ?? port.number, targetsOf(cluster, to)] as const)
        .filter(([, own, targets]) => targets.length > 0 && !targets.includes(own));

      expect(wrong).toEqual([]);
    });

    test("has an arrow for every address that it writes into a container", () => {
      const missing = rendered.workloads.flatMap((workload) =>
        addressesIn(workload, cluster)
          .filter(({ service, port }) => {
            const pod = cluster.pods.find(({ name }) => name === workload.name);
            const target = { address: service.clusterIp ?? "", port, protocol: protocolOf(service, port) };
            return pod === undefined || !subject.allows(pod, target, "vpc-cni");
          })
          .map(({ service, port, variable }) => `${workload.name} ${variable} -> ${service.name}:${port}`),
      );

      expect(missing).toEqual([]);
    });
  });

  test("covers each variant", () => {
    expect(
      variants()
        .map(([name]) => name)
        .sort(),
    ).toEqual(Object.keys(VARIANTS).sort());
  });

  test("makes pods with the labels and ports of the hand-written cluster", () => {
    const rendered = variants().flatMap(([, variant]) => clusterOf(variant).pods);
    const different = handWritten.pods
      .filter(
        ({ namespace, hostNetwork, name }) => namespace === "retool" && hostNetwork !== true && name !== "unknown",
      )
      .filter(({ name, labels, ports }) => {
        const twin = rendered.find((pod) => componentOf(pod) === name);
        return (
          twin === undefined ||
          Object.entries(CATALOG[name as RetoolComponent].labels).some(
            ([key, value]) => labels[key] !== value || twin.labels[key] !== value,
          ) ||
          ports.some((port) => !twin.ports.some((own) => own.port === port.port && own.protocol === port.protocol))
        );
      });

    expect(different.map(({ name }) => name)).toEqual([]);
  });
});

/** The addresses of every Service in front of a pod that lead to one of its ports. */
function behindService(
  { services }: Cluster,
  target: Pod,
  { number, name, protocol }: ComponentPort,
): { address: string; port: number; protocol: "TCP" | "UDP" }[] {
  return services
    .filter(({ selector, clusterIp }) => clusterIp !== undefined && selects(selector, target))
    .flatMap(({ clusterIp, ports }) =>
      ports
        .filter((port) => port.protocol === protocol && (port.target === number || port.target === name))
        .map(({ port }) => ({ address: clusterIp ?? "", port, protocol })),
    );
}

function targetsOf({ services, pods }: Cluster, component: RetoolComponent): (number | string)[] {
  const pod = pods.find((candidate) => componentOf(candidate) === component);
  if (pod === undefined) return [];
  return services
    .filter(({ selector }) => selects(selector, pod))
    .flatMap(({ ports }) => ports.map(({ target }) => target));
}

function selects(selector: Service["selector"], { labels }: Pod): boolean {
  return Object.entries(selector ?? {}).every(([key, value]) => labels[key] === value);
}

function protocolOf({ ports }: Service, port: number): "TCP" | "UDP" {
  return ports.find((own) => own.port === port)?.protocol === "UDP" ? "UDP" : "TCP";
}

/** Services whose addresses a workload gets in its environment. */
function addressesIn(
  { containers }: Workload,
  { services }: Cluster,
): { variable: string; service: Service; port: number }[] {
  return containers.flatMap(({ env }) =>
    Object.entries(env ?? {}).flatMap(([variable, value]) => {
      if (typeof value !== "string" || !ADDRESS.test(variable) || PUBLIC.test(value)) return [];
      const [, name, port] = /^(?:http:\/\/)?([a-z0-9-]+)(?:\.retool[a-z.]*)?(?::(\d+))?$/.exec(value) ?? [];
      const service = services.find((candidate) => candidate.name === name && candidate.clusterIp !== undefined);
      if (service === undefined) return [];
      return portsOf(service, port ?? env?.[`${variable.replace(/_HOST$/, "")}_PORT`]).map((number) => ({
        variable,
        service,
        port: number,
      }));
    }),
  );
}

/** An address without a port may mean any port of the Service. */
function portsOf({ ports }: Service, port: unknown): number[] {
  return port === undefined ? ports.map((own) => own.port) : [Number(port)];
}
