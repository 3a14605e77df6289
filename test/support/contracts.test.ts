import type { Manifest } from "../../domain/common/kubernetes";
import { unknownValues, validateCustomResource } from "./contracts";

const binding = (spec: Record<string, string | object>): Manifest => ({
  apiVersion: "elbv2.k8s.aws/v1beta1",
  kind: "TargetGroupBinding",
  metadata: { name: "retool", namespace: "retool" },
  spec: { targetGroupARN: "arn", serviceRef: { name: "retool", port: 3000 }, ...spec },
});

describe("the check of custom resources", () => {
  test("accepts a valid object", () => {
    expect(validateCustomResource(binding({ targetType: "ip" }))).toEqual([]);
  });

  test("names an unknown field and a value that is not allowed", () => {
    const problems = validateCustomResource(binding({ targetType: "pod", targetGroup: "x" })).join("\n");

    expect(problems).toContain('"additionalProperty":"targetGroup"');
    expect(problems).toContain("/spec/targetType");
  });

  test("refuses a kind without a schema", () => {
    expect(() => validateCustomResource({ ...binding({}), kind: "Nothing" })).toThrow(
      "there is no schema of elbv2.k8s.aws/v1beta1 Nothing",
    );
  });
});

describe("the check of chart values", () => {
  test("names keys that the chart's defaults lack, however deep", () => {
    expect(unknownValues("karpenter-1.14.1", { settings: { clusterName: "x", clustername: "x" }, replica: 2 })).toEqual(
      ["settings.clustername", "replica"],
    );
  });
});
