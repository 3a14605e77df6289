import { vcpusOfSize } from "../common/ec2-instance-types";

/** Most CPUs that the system nodes have together; they count towards EC2's quota as the pools' do. */
export function systemCpus(
  nodes: { readonly instanceTypes: readonly string[]; readonly maximum: number } | undefined,
): number {
  if (nodes === undefined) return 0;
  const [type = ""] = nodes.instanceTypes;
  return nodes.maximum * (vcpusOfSize(type.split(".")[1] ?? "") ?? 0);
}
