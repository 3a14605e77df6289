import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { App, Testing } from "cdktf";
import { parseAllDocuments } from "yaml";

import { readKubeconfig } from "../../cli/kubeconfig";
import { KubernetesApi } from "../../cli/kubernetes-api";
import { prod } from "../support/environments/prod";
import type { EnvironmentSpec } from "../../domain/environment/spec";
import { RetoolStack } from "../../stacks";
import type { Rendered } from "../support/helm-template";
import { secondInstance } from "../support/second-instance";
import { describeWithApiServer, StrictValidation } from "../support/strict-validation";

const charts = process.env["RETOOL_TEST_CHARTS"] ?? "";
/** Charts that bring definitions of their own kinds. */
const CHARTS_WITH_DEFINITIONS = ["karpenter", "aws-load-balancer-controller"];
const hasDefinitions = CHARTS_WITH_DEFINITIONS.every((chart) => existsSync(join(charts, chart, "crds")));

if (!hasDefinitions) {
  process.stdout.write(
    "validation of custom resources by an API server is skipped: set RETOOL_TEST_CHARTS to a folder with the unpacked charts karpenter and aws-load-balancer-controller\n",
  );
}

jest.setTimeout(120_000);

const DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

interface Definition {
  readonly kind: string;
  readonly metadata: { readonly name: string };
}

function definitions(): Definition[] {
  return CHARTS_WITH_DEFINITIONS.flatMap((chart) => {
    const folder = join(charts, chart, "crds");
    return readdirSync(folder)
      .filter((file) => /crds\.yaml$|_.*\.yaml$/.test(file))
      .flatMap((file) => parseAllDocuments(readFileSync(join(folder, file), "utf8")))
      .map((document) => document.toJS() as Definition | null)
      .filter((found) => found?.kind === "CustomResourceDefinition")
      .map((found) => found!);
  });
}

/** Every object that an environment makes without a chart of somebody else's, with ids in place of references. */
function objectsOf(spec: EnvironmentSpec): Rendered[] {
  const { output } = JSON.parse(Testing.synth(new RetoolStack(new App(), { ...spec, workloads: "render" }))) as {
    output: { workloads: { value: string } };
  };
  const { releases, objects } = JSON.parse(withIds(output.workloads.value)) as {
    releases: { values: { manifests?: Rendered[] } }[];
    objects: Rendered[];
  };
  const all = [...objects, ...releases.flatMap(({ values }) => values.manifests ?? [])];
  // Secrets are named there, not held.
  return all.filter(({ kind }) => kind !== "Secret");
}

function withIds(text: string): string {
  return text
    .replaceAll(/\$\{aws_subnet\.[^}]*\}/g, "subnet-0a1b2c3d4e5f60711")
    .replaceAll(
      /\$\{((data\.)?aws_eks_cluster\.[^}]*security_group_id|aws_security_group\.[^}]*)\}/g,
      "sg-0a1b2c3d4e5f60711",
    )
    .replaceAll(/\$\{aws_kms_key\.[^}]*\}/g, "arn:aws:kms:us-east-1:111122223333:key/0a1b2c3d")
    .replaceAll(
      /\$\{aws_lb_target_group\.[^}]*\}/g,
      "arn:aws:elasticloadbalancing:us-east-1:111122223333:targetgroup/retool/0123456789abcdef",
    )
    .replaceAll(/\$\{[^}]*\}/g, "sample");
}

(hasDefinitions ? describeWithApiServer : describe.skip)("a Kubernetes API server", () => {
  const api = hasDefinitions
    ? new KubernetesApi(readKubeconfig(process.env["RETOOL_TEST_KUBECONFIG"] ?? ""))
    : undefined;
  const made: string[] = [];

  beforeAll(async () => {
    for (const definition of definitions()) {
      const { name } = definition.metadata;
      const isNew = await api!.call("POST", DEFINITIONS, definition).then(
        () => true,
        () => false,
      );
      if (isNew) made.push(name);
    }
    for (const { metadata } of definitions()) await established(metadata.name);
  });

  afterAll(async () => {
    for (const name of made) await api!.call("DELETE", `${DEFINITIONS}/${name}`);
  });

  async function established(name: string): Promise<void> {
    interface Status {
      readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
    }
    for (let tries = 0; tries < 100; tries++) {
      const { status } = await api!.call<Status>("GET", `${DEFINITIONS}/${name}`);
      if (status?.conditions?.some(({ type, status: is }) => type === "Established" && is === "True") === true) return;
      await sleep(100);
    }
    throw new Error(`${name} is not served`);
  }

  test.each<[string, EnvironmentSpec]>([
    ["production", prod],
    ["a thousand builders in their own range", { ...prod, builders: 1000, network: { sandboxCidr: "100.64.0.0/14" } }],
    [
      "nodes apart for users' code, spot sandboxes",
      {
        ...prod,
        nodePools: { isolateCodeExecution: true, businessHours: "none" },
        sandbox: { purchaseOption: "spot" },
      },
    ],
    ["no device plugin", { ...prod, sandbox: { devicePlugin: false } }],
    ["a second instance in the same cluster", secondInstance(prod)],
  ])("accepts every object: %s", async (_, spec) => {
    const objects = objectsOf(spec);
    const kinds = new Set(objects.map(({ kind }) => kind));

    for (const kind of ["EC2NodeClass", "NodePool", "TargetGroupBinding", "NetworkPolicy", "Namespace"])
      expect(kinds).toContain(kind);
    expect(await new StrictValidation().complaints(objects)).toEqual([]);
  });

  test("would refuse what breaks a rule of the definitions", async () => {
    const [nodeClass] = objectsOf(prod).filter(({ kind }) => kind === "EC2NodeClass");
    const broken = { ...nodeClass!, spec: { ...(nodeClass!["spec"] as object), role: "and-a-profile" } };

    expect(await new StrictValidation().complaints([broken])).toEqual([expect.stringContaining("422")]);
  });
});
