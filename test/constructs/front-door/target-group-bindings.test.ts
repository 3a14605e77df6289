import { TargetGroupBindings } from "../../../constructs/front-door/target-group-bindings";
import { validateCustomResource } from "../../support/contracts";
import { RecordingWorkloads } from "../../support/recording-workloads";
import { synthesize } from "../../support/synthesize";

const target = (name: string, servicePort: number): { name: string; serviceName: string; servicePort: number } => ({
  name,
  serviceName: `${name}-service`,
  servicePort,
});
const ARN = "arn:aws:elasticloadbalancing:us-east-1:111122223333:targetgroup";
const targets = [target("retool", 3000), target("sandbox-proxy", 3019)].map((one) => ({
  ...one,
  targetGroupArn: `${ARN}/${one.name}/0123`,
  targetGroupArnSuffix: `targetgroup/${one.name}/0123`,
}));

const workloads = new RecordingWorkloads();
const after = [{ fqn: "helm_release.controller" }, { fqn: "kubernetes_namespace_v1.retool" }];
let ready: readonly { readonly fqn: string }[] = [];
synthesize((stack) => {
  ready = new TargetGroupBindings(stack, "Bindings", { targets, namespace: "retool", workloads, after }).ready;
});
const { manifests, ...release } = workloads.onlyCustomResources;

describe("TargetGroupBindings", () => {
  test("bind the addresses of each Service's pods to its target group", () => {
    expect(manifests.map(({ metadata, spec }) => [metadata.name, metadata.namespace, spec])).toEqual([
      [
        "retool",
        "retool",
        {
          targetGroupARN: `${ARN}/retool/0123`,
          targetType: "ip",
          ipAddressType: "ipv4",
          serviceRef: { name: "retool-service", port: 3000 },
        },
      ],
      [
        "sandbox-proxy",
        "retool",
        {
          targetGroupARN: `${ARN}/sandbox-proxy/0123`,
          targetType: "ip",
          ipAddressType: "ipv4",
          serviceRef: { name: "sandbox-proxy-service", port: 3019 },
        },
      ],
    ]);
  });

  test("leave security group rules to Terraform", () => {
    expect(JSON.stringify(manifests)).not.toContain("networking");
  });

  test("come after the controller and the namespace, and have the time to take pods out again", () => {
    expect(release).toMatchObject({ namespace: "retool", after, timeoutSeconds: 600 });
    expect(ready).toEqual([{ fqn: "recorded.target-group-bindings" }]);
  });
});

describe("the bindings", () => {
  test("are valid by the schema of the controller's definition", () => {
    expect(manifests.flatMap(validateCustomResource)).toEqual([]);
  });
});
