import { HelmRelease, type ReleaseProps } from "../../../constructs/common/helm-release";
import { type Block, synthesize } from "../../support/synthesize";

const props: ReleaseProps = {
  name: "karpenter",
  namespace: "kube-system",
  chart: { kind: "repository", name: "karpenter", repository: "oci://public.ecr.aws/karpenter", version: "1.14.1" },
  values: { message: 'a "quote", ${not} a template' },
  timeoutSeconds: 600,
  hasPods: true,
  after: [],
  settings: { hasNodes: true },
};

const define = (overrides: Partial<ReleaseProps> = {}): Block =>
  synthesize((stack) => new HelmRelease(stack, "Release", { ...props, ...overrides })).only("helm_release");

describe("HelmRelease", () => {
  test("can be applied again after a failed or killed install, for all props", () => {
    expect(define()).toMatchObject({ upgrade_install: true, atomic: false, wait: true, timeout: 600, max_history: 10 });
  });

  test("hands the values on as one escaped document", () => {
    expect(define()["values"]).toEqual(['{"message":"a \\"quote\\", $${not} a template"}']);
  });

  test("installs a pinned chart from its repository", () => {
    expect(define()).toMatchObject({
      chart: "karpenter",
      repository: "oci://public.ecr.aws/karpenter",
      version: "1.14.1",
    });
  });

  test("names the version of a chart that is part of this package, so that the first plan asks no cluster for it", () => {
    expect(define({ chart: { kind: "asset", path: __dirname, version: "1.0.0" } })).toMatchObject({ version: "1.0.0" });
  });

  test("installs charts from a folder", () => {
    const release = define({ settings: { hasNodes: true, chartsDirectory: "/charts" } });

    expect(release).toMatchObject({ chart: "/charts/karpenter", version: "1.14.1" });
    expect(Object.keys(release)).not.toContain("repository");
  });

  test.each([
    [{ hasPods: true }, false],
    [{ hasPods: false }, true],
  ])("waits without nodes only for what starts no pods: %j", (overrides, wait) => {
    expect(define({ ...overrides, settings: { hasNodes: false } })).toMatchObject({ wait });
  });

  test("installs only the CRDs of a chart that fails closed where no pod can run", () => {
    const settings = { hasNodes: false, chartsDirectory: "/charts" };

    expect(define({ failsClosed: true, settings })["chart"]).toBe("/charts/karpenter-crds");
    expect(define({ failsClosed: true })["chart"]).toBe("karpenter");
  });

  test.each([
    [undefined, true],
    [false, true],
    [true, false],
  ])("leaves CRDs to their own chart unless asked: installsCrds %j", (installsCrds, skipCrds) => {
    expect(define({ installsCrds })).toMatchObject({ skip_crds: skipCrds });
  });
});
