import { type PodMaker, type PodSpec, podErrors, refusedPods } from "./pod-validation";

const container = { name: "api", image: "tryretool/backend:4.0.9-stable" };
const pod: PodSpec = { containers: [container] };
const within = (fields: object): PodSpec => ({ containers: [{ ...container, ...fields }] });
const term = { topologyKey: "kubernetes.io/hostname", labelSelector: {}, matchLabelKeys: ["pod-template-hash"] };
const apart = (fields: object): PodSpec => ({
  ...pod,
  affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ ...term, ...fields }] } },
});
const spread = (fields: object): PodSpec => ({
  ...pod,
  topologySpreadConstraints: [{ ...term, maxSkew: 1, whenUnsatisfiable: "DoNotSchedule", ...fields }],
});
const name = { key: "app.kubernetes.io/name", operator: "Exists" };

describe("a pod is accepted", () => {
  test.each<[string, PodSpec]>([
    ["with nothing but a container", pod],
    ["apart from its own revision", apart({})],
    ["spread over two zones", spread({ minDomains: 2 })],
    ["with devices", within({ resources: { requests: { "a.example/b": 1 }, limits: { "a.example/b": "1" } } })],
  ])("%s", (_, accepted) => {
    expect(podErrors(accepted)).toEqual([]);
  });
});

describe("a pod is refused", () => {
  test.each<[string, PodSpec]>([
    [
      "app.kubernetes.io/name exists in both matchLabelKeys and labelSelector",
      apart({ labelSelector: { matchExpressions: [name] }, matchLabelKeys: ["app.kubernetes.io/name"] }),
    ],
    ["matchLabelKeys needs a labelSelector", apart({ labelSelector: undefined })],
    ["topologyKey is missing", apart({ topologyKey: "" })],
    [
      "minDomains needs DoNotSchedule, not ScheduleAnyway",
      spread({ minDomains: 2, whenUnsatisfiable: "ScheduleAnyway" }),
    ],
    ["maxSkew 0", spread({ maxSkew: 0 })],
    [
      "pod-template-hash exists in both matchLabelKeys and labelSelector",
      spread({ labelSelector: { matchLabels: { "pod-template-hash": "a" } } }),
    ],
    [
      "api: the request of cpu is above its limit",
      within({ resources: { requests: { cpu: 2 }, limits: { cpu: "1500m" } } }),
    ],
    [
      "api: the request of memory is above its limit",
      within({ resources: { requests: { memory: "2Gi" }, limits: { memory: "2000Mi" } } }),
    ],
    [
      "api: the request of a.example/b is not its limit",
      within({ resources: { requests: { "a.example/b": 1 }, limits: { "a.example/b": 2 } } }),
    ],
    [
      "api: two ports are called http",
      within({
        ports: [
          { name: "http", containerPort: 1 },
          { name: "http", containerPort: 2 },
        ],
      }),
    ],
    ["api: livenessProbe has 2 handlers", within({ livenessProbe: { httpGet: { port: 1 }, exec: {} } })],
    [
      "api: livenessProbe must succeed once, not more often",
      within({ livenessProbe: { httpGet: { port: 1 }, successThreshold: 2 } }),
    ],
    ["api: startupProbe asks the unknown port http", within({ startupProbe: { httpGet: { port: "http" } } })],
    ["api: no volume ca", within({ volumeMounts: [{ name: "ca", mountPath: "/ca" }] })],
    ["api: A has both a value and valueFrom", within({ env: [{ name: "A", value: "1", valueFrom: {} }] })],
    ["api: the value of A is not a text", within({ env: [{ name: "A", value: 1 }] })],
    [
      "api: is privileged, but may not gain privileges",
      within({ securityContext: { privileged: true, allowPrivilegeEscalation: false } }),
    ],
    ["api: procMount Unmasked needs hostUsers: false", within({ securityContext: { procMount: "Unmasked" } })],
    [
      "api: seccompProfile: localhostProfile goes with Localhost",
      within({ securityContext: { seccompProfile: { type: "Localhost" } } }),
    ],
    ["two containers are called api", { containers: [container, container] }],
    ["volume a has 2 sources: emptyDir, secret", { ...pod, volumes: [{ name: "a", emptyDir: {}, secret: {} }] }],
    [
      "hostUsers: false does not go with the host's network, PIDs or IPC",
      { ...pod, hostNetwork: true, hostUsers: false },
    ],
    ["toleration a: Exists takes no value", { ...pod, tolerations: [{ key: "a", operator: "Exists", value: "b" }] }],
    ["toleration without a key needs the operator Exists", { ...pod, tolerations: [{ value: "b" }] }],
    [
      "toleration a: tolerationSeconds needs the effect NoExecute",
      { ...pod, tolerations: [{ key: "a", tolerationSeconds: 5 }] },
    ],
    [
      "zone: In needs values",
      {
        ...pod,
        affinity: {
          nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: {
              nodeSelectorTerms: [{ matchExpressions: [{ key: "zone", operator: "In", values: [] }] }],
            },
          },
        },
      },
    ],
  ])("%s", (error, refused) => {
    expect(podErrors(refused)).toEqual([error]);
  });

  test("under the name of the object that asks for it", () => {
    const maker: PodMaker = {
      kind: "Deployment",
      metadata: { name: "retool" },
      spec: { selector: { matchLabels: { app: "a" } }, template: { metadata: { labels: {} }, spec: pod } },
    };

    expect(refusedPods([maker, { kind: "Service" }])).toEqual([
      "Deployment/retool: the selector's app is not the label of its own pods",
    ]);
  });
});
