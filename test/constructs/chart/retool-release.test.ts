import { deploymentPatches } from "../../../domain/chart/post-render";
import type { HelmReleaseProps, IWorkloads } from "../../../constructs/common/contracts";
import { RetoolRelease } from "../../../constructs/chart/retool-release";
import { releaseInput, releaseValues } from "../../support/retool-release";
import { synthesize } from "../../support/synthesize";

/** Records what is asked for. */
const recordingWorkloads = (releases: HelmReleaseProps[], scalers: unknown[] = []): IWorkloads =>
  ({
    horizontalPodAutoscaler: (_scope: unknown, _id: string, props: unknown) => {
      scalers.push(props);
      return [];
    },
    helmRelease: (_scope: unknown, _id: string, props: HelmReleaseProps) => {
      releases.push(props);
      return [{ fqn: `helm_release.${props.name}` }];
    },
  }) as unknown as IWorkloads;

const PATCHES = deploymentPatches(releaseInput().retool);

const release = (chartVersion?: string): { props: HelmReleaseProps; ready: readonly { fqn: string }[] } => {
  const releases: HelmReleaseProps[] = [];
  let ready: readonly { fqn: string }[] = [];
  synthesize((stack) => {
    ready = new RetoolRelease(stack, "Retool", {
      plan: releaseInput({ retool: { chartVersion } }).retool,
      patches: PATCHES,
      namespace: "apps",
      values: releaseValues(),
      workloads: recordingWorkloads(releases),
      after: [{ fqn: "kubernetes_namespace_v1.retool" }],
    }).ready;
  });
  expect(releases).toHaveLength(1);
  return { props: releases[0]!, ready };
};

test("is one release of the official chart under the names that everything else expects", () => {
  const { props } = release();

  expect(props).toMatchObject({ name: "retool", namespace: "apps", hasPods: true });
  expect(props.chart).toEqual({
    kind: "repository",
    name: "retool",
    repository: "https://charts.retool.com",
    version: "6.11.21",
  });
});

test("takes the chart's version from the plan", () => {
  expect(release("6.13.2").props.chart).toMatchObject({ version: "6.13.2" });
});

test("installs exactly the given values", () => {
  expect(release().props.values).toEqual(releaseValues());
});

test("waits for migrations and for pods to become ready", () => {
  expect(release().props.timeoutSeconds).toBe(45 * 60);
});

test("comes after everything it was given, and others can come after it", () => {
  const { props, ready } = release();

  expect(props.after).toEqual([{ fqn: "kubernetes_namespace_v1.retool" }]);
  expect(ready).toEqual([{ fqn: "helm_release.retool" }]);
});

test("lets the planned autoscalers follow the release", () => {
  const scalers: { manifest: { metadata: unknown }; after: unknown }[] = [];
  const retool = { api: { autoscaling: { maxReplicas: 5 } }, codeExecutor: { autoscaling: { maxReplicas: 3 } } };
  synthesize((stack) => {
    new RetoolRelease(stack, "Retool", {
      patches: PATCHES,
      plan: releaseInput({ retool }).retool,
      namespace: "apps",
      values: releaseValues({ retool }),
      workloads: recordingWorkloads([], scalers),
      after: [],
    });
  });

  expect(scalers.map(({ manifest, after }) => [manifest.metadata, after])).toEqual([
    [{ name: "retool", namespace: "apps" }, [{ fqn: "helm_release.retool" }]],
    [{ name: "retool-code-executor", namespace: "apps" }, [{ fqn: "helm_release.retool" }]],
  ]);
});
