import { Network } from "../../../constructs/network/network";
import { PlannedNetwork } from "../../../constructs/network/planned-network";
import { SandboxSubnets } from "../../../constructs/network/sandbox-subnets";
import type { NetworkPlan } from "../../../domain/network/network";
import { checkEnvironment } from "../../../domain/environment/environment";
import { prod } from "../../support/environments/prod";
import { type Block, synthesize } from "../../support/synthesize";

const planOf = (changes: object): NetworkPlan =>
  checkEnvironment({ ...prod, network: { sandboxCidr: "100.64.0.0/14" }, ...changes }).plan.network as NetworkPlan;

const namesIn = (blocks: readonly Block[]): string[] =>
  blocks.map(({ tags }) => (tags as { Name: string }).Name).sort();

describe("PlannedNetwork", () => {
  test.each([
    ["public", {}],
    ["private", { access: "internal" }],
  ])("looks up every subnet and address by the name that the %s network gives it", (_, changes) => {
    const plan = planOf(changes);
    const made = synthesize((stack) => {
      const network = new Network(stack, "Network", { plan });
      new SandboxSubnets(stack, "Sandboxes", { plan, network });
    });
    let used: PlannedNetwork | undefined;
    const found = synthesize((stack) => (used = new PlannedNetwork(stack, "Network", { plan })));
    const lookups = (type: string): Block[] => Object.values(found.json["data"]?.[type] ?? {});

    expect(namesIn(lookups("aws_vpc"))).toEqual(["retool-prod"]);
    expect(namesIn(lookups("aws_subnet"))).toEqual(
      namesIn(made.all("aws_subnet")).filter((name) => !name.includes("natsubnet")),
    );
    expect(namesIn(lookups("aws_eip"))).toEqual(namesIn(made.all("aws_eip")));
    expect(used?.publicSubnetIds).toHaveLength("access" in changes ? 0 : 3);
    expect(used?.sandboxSubnetIds?.length).toBeGreaterThan(2);
    expect(found.addresses()).toEqual([]);
  });

  test("looks for subnets in its own VPC only", () => {
    const found = synthesize((stack) => new PlannedNetwork(stack, "Network", { plan: planOf({}) }));

    for (const { vpc_id } of Object.values(found.json["data"]?.["aws_subnet"] ?? {}))
      expect(vpc_id).toMatch(/^\$\{data\.aws_vpc\.Network_\w+\.id\}$/);
  });
});
