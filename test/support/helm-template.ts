import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { parseAllDocuments } from "yaml";

import type { ReleasePatch } from "../../domain/chart/post-render";
import type { JsonObject } from "../../domain/common/kubernetes";

const binary = process.env["HELM_BINARY"] ?? "";
const chart = process.env["RETOOL_CHART"] ?? "";

/** Whether Helm and the chart are on this machine. */
export const canRender = existsSync(binary) && existsSync(chart);

if (!canRender) {
  process.stdout.write(
    "tests of the rendered Retool chart are skipped: set HELM_BINARY to a helm binary and RETOOL_CHART to the chart's folder\n",
  );
}

/** `describe` where the chart can be rendered, `describe.skip` elsewhere. */
export const describeWithChart: jest.Describe = canRender ? describe : describe.skip;

/** One object of a rendering. */
export interface Rendered {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
  readonly [key: string]: unknown;
}

/** A container of a pod. */
export interface Container {
  readonly name: string;
  readonly image: string;
  readonly env?: readonly { readonly name: string; readonly value?: string; readonly valueFrom?: unknown }[];
  readonly envFrom?: readonly unknown[];
  readonly securityContext?: Readonly<Record<string, unknown>>;
  readonly volumeMounts?: readonly { readonly mountPath: string }[] | null;
  readonly resources?: { readonly limits?: Readonly<Record<string, string>> };
}

/** A Deployment or a DaemonSet. */
export interface Workload extends Rendered {
  readonly spec: {
    readonly replicas?: number;
    readonly template: {
      readonly metadata: { readonly annotations?: Readonly<Record<string, string>> };
      readonly spec: {
        readonly containers: readonly Container[];
        readonly initContainers?: readonly Container[];
        readonly nodeSelector?: Readonly<Record<string, string>>;
        readonly tolerations?: readonly unknown[] | null;
        readonly affinity?: unknown;
        readonly priorityClassName?: string;
        readonly imagePullSecrets?: readonly { readonly name: string }[];
      };
    };
  };
}

/** What Helm made of values: its objects, or its complaint. */
export interface Rendering {
  readonly objects: readonly Rendered[];
  readonly error: string;
}

/** Renders the chart with values. */
export function render(
  values: JsonObject,
  kubeVersion = "1.35.0",
  namespace = "retool",
  patches: readonly ReleasePatch[] = [],
): Rendering {
  const folder = mkdtempSync(join(tmpdir(), "values-"));
  try {
    const file = join(folder, "values.json");
    writeFileSync(file, JSON.stringify(values));
    const names = ["retool", chart, "--namespace", namespace, "--kube-version", kubeVersion, "--values", file];
    const { status, stdout, stderr } = spawnSync(binary, ["template", ...names], {
      encoding: "utf8",
      maxBuffer: 64 * 1024 * 1024,
    });
    if (status !== 0) return { objects: [], error: stderr };
    const documents = parseAllDocuments(patches.length === 0 ? stdout : postRendered(stdout, patches));
    const unreadable = documents.flatMap((document) => document.errors);
    if (unreadable.length > 0) return { objects: [], error: unreadable.map(({ message }) => message).join("\n") };
    const objects = documents.map((document) => document.toJS() as Rendered | null);
    return { objects: objects.filter((object): object is Rendered => object !== null), error: "" };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What the package's post-renderer makes of a rendering. */
export function postRendered(manifests: string, patches: readonly ReleasePatch[]): string {
  const program = join(__dirname, "../../constructs/assets/post-render/post-render.cjs");
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [program, dirname(require.resolve("yaml/package.json")), JSON.stringify(patches)],
    { input: manifests, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 },
  );
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

/** The Deployments of a rendering by name. */
export function deployments(objects: readonly Rendered[]): Readonly<Record<string, Workload>> {
  const found = objects.filter(({ kind }) => kind === "Deployment") as Workload[];
  return Object.fromEntries(found.map((deployment) => [deployment.metadata.name, deployment]));
}

/** The value of a variable of a Deployment's first container. */
export function variable(deployment: Workload | undefined, name: string): string | undefined {
  const [container] = deployment?.spec.template.spec.containers ?? [];
  return container?.env?.find((entry) => entry.name === name)?.value;
}
