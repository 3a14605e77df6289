import { planExistingBlobStorage } from "../../domain/storage/other-providers";
import { releasePatches } from "../../domain/chart/post-render";
import type { HelmValues } from "../../domain/chart/values";
import type { RetoolSpec } from "../../domain/retool/retool";
import { context } from "../support/fakes";
import {
  type Container,
  type Rendered,
  type Workload,
  deployments,
  describeWithChart,
  render,
  variable,
} from "../support/helm-template";
import { refusedPods } from "../support/pod-validation";
import { EVERYTHING, EXISTING_STORAGE, TEMPORAL } from "../support/release-choices";
import { CERTIFICATE, capacity, releaseInput, releaseValues } from "../support/retool-release";
import { StrictValidation, describeWithApiServer } from "../support/strict-validation";

const CODE = ["seccomp", "privileged", "unsandboxed"] as const;

/** One environment of the matrix. */
interface Combination {
  readonly profile: "production" | "evaluation";
  readonly temporal: string;
  readonly storage: "s3" | "s3-keys" | "gcs" | "azure";
  readonly device: "device plugin" | "host path";
  readonly proxy: "host of its own" | "Retool's host";
  readonly code: (typeof CODE)[number];
}

/** Every profile, Temporal, storage and sandbox; the three ways to run users' code take turns. */
const COMBINATIONS: readonly Combination[] = (["production", "evaluation"] as const)
  .flatMap((profile) => Object.keys(TEMPORAL).map((temporal) => ({ profile, temporal })))
  .flatMap((one) => (["s3", "s3-keys", "gcs", "azure"] as const).map((storage) => ({ ...one, storage })))
  .flatMap((one) => (["device plugin", "host path"] as const).map((device) => ({ ...one, device })))
  .flatMap((one) => (["host of its own", "Retool's host"] as const).map((proxy) => ({ ...one, proxy })))
  .map((one, index) => ({ ...one, code: CODE[index % CODE.length]! }));

function valuesOf({ profile, temporal, storage, device, proxy, code }: Combination): HelmValues {
  const { hostnames } = releaseInput();
  const retool: RetoolSpec = { profile, codeExecutor: { sandboxing: code } };
  const existing = EXISTING_STORAGE.find(({ kind }) => kind === storage);
  return releaseValues({
    temporal: TEMPORAL[temporal],
    retool,
    input: {
      ...(existing === undefined ? {} : { blobStorage: planExistingBlobStorage(existing, context).plan }),
      hostnames: proxy === "Retool's host" ? { appHost: hostnames.appHost } : hostnames,
      capacity: { ...capacity, sandbox: { ...capacity.sandbox, devicePlugin: device === "device plugin" } },
    },
  });
}

/** Image and services of each container, from the table of https://docs.retool.com/self-hosted/self-managed/quickstart. */
const TABLE: readonly (readonly [string, string, readonly string[] | undefined])[] = [
  // The chart adds the Git server, which came with Retool 4.0 and runs in api unless it is split off.
  ["retool", "backend", ["MAIN_BACKEND", "DB_CONNECTOR", "DB_SSH_CONNECTOR", "RR_GIT_SERVER"]],
  ["retool-jobs-runner", "backend", ["JOBS_RUNNER"]],
  ["retool-workflow-worker", "backend", ["WORKFLOW_TEMPORAL_WORKER"]],
  ["retool-workflow-backend", "backend", ["WORKFLOW_BACKEND", "DB_CONNECTOR", "DB_SSH_CONNECTOR"]],
  ["retool-code-executor", "code-executor-service", undefined],
  ["retool-js-executor", "js-executor-service", undefined],
  ["retool-agent-sandbox-controller", "agent-sandbox-service", undefined],
  ["retool-agent-sandbox-proxy", "agent-sandbox-service", undefined],
  // Part of agent-sandbox in the documentation, a Deployment of the backend image in the chart.
  ["retool-r2-agent-worker", "backend", ["R2_AGENT_TEMPORAL_WORKER"]],
];

describeWithChart("the rendered chart", () => {
  const rendered: Rendered[] = [];

  test("there are at least sixty combinations", () => {
    expect(COMBINATIONS.length).toBeGreaterThanOrEqual(60);
  });

  test.each(COMBINATIONS)(
    "$profile, Temporal $temporal, storage $storage, $device, $proxy, $code: has what the documentation asks for",
    (combination) => {
      const { retool } = releaseInput({ retool: { profile: combination.profile } });
      const { objects, error } = render(
        valuesOf(combination),
        "1.35.0",
        "retool",
        releasePatches(retool, { region: context.region }),
      );
      const found = deployments(objects);
      rendered.push(...objects);

      expect(error).toBe("");
      expect(refusedPods(objects)).toEqual([]);
      expectDocumentedContainers(found);
      expectOnePlaceForMigrations(Object.values(found));
      expectNoPreference(Object.values(found));
      expectNothingPrivileged(objects, combination.code === "privileged" ? ["code-executor"] : []);
      expectNoUnwantedObjects(objects);
      expectNoDefaultCredential(objects);
      expectNoSecretBesideUsersCode(found);
      expectOneStorage(found, combination);
    },
  );

  describeWithApiServer("is taken by a Kubernetes API server", () => {
    test("object by object, with no field that it does not know", async () => {
      const everything = CODE.flatMap((sandboxing) => {
        const choice = { retool: { ...EVERYTHING, certificateAuthorities: CERTIFICATE, codeExecutor: { sandboxing } } };
        const patches = releasePatches(releaseInput(choice).retool, { region: context.region });
        return render(releaseValues(choice), "1.35.0", "retool", patches).objects;
      });

      expect(rendered.length).toBeGreaterThan(COMBINATIONS.length);
      expect(await new StrictValidation().complaints([...rendered, ...everything])).toEqual([]);
      expect(await new StrictValidation().complaintsOfPods([...rendered, ...everything])).toEqual([]);
    }, 600_000);

    test("which refuses a sandbox that is wrong", async () => {
      const pod = { metadata: {}, spec: { restartPolicy: "Sometimes", containers: [{ name: "a", image: "a" }] } };
      const template = { kind: "Job", spec: { template: pod } };
      const data = { "job-template.json": JSON.stringify(template, undefined, 2) };

      expect(
        await new StrictValidation().complaintsOfPods([{ kind: "ConfigMap", metadata: { name: "jobs" }, data }]),
      ).toEqual([expect.stringContaining("Sometimes")]);
    });

    test("which refuses what is wrong", async () => {
      const wrong = { apiVersion: "v1", kind: "Service", metadata: { name: "a" }, spec: { ports: [{ prt: 1 }] } };

      expect(await new StrictValidation().complaints([wrong])).toEqual([expect.stringContaining("prt")]);
    });
  });
});

/** Karpenter launches a node for each pod that prefers one, and the scheduler leaves some of them empty. */
function expectNoPreference(found: readonly Workload[]): void {
  const preferring = found.filter(({ spec }) => /"preferred[^"]*":\[\{/.test(JSON.stringify(spec.template.spec)));
  expect(preferring.map(({ metadata }) => metadata.name)).toEqual([]);
}

function expectDocumentedContainers(found: Readonly<Record<string, Workload>>): void {
  for (const [name, image, services] of TABLE) {
    const [container] = found[name]?.spec.template.spec.containers ?? [];
    expect([name, container?.image]).toEqual([name, `tryretool/${image}:4.0.9-stable`]);
    expect([name, variable(found[name], "SERVICE_TYPE")?.split(",")]).toEqual([name, services]);
  }
}

/** Exactly one pod migrates, and it is not an api pod. */
function expectOnePlaceForMigrations(found: readonly Workload[]): void {
  const runners = found.filter((one) => variable(one, "SERVICE_TYPE")?.split(",").includes("JOBS_RUNNER"));
  expect(runners.map(({ metadata, spec }) => [metadata.name, spec.replicas])).toEqual([["retool-jobs-runner", 1]]);
}

function expectNothingPrivileged(objects: readonly Rendered[], allowed: readonly string[]): void {
  const privileged = containersOf(objects).filter(({ securityContext }) => securityContext?.["privileged"] === true);
  expect(privileged.map(({ name }) => name)).toEqual(allowed);
}

function expectNoUnwantedObjects(objects: readonly Rendered[]): void {
  const unwanted = ["Ingress", "NetworkPolicy", "StatefulSet", "PersistentVolumeClaim", "ClusterRole"];
  expect(objects.map(({ kind }) => kind).filter((kind) => unwanted.includes(kind))).toEqual([]);
  expect(containersOf(objects).filter(({ image }) => image.includes("postgres"))).toEqual([]);
}

/** What stands in the chart's own Secret in place of keys that are elsewhere. */
const PLACEHOLDERS = ["", "EXPIRED-LICENSE-KEY-TRIAL", "unused-the-key-is-in-the-secret"];

/** The chart's own Secret holds no key. */
function expectNoDefaultCredential(objects: readonly Rendered[]): void {
  const secrets = objects.filter(({ kind }) => kind === "Secret");
  const filled = secrets.flatMap((secret) => {
    const { data = {}, stringData = {}, metadata } = secret as unknown as SecretObject;
    const values = {
      ...mapValues(data, (value) => Buffer.from(value ?? "", "base64").toString("utf8")),
      ...stringData,
    };
    return Object.entries(values)
      .filter(([, value]) => !PLACEHOLDERS.includes(value ?? ""))
      .map(([key]) => `${metadata.name}.${key}`);
  });
  expect(filled).toEqual([]);
}

interface SecretObject {
  readonly metadata: { readonly name: string };
  readonly data?: Readonly<Record<string, string | null>>;
  readonly stringData?: Readonly<Record<string, string | null>>;
}

function mapValues<From, To>(given: Readonly<Record<string, From>>, change: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(given).map(([key, value]) => [key, change(value)]));
}

function expectNoSecretBesideUsersCode(found: Readonly<Record<string, Workload>>): void {
  for (const name of ["retool-code-executor", "retool-js-executor"]) {
    expect(JSON.stringify(found[name])).not.toMatch(/secretKeyRef|secretRef|secretName/);
  }
}

/** Every pod that keeps files knows one provider, and finds its credential in the Secret that is meant for it. */
function expectOneStorage(found: Readonly<Record<string, Workload>>, { storage }: Combination): void {
  const provider = { s3: "s3", "s3-keys": "s3", gcs: "gcs", azure: "azure" }[storage];
  for (const name of ["retool", "retool-jobs-runner", "retool-workflow-worker", "retool-r2-agent-worker"]) {
    expect([name, variable(found[name], "RR_BLOB_STORAGE_PROVIDER")]).toEqual([name, provider]);
    expect([name, JSON.stringify(found[name]).includes('"retool-blob-storage"')]).toEqual([name, storage !== "s3"]);
  }
}

function containersOf(objects: readonly Rendered[]): Container[] {
  const workloads = objects.filter(({ kind }) => ["Deployment", "DaemonSet", "Job"].includes(kind)) as Workload[];
  return workloads.flatMap(({ spec }) => [
    ...spec.template.spec.containers,
    ...(spec.template.spec.initContainers ?? []),
  ]);
}
