#!/usr/bin/env node
import { Command } from "commander";

import { bootstrap } from "./bootstrap";
import { destroy, type DestroyOptions } from "./destroy";
import { type EgressOptions, printEgress } from "./egress";
import { reportFailures } from "./failure";
import { type PlanOptions, printPlan } from "./plan";

const program = new Command("cdktf-retool").description("Operates the Retool environments of config/.");

program
  .command("plan <environment>")
  .description("print every setting with its value and where it comes from; offline")
  .option("--json", "print JSON")
  .action((name: string, options: PlanOptions) => {
    printPlan(name, options);
  });

program
  .command("egress <environment>")
  .description("print what may leave, for whom and why; offline")
  .option("--format <format>", "markdown, csv or json", "markdown")
  .action((name: string, options: EgressOptions) => {
    printEgress(name, options);
  });

program
  .command("bootstrap <environment>")
  .description("make the bucket of the Terraform state; may be run any number of times")
  .action((name: string) => bootstrap(name));

program
  .command("destroy <environment>")
  .description("destroy an environment whose data is not protected")
  .option("--confirm <name>", "name of the environment once more")
  .action((name: string, options: DestroyOptions) => destroy(name, options));

void reportFailures(async () => {
  await program.parseAsync();
});
