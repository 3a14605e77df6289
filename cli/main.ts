#!/usr/bin/env node
import { Command } from "commander";

import { adopt } from "./adopt";
import { bootstrap } from "./bootstrap";
import { destroy, type DestroyOptions } from "./destroy";
import { type EgressOptions, printEgress } from "./egress";
import { reportFailures } from "./failure";
import { mendHelmRecords, type MendOptions } from "./mend";
import { type PlanOptions, printPlan } from "./plan";
import { printSettings } from "./settings";
import { printUpgrade, type UpgradeOptions } from "./upgrade";

const program = new Command("cdktf-retool").description("Operates the Retool environments of config/.");

program
  .command("plan <environment>")
  .description("print every setting with its value and where it comes from; offline")
  .option("--json", "print JSON")
  .action((name: string, options: PlanOptions) => {
    printPlan(name, options);
  });

program
  .command("settings [path]")
  .description("print what may be configured: type, bounds, default, what it changes; offline")
  .action((path: string | undefined) => {
    printSettings(path);
  });

program
  .command("egress [environment]")
  .description("print what may leave, for whom and why, of one environment or of all; offline")
  .option("--format <format>", "md, csv or json", "md")
  .action((name: string | undefined, options: EgressOptions) => {
    printEgress(name, options);
  });

program
  .command("upgrade <environment>")
  .description("print whether and how an environment gets to another version of Retool; offline, changes nothing")
  .requiredOption("--to <version>", "tag that shall run, such as 4.34.1-stable")
  .option("--from <version>", "tag that runs now (default: what config/ says)")
  .option("--chart <version>", "version of the chart that shall be installed (default: what config/ says)")
  .option("--permissions-migration <state>", "of Retool 4.0: complete, unresolved or unknown", "unknown")
  .option("--json", "print JSON")
  .action((name: string, options: UpgradeOptions) => {
    printUpgrade(name, options);
  });

program
  .command("bootstrap <environment>")
  .description("make the bucket of the Terraform state; may be run any number of times")
  .action((name: string) => bootstrap(name));

program
  .command("helm-records <environment>")
  .description("show Helm releases that a killed deployment left stuck; --mend takes their records away")
  .option("--mend", "take the records away; no deployment may be running")
  .option("--kubeconfig <file>", "log in as this kubeconfig says instead of by aws eks get-token")
  .action((name: string, options: MendOptions) => mendHelmRecords(name, options));

program
  .command("adopt <environment>")
  .description("take into state what a killed deployment made and could not note; changes nothing in AWS")
  .action((name: string) => adopt(name));

program
  .command("destroy <environment>")
  .description("destroy an environment whose data is not protected")
  .option("--confirm <name>", "name of the environment once more")
  .action((name: string, options: DestroyOptions) => destroy(name, options));

void reportFailures(async () => {
  await program.parseAsync();
});
