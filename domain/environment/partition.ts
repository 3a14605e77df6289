import { awsPartition } from "../common/aws-partition";
import type { Violation } from "../common/violation";
import { leavesOf } from "./open-secrets";

/** Texts that are Retool's or the chart's own: what an ARN in them is for is not known here. */
const OPAQUE = /^retool\.(environment|extraValues)\b/;

/**
 * Finds ARNs of another AWS partition than the region's: no role, key or certificate of one can be used in the other.
 *
 * @param spec - What the configuration says, of any shape.
 */
export function partitionViolations(spec: unknown, region: string): Violation[] {
  const own = awsPartition(region);
  return leavesOf(spec, "").flatMap(({ path, text }) => {
    const partition = /^arn:(aws[a-z-]*):/.exec(text)?.[1];
    if (partition === undefined || partition === own || OPAQUE.test(path)) return [];
    return [
      {
        path,
        problem: `the ARN is in the partition ${partition}, and ${region} is in ${own}`,
        remedy: `use one that begins with arn:${own}:`,
      },
    ];
  });
}
