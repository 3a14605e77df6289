import { readFileSync } from "node:fs";
import { join } from "node:path";

import { App, TerraformStack, Testing } from "cdktf";

import { EgressReport } from "../../../constructs/egress/egress-report";
import { planEgress } from "../../../domain/egress/egress";
import { egressReport } from "../../../domain/egress/report";
import { context } from "../../support/fakes";
import { features } from "../../support/retool-cluster";

test("EgressReport stands in the stack as a comment, word for word", () => {
  const { plan } = planEgress({ resources: [{ to: "a.example.com", reason: 'said "${x}" and %{y}' }] }, context, {
    temporal: { kind: "retool-managed" },
    features,
  });
  const report = egressReport(plan, context);
  const stack = new TerraformStack(new App({ skipValidation: true }), "test");
  new EgressReport(stack, "Report", { report });
  const file = join(Testing.fullSynth(stack), "stacks", "test", "cdk.tf.json");
  const synthesized = JSON.parse(readFileSync(file, "utf8")) as Record<string, Record<string, unknown>>;

  expect(synthesized["//"]?.["egress"]).toEqual(JSON.parse(JSON.stringify(report)));
  expect(synthesized["//"]).toHaveProperty("metadata");
  expect(synthesized).not.toHaveProperty("resource");
});
