import { NodePools } from "../../../constructs/nodes/node-pools";
import { planCapacity } from "../../../domain/capacity/capacity";
import { type PoolNames, sharedClusterNames } from "../../../domain/cluster/pool-names";
import type { SandboxSpec } from "../../../domain/capacity/sandbox";
import { context, encryptionKey, network } from "../../support/fakes";
import { RecordingWorkloads } from "../../support/recording-workloads";
import { synthesize } from "../../support/synthesize";

function define(sandbox: SandboxSpec = {}, names?: PoolNames) {
  const workloads = new RecordingWorkloads();
  let ready: readonly { fqn: string }[] = [];
  synthesize((scope) => {
    ready = new NodePools(scope, "Pools", {
      plan: planCapacity({ builders: 20, sandbox }, context).plan,
      subnetIds: network.privateSubnetIds,
      securityGroupIds: ["sg-cluster"],
      encryptionKey,
      amiAlias: "al2023@v20260903",
      tags: { Environment: "prod" },
      sandboxSecurityGroup: {
        securityGroupId: "sg-sandbox",
        ready: [{ fqn: "aws_vpc_security_group_ingress_rule.it" }],
      },
      karpenter: {
        instanceProfileName: "retool-prod-karpenter-node",
        sandboxInstanceProfileName: "retool-prod-sandbox-node",
        ready: [{ fqn: "helm_release.karpenter" }],
      },
      workloads,
      names,
    }).ready;
  });
  const release = (name: string) =>
    workloads.calls.flatMap((call) =>
      call.method === "customResources" && call.props.name === name ? [call.props] : [],
    )[0]!;
  const headroom = workloads.calls.flatMap((call) => (call.method === "helmRelease" ? [call.props] : []))[0];
  return {
    ready,
    headroom,
    objects: workloads.objects,
    classes: release(`${names?.releases ?? "retool"}-node-classes`),
    pools: release(`${names?.releases ?? "retool"}-node-pools`),
  };
}

describe("NodePools", () => {
  it("installs classes and pools as two releases, so that pools go first and classes last", () => {
    const { classes, pools, ready } = define();
    expect(classes.manifests.map(({ kind }) => kind)).toEqual(["EC2NodeClass", "EC2NodeClass"]);
    expect(pools.manifests.map(({ kind }) => kind)).toEqual(["NodePool", "NodePool", "NodeOverlay"]);
    expect(classes.after).toEqual([
      { fqn: "helm_release.karpenter" },
      { fqn: "aws_vpc_security_group_ingress_rule.it" },
    ]);
    expect(pools.after).toEqual([{ fqn: "helm_release.karpenter" }, { fqn: "recorded.retool-node-classes" }]);
    expect(ready).toEqual([{ fqn: "recorded.retool-node-classes" }, { fqn: "recorded.retool-node-pools" }]);
  });

  it.each([
    { lifetimeMinutes: 150, seconds: (180 + 20) * 60 },
    { lifetimeMinutes: 600, seconds: (630 + 20) * 60 },
  ])("waits for the last node of sandboxes that live $lifetimeMinutes minutes", ({ lifetimeMinutes, seconds }) => {
    expect(define({ lifetimeMinutes }).classes.timeoutSeconds).toBe(seconds);
  });

  it("hands the ids, the profile, the key and the tags on to the nodes", () => {
    for (const { spec } of define().classes.manifests) {
      expect(spec).toMatchObject({
        subnetSelectorTerms: network.privateSubnetIds.map((id) => ({ id })),
        amiSelectorTerms: [{ alias: expect.stringMatching(/^al2023@v\d{8}$/) }],
        blockDeviceMappings: [{ ebs: { kmsKeyID: encryptionKey.keyArn } }],
        tags: { Environment: "prod" },
      });
    }
  });

  it("keeps the nodes of sandboxes apart: another security group, another role", () => {
    const [retool, sandbox] = define().classes.manifests;
    expect(retool!["spec"]).toMatchObject({
      securityGroupSelectorTerms: [{ id: "sg-cluster" }],
      instanceProfile: "retool-prod-karpenter-node",
    });
    expect(sandbox!["spec"]).toMatchObject({
      securityGroupSelectorTerms: [{ id: "sg-sandbox" }],
      instanceProfile: "retool-prod-sandbox-node",
    });
  });

  it("hands other names on to pools and classes", () => {
    const { classes, pools } = define({}, sharedClusterNames("retool-prod"));
    expect([...classes.manifests, ...pools.manifests].map(({ metadata }) => metadata.name)).toEqual([
      "retool-prod",
      "retool-prod-sandbox",
      "retool-prod",
      "retool-prod-sandbox",
      "retool-prod-sandbox-devices",
    ]);
  });

  it("keeps room by pods of the lowest priority, which nothing waits for and which go before the pools", () => {
    const { headroom, objects, ready } = define();
    expect(objects.map(({ manifest }) => manifest.kind)).toEqual(["PriorityClass"]);
    expect(headroom).toMatchObject({
      hasPods: true,
      chart: { kind: "asset" },
      values: { manifests: [{ kind: "Deployment" }] },
    });
    expect(headroom!.after.map(({ fqn }) => fqn)).toEqual([
      "recorded.retool-node-pools",
      "recorded.PriorityClass-retool-sandbox-headroom",
    ]);
    expect(ready.map(({ fqn }) => fqn)).not.toContain("recorded.retool-sandbox-headroom");
  });

  it("keeps no room where none is wanted", () => {
    const { headroom, objects } = define({ warmHeadroom: 0 });
    expect(headroom).toBeUndefined();
    expect(objects).toEqual([]);
  });
});
