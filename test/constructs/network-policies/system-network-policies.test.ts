import { SystemNetworkPolicies } from "../../../constructs/network-policies/system-network-policies";
import { systemPolicies } from "../../../domain/network-policies/system-policies";
import { RecordingWorkloads } from "../../support/recording-workloads";
import { synthesize } from "../../support/synthesize";

describe("SystemNetworkPolicies", () => {
  test("makes every policy after the API, and is ready when they are", () => {
    const workloads = new RecordingWorkloads();
    const policies = systemPolicies(["10.0.0.0/16"]);
    const after = [{ fqn: "aws_eks_cluster.one" }];
    let ready: readonly { readonly fqn: string }[] = [];
    synthesize((stack) => {
      ready = new SystemNetworkPolicies(stack, "Policies", { policies, workloads, after }).ready;
    });

    expect(workloads.objects).toEqual(policies.map((manifest) => ({ manifest, after })));
    expect(ready).toEqual([{ fqn: "recorded.NetworkPolicy-system-pods" }]);
  });
});
