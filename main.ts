import "./stacks/cheap-stack-traces";

import { App } from "cdktf";

import { environments } from "./config";
import { ConfigurationError } from "./domain/common/violation";
import { whereDescribed } from "./domain/environment/topics";
import { environmentSpecs, RetoolStack } from "./stacks";

/** Synthesizes one stack for each environment, named exactly like it. */
function main(): void {
  // cdktf's own validations run `terraform version` for each stack; Terraform checks `required_version` itself.
  const app = new App({ skipValidation: true });
  for (const spec of environmentSpecs(app, environments)) new RetoolStack(app, spec);
  app.synth();
}

try {
  main();
} catch (error) {
  if (!(error instanceof ConfigurationError)) throw error;
  const where = whereDescribed(error.violations.map(({ path }) => path));
  process.stderr.write(`${[error.message, where].join("\n").trimEnd()}\n`);
  process.exitCode = 1;
}
