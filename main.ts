import "./stacks/cheap-stack-traces";

import { App } from "cdktf";

import { environments } from "./config";
import { formatViolation, type Violation } from "./domain/common/violation";
import { planEnvironment } from "./domain/environment/environment";
import { stacksOf } from "./domain/environment/layers";
import { whereDescribed } from "./domain/environment/topics";
import { defineEnvironment, environmentSpecs } from "./stacks";

/** Synthesizes one stack for each environment in which nothing is wrong, named exactly like it. */
function main(): void {
  // cdktf's own validations run `terraform version` for each stack; Terraform checks `required_version` itself.
  const app = new App({ skipValidation: true });
  const { specs, violations } = environmentSpecs(app, environments);
  if (violations.length > 0) report(violations);
  // The stacks of right environments can be deployed while another one is wrong: that one's stack is left out.
  if (specs.length === 0) process.exitCode = 1;
  for (const spec of specs) defineEnvironment(app, spec);
  app.synth();
  // cdktf's CLI, which sets the folder, reports by itself.
  if (process.env["CDKTF_OUTDIR"] !== undefined) return;
  for (const { name } of specs.flatMap((spec) => stacksOf(planEnvironment(spec)))) {
    process.stdout.write(`${name}: ${app.outdir}/stacks/${name}/cdk.tf.json\n`);
  }
}

function report(violations: readonly Violation[]): void {
  const lines = [...violations.map(formatViolation), whereDescribed(violations.map(({ path }) => path))];
  process.stderr.write(`${lines.join("\n").trimEnd()}\n`);
}

main();
