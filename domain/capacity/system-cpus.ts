/** CPUs of the sizes that system nodes have. */
const CPUS_OF_SIZE: Readonly<Record<string, number>> = {
  large: 2,
  xlarge: 4,
  "2xlarge": 8,
  "4xlarge": 16,
  "8xlarge": 32,
};

/** Most CPUs that the system nodes have together; they count towards EC2's quota as the pools' do. */
export function systemCpus(
  nodes: { readonly instanceTypes: readonly string[]; readonly maximum: number } | undefined,
): number {
  if (nodes === undefined) return 0;
  const [type = ""] = nodes.instanceTypes;
  return nodes.maximum * (CPUS_OF_SIZE[type.split(".")[1] ?? ""] ?? 0);
}
