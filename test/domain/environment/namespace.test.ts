import { namespaceViolations } from "../../../domain/environment/namespace";
import { formatViolation } from "../../../domain/common/violation";

const problems = (namespace: string): string[] => namespaceViolations(namespace).map(formatViolation);

describe("the namespace of an instance", () => {
  test.each(["retool", "a", "0", "retool-staging", "kube", "x".repeat(63)])("%s is fine", (namespace) => {
    expect(problems(namespace)).toEqual([]);
  });

  test.each(["", "Retool", "-a", "a-", "a.b", "a_b", "x".repeat(64)])("%s is not a name", (namespace) => {
    expect(problems(namespace)).toEqual([
      `namespace: "${namespace}" is not the name of a Kubernetes namespace; use 1 to 63 lower-case letters, digits and hyphens, beginning and ending with a letter or digit`,
    ]);
  });

  test.each(["default", "kube-system", "kube-public", "amazon-cloudwatch", "aws-observability"])(
    "%s belongs to the cluster",
    (namespace) => {
      expect(problems(namespace)).toEqual([
        `namespace: "${namespace}" belongs to the cluster, and destroying Retool would delete it; use a separate namespace, such as "retool"`,
      ]);
    },
  );
});
