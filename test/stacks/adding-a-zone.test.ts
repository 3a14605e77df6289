import { App, Testing } from "cdktf";

import { prod } from "../support/environments/prod";
import { RetoolStack } from "../../stacks";
import { Synthesized } from "../support/synthesize";

const withZones = (zones: number): Synthesized =>
  new Synthesized(
    JSON.parse(Testing.synth(new RetoolStack(new App(), { ...prod, network: { zones } }))) as Synthesized["json"],
  );
const two = withZones(2);
const three = withZones(3);

/** Resources that other parts stand on, and the arguments whose change replaces them. */
const REPLACING = {
  aws_vpc: ["cidr_block"],
  aws_subnet: ["cidr_block", "vpc_id"],
  aws_nat_gateway: ["subnet_id", "allocation_id"],
  aws_eks_cluster: ["name", "role_arn", "vpc_config", "kubernetes_network_config", "encryption_config"],
  aws_db_subnet_group: ["name"],
  aws_lb: ["name", "name_prefix", "internal"],
} as const;

test.each(Object.entries(REPLACING))("a zone that is added replaces no %s", (type, names) => {
  const before = Object.entries(two.json["resource"]?.[type] ?? {});

  expect(before.length).toBeGreaterThan(0);
  for (const [id, block] of before) {
    const after = three.json["resource"]?.[type]?.[id];
    for (const name of names) expect([id, name, after?.[name]]).toEqual([id, name, block[name]]);
  }
});

test("nodes that have to be replaced for it stand until their successors do", () => {
  const [group] = three.all("aws_eks_node_group");

  expect(group).not.toMatchObject({ subnet_ids: two.only("aws_eks_node_group")["subnet_ids"] });
  expect(group).toMatchObject({ lifecycle: { create_before_destroy: true } });
});
