import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, TerraformResource, TerraformStack, Testing } from "cdktf";
import type { Construct } from "constructs";

import { Karpenter, KubernetesCluster, Network, PostgresDatabase, resourceOf, RetoolStack } from "../../library";
import { environments } from "../support/environments";

const made = {
  "a whole environment": (): [TerraformStack, Construct] => {
    const stack = new RetoolStack(new App({ outdir: "unused" }), environments["prod"]!);
    return [stack, stack.platform];
  },
  "single constructs": (): [TerraformStack, Construct] => {
    const stack = new TerraformStack(new App({ outdir: "unused" }), "Tools");
    new AwsProvider(stack, "aws", { region: "eu-central-1", allowedAccountIds: ["111122223333"] });
    const network = new Network(stack, "Network");
    const cluster = new KubernetesCluster(stack, "Cluster", { network });
    new Karpenter(stack, "Karpenter", { cluster });
    new PostgresDatabase(stack, "Database", { network });
    return [stack, stack];
  },
};

const isResource = (child: unknown): child is TerraformResource => child instanceof TerraformResource;

test.each(Object.entries(made))(
  "a resource of each class in %s is found by its path, and what is changed is synthesized",
  (_, make) => {
    const [stack, construct] = make();
    const all = construct.node.findAll().filter(isResource);
    const resources = [...new Map(all.map((resource) => [resource.constructor, resource])).values()];
    for (const resource of resources) {
      const path = resource.node.path.slice(construct.node.path.length + 1);
      const found = resourceOf(construct, resource.constructor as typeof TerraformResource, path);
      expect(found).toBe(resource);
      found.lifecycle = { ignoreChanges: [`mark_${found.friendlyUniqueId}`] };
    }
    const text = Testing.synth(stack);

    expect(resources.length).toBeGreaterThan(30);
    expect(resources.filter(({ friendlyUniqueId }) => !text.includes(`"mark_${friendlyUniqueId}"`))).toEqual([]);
  },
);
