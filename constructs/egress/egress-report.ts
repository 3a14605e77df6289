import { TerraformStack } from "cdktf";
import { Construct } from "constructs";

import type { EgressReport as Report } from "../../domain/egress/report";

/** Construction properties for {@link EgressReport}. */
export interface EgressReportProps {
  /** What may leave. */
  readonly report: Report;
}

/**
 * The report on outbound connections, kept with the resources it describes.
 *
 * It stands under the key `//` of the synthesized stack, which Terraform skips as a comment, so it is part of what was
 * reviewed and deployed, and of nothing else: `jq '."//".egress' cdktf.out/stacks/prod/cdk.tf.json`.
 */
export class EgressReport extends Construct {
  public constructor(scope: Construct, id: string, { report }: EgressReportProps) {
    super(scope, id);

    TerraformStack.of(this).addOverride("//.egress", report);
  }
}
