import { type ContainerSpec, type Rule, broken, containerErrors, duplicates } from "./container-validation";

/**
 * The rules across fields by which an API server refuses a Pod after it has taken the Deployment, DaemonSet or Job that asks
 * for it. Such an object exists without a single pod, and only its events say why.
 *
 * Source: Kubernetes 1.34, pkg/apis/core/validation, `ValidatePodSpec` and what it calls.
 */

/** A requirement on labels. */
interface Requirement {
  readonly key: string;
  readonly operator: string;
  readonly values?: readonly string[] | null;
}

/** A selector of labels. */
interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>> | null;
  readonly matchExpressions?: readonly Requirement[] | null;
}

/** What an affinity term and a spread constraint share. */
interface PodSelector {
  readonly topologyKey?: string;
  readonly labelSelector?: LabelSelector | null;
  readonly matchLabelKeys?: readonly string[] | null;
  readonly mismatchLabelKeys?: readonly string[] | null;
}

interface PodTerms {
  readonly requiredDuringSchedulingIgnoredDuringExecution?: readonly PodSelector[];
  readonly preferredDuringSchedulingIgnoredDuringExecution?: readonly {
    readonly weight: number;
    readonly podAffinityTerm: PodSelector;
  }[];
}

interface NodeTerm {
  readonly matchExpressions?: readonly Requirement[] | null;
  readonly matchFields?: readonly Requirement[] | null;
}

interface NodeTerms {
  readonly requiredDuringSchedulingIgnoredDuringExecution?: { readonly nodeSelectorTerms?: readonly NodeTerm[] };
  readonly preferredDuringSchedulingIgnoredDuringExecution?: readonly {
    readonly weight: number;
    readonly preference: NodeTerm;
  }[];
}

/** Where a pod may run, next to which other pods. */
export interface Affinity {
  readonly nodeAffinity?: NodeTerms;
  readonly podAffinity?: PodTerms;
  readonly podAntiAffinity?: PodTerms;
}

/** How evenly pods are spread. */
export interface SpreadConstraint extends PodSelector {
  readonly maxSkew: number;
  readonly minDomains?: number;
  readonly whenUnsatisfiable?: string;
}

/** A taint that a pod accepts. */
export interface Toleration {
  readonly key?: string;
  readonly operator?: string;
  readonly value?: string;
  readonly effect?: string;
  readonly tolerationSeconds?: number;
}

/** The fields of a pod that the rules look at. */
export interface PodSpec {
  readonly containers: readonly ContainerSpec[];
  readonly initContainers?: readonly ContainerSpec[] | null;
  readonly volumes?: readonly Readonly<Record<string, unknown> & { name: string }>[] | null;
  readonly hostNetwork?: boolean;
  readonly hostUsers?: boolean | null;
  readonly hostPID?: boolean;
  readonly hostIPC?: boolean;
  readonly restartPolicy?: string;
  readonly priorityClassName?: string | null;
  readonly terminationGracePeriodSeconds?: number | null;
  readonly tolerations?: readonly Toleration[] | null;
  readonly affinity?: Affinity | null;
  readonly topologySpreadConstraints?: readonly SpreadConstraint[] | null;
}

/** An object that makes pods. */
export interface PodMaker {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: unknown;
}

interface MakerSpec {
  readonly selector?: LabelSelector;
  readonly template: { readonly metadata?: { readonly labels?: Record<string, string> }; readonly spec: PodSpec };
}

const MAKERS = ["Deployment", "DaemonSet", "StatefulSet", "Job"];

/** Lists why the pods of these objects would be refused; other kinds of objects are passed over. */
export function refusedPods(objects: readonly { readonly kind: string }[]): string[] {
  return objects
    .filter(({ kind }) => MAKERS.includes(kind))
    .flatMap((object) => {
      const { kind, metadata, spec } = object as PodMaker;
      return errorsOf(kind, spec as MakerSpec).map((error) => `${kind}/${metadata.name}: ${error}`);
    });
}

function errorsOf(kind: string, { selector, template }: MakerSpec): string[] {
  const allowed = kind === "Job" ? ["Never", "OnFailure"] : ["Always", undefined];
  const labels = template.metadata?.labels ?? {};
  const unmatched = Object.entries(selector?.matchLabels ?? {}).filter(([key, value]) => labels[key] !== value);
  return [
    ...(allowed.includes(template.spec.restartPolicy) ? [] : [`restartPolicy ${template.spec.restartPolicy}`]),
    ...unmatched.map(([key]) => `the selector's ${key} is not the label of its own pods`),
    ...podErrors(template.spec),
  ];
}

const sharesHost = ({ hostNetwork, hostPID, hostIPC }: PodSpec): boolean =>
  [hostNetwork, hostPID, hostIPC].includes(true);

const POD_RULES: readonly Rule<PodSpec>[] = [
  [({ containers }) => containers.length === 0, () => "no container"],
  [
    (pod) => pod.hostUsers === false && sharesHost(pod),
    () => "hostUsers: false does not go with the host's network, PIDs or IPC",
  ],
  [({ terminationGracePeriodSeconds: grace }) => (grace ?? 0) < 0, () => "terminationGracePeriodSeconds is negative"],
  [
    ({ priorityClassName }) => !isSubdomain(priorityClassName ?? "a"),
    (pod) => `priorityClass ${pod.priorityClassName}`,
  ],
];

/** Lists why a pod would be refused. */
export function podErrors(pod: PodSpec): string[] {
  const containers = [...(pod.initContainers ?? []), ...pod.containers];
  const volumes = (pod.volumes ?? []).map(({ name }) => name);
  return [
    ...broken(pod, POD_RULES),
    ...duplicates(containers.map(({ name }) => name)).map((name) => `two containers are called ${name}`),
    ...duplicates(volumes).map((name) => `two volumes are called ${name}`),
    ...(pod.volumes ?? []).flatMap(volumeErrors),
    ...containers.flatMap((one) => containerErrors(one, volumes, pod).map((error) => `${one.name}: ${error}`)),
    ...duplicates(containers.flatMap(hostPorts)).map((port) => `host port ${port} is taken twice`),
    ...(pod.tolerations ?? []).flatMap((toleration) => broken(toleration, TOLERATION_RULES)),
    ...affinityErrors(pod.affinity ?? {}),
    ...spreadErrors(pod.topologySpreadConstraints ?? []),
  ];
}

function volumeErrors({ name, ...sources }: { readonly name: string }): string[] {
  const given = Object.keys(sources);
  return given.length === 1 ? [] : [`volume ${name} has ${given.length} sources: ${given.join(", ")}`];
}

function hostPorts({ ports }: ContainerSpec): string[] {
  return (ports ?? []).flatMap(({ hostPort, protocol = "TCP" }) =>
    hostPort === undefined ? [] : [`${hostPort}/${protocol}`],
  );
}

const EFFECTS = ["", "NoSchedule", "PreferNoSchedule", "NoExecute"];

const TOLERATION_RULES: readonly Rule<Toleration>[] = [
  [
    ({ operator = "Equal" }) => !["Equal", "Exists"].includes(operator),
    ({ key, operator }) => `toleration ${key}: operator ${operator}`,
  ],
  [
    ({ key = "", operator }) => key === "" && operator !== "Exists",
    () => "toleration without a key needs the operator Exists",
  ],
  [
    ({ operator, value = "" }) => operator === "Exists" && value !== "",
    ({ key }) => `toleration ${key}: Exists takes no value`,
  ],
  [({ effect = "" }) => !EFFECTS.includes(effect), ({ key, effect }) => `toleration ${key}: effect ${effect}`],
  [
    ({ tolerationSeconds, effect }) => tolerationSeconds !== undefined && effect !== "NoExecute",
    ({ key }) => `toleration ${key}: tolerationSeconds needs the effect NoExecute`,
  ],
];

function affinityErrors({ nodeAffinity = {}, ...between }: Affinity): string[] {
  const { nodeSelectorTerms } = nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution ?? {};
  const preferredNodes = nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution ?? [];
  const nodeTerms = [...(nodeSelectorTerms ?? []), ...preferredNodes.map(({ preference }) => preference)];
  const preferred = Object.values(between).flatMap(
    (terms: PodTerms) => terms.preferredDuringSchedulingIgnoredDuringExecution ?? [],
  );
  const required = Object.values(between).flatMap(
    (terms: PodTerms) => terms.requiredDuringSchedulingIgnoredDuringExecution ?? [],
  );
  return [
    ...(nodeSelectorTerms?.length === 0 ? ["nodeSelectorTerms is empty"] : []),
    ...nodeTerms.flatMap(({ matchExpressions }) => (matchExpressions ?? []).flatMap(nodeRequirementErrors)),
    ...[...preferred, ...preferredNodes].flatMap(({ weight }) =>
      weight >= 1 && weight <= 100 ? [] : [`weight ${weight} is not between 1 and 100`],
    ),
    ...[...required, ...preferred.map(({ podAffinityTerm }) => podAffinityTerm)].flatMap(selectorErrors),
  ];
}

const SPREAD_RULES: readonly Rule<SpreadConstraint>[] = [
  [({ maxSkew }) => maxSkew < 1, ({ maxSkew }) => `maxSkew ${maxSkew}`],
  [
    ({ whenUnsatisfiable = "" }) => !["DoNotSchedule", "ScheduleAnyway"].includes(whenUnsatisfiable),
    ({ whenUnsatisfiable }) => `whenUnsatisfiable ${whenUnsatisfiable}`,
  ],
  [({ minDomains = 1 }) => minDomains < 1, ({ minDomains }) => `minDomains ${minDomains}`],
  [
    ({ minDomains, whenUnsatisfiable }) => minDomains !== undefined && whenUnsatisfiable !== "DoNotSchedule",
    ({ whenUnsatisfiable }) => `minDomains needs DoNotSchedule, not ${whenUnsatisfiable}`,
  ],
];

function spreadErrors(constraints: readonly SpreadConstraint[]): string[] {
  const pairs = constraints.map(({ topologyKey, whenUnsatisfiable }) => `${topologyKey} ${whenUnsatisfiable}`);
  return [
    ...duplicates(pairs).map((pair) => `two topology spread constraints for ${pair}`),
    ...constraints.flatMap((one) => [...broken(one, SPREAD_RULES), ...selectorErrors(one)]),
  ];
}

const compares = ({ matchLabelKeys, mismatchLabelKeys }: PodSelector): boolean =>
  (matchLabelKeys?.length ?? 0) + (mismatchLabelKeys?.length ?? 0) > 0;

const SELECTOR_RULES: readonly Rule<PodSelector>[] = [
  [({ topologyKey = "" }) => topologyKey === "", () => "topologyKey is missing"],
  [(one) => compares(one) && (one.labelSelector ?? null) === null, () => "matchLabelKeys needs a labelSelector"],
];

/** The rules that a spread constraint and a term of affinity share. */
function selectorErrors(selector: PodSelector): string[] {
  const { matchLabels, matchExpressions } = selector.labelSelector ?? {};
  const expressions = matchExpressions ?? [];
  const named = [...Object.keys(matchLabels ?? {}), ...expressions.map(({ key }) => key)];
  const mismatched = selector.mismatchLabelKeys ?? [];
  const twice = (where: string, keys: readonly string[]): string[] =>
    (selector.matchLabelKeys ?? [])
      .filter((key) => keys.includes(key))
      .map((key) => `${key} exists in both matchLabelKeys and ${where}`);
  return [
    ...broken(selector, SELECTOR_RULES),
    ...twice("labelSelector", named),
    ...twice("mismatchLabelKeys", mismatched),
    ...expressions.flatMap(labelRequirementErrors),
  ];
}

function labelRequirementErrors({ key, operator, values }: Requirement): string[] {
  const count = values?.length ?? 0;
  if (["In", "NotIn"].includes(operator)) return count > 0 ? [] : [`${key}: ${operator} needs values`];
  if (["Exists", "DoesNotExist"].includes(operator)) return count === 0 ? [] : [`${key}: ${operator} takes no values`];
  return [`${key}: operator ${operator}`];
}

function nodeRequirementErrors(requirement: Requirement): string[] {
  const { key, operator, values } = requirement;
  if (!["Gt", "Lt"].includes(operator)) return labelRequirementErrors(requirement);
  return values?.length === 1 && /^-?\d+$/.test(values[0] ?? "") ? [] : [`${key}: ${operator} needs one whole number`];
}

function isSubdomain(name: string): boolean {
  return name.length <= 253 && /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/.test(name);
}
