/** A way to look at a container, or to end it. */
interface Handler {
  readonly httpGet?: { readonly port: number | string };
  readonly tcpSocket?: { readonly port: number | string };
  readonly exec?: unknown;
  readonly grpc?: unknown;
  readonly sleep?: unknown;
}

interface Probe extends Handler {
  readonly periodSeconds?: number;
  readonly timeoutSeconds?: number;
  readonly failureThreshold?: number;
  readonly successThreshold?: number;
  readonly initialDelaySeconds?: number;
  readonly terminationGracePeriodSeconds?: number;
}

interface Profile {
  readonly type?: string;
  readonly localhostProfile?: string;
}

interface SecurityContext {
  readonly privileged?: boolean;
  readonly allowPrivilegeEscalation?: boolean;
  readonly procMount?: string;
  readonly runAsNonRoot?: boolean;
  readonly runAsUser?: number;
  readonly capabilities?: { readonly add?: readonly string[] | null } | null;
  readonly seccompProfile?: Profile;
  readonly appArmorProfile?: Profile;
}

type Quantities = Readonly<Record<string, string | number>>;

/** The fields of a container that the rules look at. */
export interface ContainerSpec {
  readonly name: string;
  readonly image?: string;
  readonly ports?:
    | readonly {
        readonly name?: string;
        readonly containerPort: number;
        readonly hostPort?: number;
        readonly protocol?: string;
      }[]
    | null;
  readonly env?: readonly { readonly name: string; readonly value?: unknown; readonly valueFrom?: unknown }[] | null;
  readonly resources?: { readonly requests?: Quantities | null; readonly limits?: Quantities | null } | null;
  readonly volumeMounts?: readonly { readonly name: string; readonly mountPath?: string }[] | null;
  readonly livenessProbe?: Probe | null;
  readonly readinessProbe?: Probe | null;
  readonly startupProbe?: Probe | null;
  readonly lifecycle?: { readonly preStop?: Handler | null; readonly postStart?: Handler | null } | null;
  readonly securityContext?: SecurityContext | null;
}

/** What of the pod decides about its containers. */
interface Surroundings {
  readonly hostNetwork?: boolean;
  readonly hostUsers?: boolean | null;
}

/** Something that must not be, and what to say of it. */
export type Rule<Subject> = readonly [isBroken: (subject: Subject) => boolean, complaint: (subject: Subject) => string];

/** Lists the complaints of the rules that a subject breaks. */
export function broken<Subject>(subject: Subject, rules: readonly Rule<Subject>[]): string[] {
  return rules.filter(([isBroken]) => isBroken(subject)).map(([, complaint]) => complaint(subject));
}

const CONTAINER_RULES: readonly Rule<ContainerSpec>[] = [
  [({ name }) => !/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(name), ({ name }) => `${name} is not a name`],
  [({ image = "" }) => image === "" || image.trim() !== image, ({ image }) => `image "${image}"`],
];

/** Lists why a pod would be refused because of one container. */
export function containerErrors(container: ContainerSpec, volumes: readonly string[], pod: Surroundings): string[] {
  const hooks = Object.values<Handler | null>(container.lifecycle ?? {});
  return [
    ...broken(container, CONTAINER_RULES),
    ...portErrors(container.ports ?? [], pod.hostNetwork === true),
    ...mountErrors(container.volumeMounts ?? [], volumes),
    ...(container.env ?? []).flatMap((variable) => broken(variable, VARIABLE_RULES)),
    ...resourceErrors(container.resources ?? {}),
    ...PROBES.flatMap((kind) => probeErrors(kind, container[kind] ?? undefined, container.ports ?? [])),
    ...hooks.flatMap((handler) => handlerErrors("hook", handler)),
    ...securityErrors(container.securityContext ?? {}, pod),
  ];
}

function mountErrors(mounts: NonNullable<ContainerSpec["volumeMounts"]>, volumes: readonly string[]): string[] {
  const paths = mounts.map(({ mountPath = "" }) => mountPath);
  return [
    ...mounts.filter(({ name }) => !volumes.includes(name)).map(({ name }) => `no volume ${name}`),
    ...mounts.filter(({ mountPath = "" }) => mountPath === "").map(({ name }) => `${name} has no mountPath`),
    ...duplicates(paths).map((path) => `${path} is mounted twice`),
  ];
}

type Port = NonNullable<ContainerSpec["ports"]>[number];

const PORT_RULES: readonly Rule<Port>[] = [
  [
    ({ name }) =>
      name !== undefined && (name.length > 15 || !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name) || !/[a-z]/.test(name)),
    ({ name }) => `${name} is not the name of a port`,
  ],
  [({ containerPort: port }) => !(port >= 1 && port <= 65_535), ({ containerPort }) => `port ${containerPort}`],
  [({ protocol = "TCP" }) => !["TCP", "UDP", "SCTP"].includes(protocol), ({ protocol }) => `protocol ${protocol}`],
];

const HOST_PORT_RULE: Rule<Port> = [
  ({ containerPort, hostPort = containerPort }) => hostPort !== containerPort,
  ({ containerPort, hostPort }) => `host port ${hostPort} is not ${containerPort} on the host's network`,
];

function portErrors(ports: readonly Port[], hostNetwork: boolean): string[] {
  const names = ports.flatMap(({ name }) => (name === undefined ? [] : [name]));
  const rules = hostNetwork ? [...PORT_RULES, HOST_PORT_RULE] : PORT_RULES;
  return [
    ...duplicates(names).map((name) => `two ports are called ${name}`),
    ...ports.flatMap((port) => broken(port, rules)),
  ];
}

type Variable = NonNullable<ContainerSpec["env"]>[number];

const hasValue = ({ value }: Variable): boolean => value !== undefined && value !== null && value !== "";

const VARIABLE_RULES: readonly Rule<Variable>[] = [
  [({ name }) => !/^[-._a-zA-Z][-._a-zA-Z0-9]*$/.test(name), ({ name }) => `${name} is not the name of a variable`],
  [(one) => hasValue(one) && typeof one.value !== "string", ({ name }) => `the value of ${name} is not a text`],
  [(one) => hasValue(one) && one.valueFrom !== undefined, ({ name }) => `${name} has both a value and valueFrom`],
];

interface Amounts {
  readonly name: string;
  readonly request: number | undefined;
  readonly limit: number | undefined;
}

const isExtended = ({ name }: Amounts): boolean => name.includes("/");

/** The first that is broken counts. */
const RESOURCE_RULES: readonly Rule<Amounts>[] = [
  [({ request, limit }) => [request, limit].some(Number.isNaN), ({ name }) => `${name} is not a quantity`],
  [
    (one) => isExtended(one) && one.request !== undefined && one.request !== one.limit,
    ({ name }) => `the request of ${name} is not its limit`,
  ],
  [(one) => isExtended(one) && !Number.isInteger(one.limit), ({ name }) => `${name} is not a whole number`],
  [
    ({ request, limit }) => request !== undefined && limit !== undefined && request > limit,
    ({ name }) => `the request of ${name} is above its limit`,
  ],
];

function resourceErrors({ requests, limits }: NonNullable<ContainerSpec["resources"]>): string[] {
  const names = [...new Set([...Object.keys(requests ?? {}), ...Object.keys(limits ?? {})])];
  return names.flatMap((name) =>
    broken({ name, request: amount(requests?.[name]), limit: amount(limits?.[name]) }, RESOURCE_RULES).slice(0, 1),
  );
}

const UNITS: Readonly<Record<string, number>> = {
  ...{ "": 1, m: 1e-3, k: 1e3, M: 1e6, G: 1e9, T: 1e12 },
  ...{ Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40 },
};

/** The number that a quantity of Kubernetes stands for; NaN where it is none. */
export function amount(quantity: string | number | undefined): number | undefined {
  if (quantity === undefined) return undefined;
  const [, digits = "", unit = ""] = /^(\d+(?:\.\d+)?)([A-Za-z]*)$/.exec(String(quantity)) ?? [];
  return digits === "" ? Number.NaN : Number(digits) * (UNITS[unit] ?? Number.NaN);
}

const PROBES = ["livenessProbe", "readinessProbe", "startupProbe"] as const;

const numbersOf = ({ periodSeconds, timeoutSeconds, failureThreshold, ...probe }: Probe): (number | undefined)[] => [
  ...[periodSeconds, timeoutSeconds, failureThreshold, probe.successThreshold, probe.terminationGracePeriodSeconds],
];

const PROBE_RULES: readonly Rule<Probe>[] = [
  [(probe) => numbersOf(probe).some((number = 1) => number < 1), () => "has a number below 1"],
  [({ initialDelaySeconds: delay = 0 }) => delay < 0, () => "has a negative delay"],
];

const ENDING_PROBE_RULES: readonly Rule<Probe>[] = [
  ...PROBE_RULES,
  [({ successThreshold = 1 }) => successThreshold !== 1, () => "must succeed once, not more often"],
];

const READINESS_RULES: readonly Rule<Probe>[] = [
  ...PROBE_RULES,
  [({ terminationGracePeriodSeconds: grace }) => grace !== undefined, () => "ends no container"],
];

function probeErrors(kind: (typeof PROBES)[number], probe: Probe | undefined, ports: readonly Port[]): string[] {
  if (probe === undefined) return [];
  const port = probe.httpGet?.port ?? probe.tcpSocket?.port;
  const isUnknown = typeof port === "string" && !ports.some(({ name }) => name === port);
  const rules = kind === "readinessProbe" ? READINESS_RULES : ENDING_PROBE_RULES;
  return [
    ...handlerErrors(kind, probe),
    ...broken(probe, rules).map((complaint) => `${kind} ${complaint}`),
    ...(isUnknown ? [`${kind} asks the unknown port ${port}`] : []),
  ];
}

const HANDLERS = ["httpGet", "tcpSocket", "exec", "grpc", "sleep"] as const;

function handlerErrors(kind: string, handler: Handler | null): string[] {
  const count = HANDLERS.filter((name) => handler?.[name] !== undefined).length;
  return handler === null || count === 1 ? [] : [`${kind} has ${count} handlers`];
}

const mayNotGain = ({ allowPrivilegeEscalation }: SecurityContext): boolean => allowPrivilegeEscalation === false;
const isAdmin = ({ capabilities }: SecurityContext): boolean =>
  (capabilities?.add ?? []).some((name) => ["SYS_ADMIN", "CAP_SYS_ADMIN"].includes(name));

const SECURITY_RULES: readonly Rule<SecurityContext & Surroundings>[] = [
  [(one) => one.privileged === true && mayNotGain(one), () => "is privileged, but may not gain privileges"],
  [(one) => isAdmin(one) && mayNotGain(one), () => "has CAP_SYS_ADMIN, but may not gain privileges"],
  [
    ({ procMount, hostUsers }) => procMount === "Unmasked" && hostUsers !== false,
    () => "procMount Unmasked needs hostUsers: false",
  ],
  [({ runAsNonRoot, runAsUser }) => runAsNonRoot === true && runAsUser === 0, () => "runs as root, but must not"],
];

const PROFILE_RULES: readonly Rule<Profile>[] = [
  [({ type = "" }) => !["Localhost", "RuntimeDefault", "Unconfined"].includes(type), ({ type }) => `type ${type}`],
  [
    ({ type, localhostProfile }) => (type === "Localhost") !== (localhostProfile !== undefined),
    () => "localhostProfile goes with Localhost",
  ],
];

function securityErrors({ seccompProfile, appArmorProfile, ...context }: SecurityContext, pod: Surroundings): string[] {
  const profiles = Object.entries({ seccompProfile, appArmorProfile });
  return [
    ...broken({ ...context, ...pod }, SECURITY_RULES),
    ...profiles.flatMap(([kind, profile]) =>
      profile === undefined ? [] : broken(profile, PROFILE_RULES).map((complaint) => `${kind}: ${complaint}`),
    ),
  ];
}

/** Names that stand more than once in a list. */
export function duplicates(names: readonly string[]): string[] {
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
}
