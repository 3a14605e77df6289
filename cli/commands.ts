import type { Command } from "commander";

import type { CostOptions } from "./cost";
import type { DestroyOptions } from "./destroy";
import type { DoctorOptions } from "./doctor/doctor";
import type { EgressOptions } from "./egress";
import type { LayersOptions } from "./layers";
import type { MendOptions } from "./mend";
import type { PermissionsOptions } from "./permissions";
import type { PlanOptions } from "./plan";
import type { StatusOptions } from "./status/status";
import type { UpgradeOptions } from "./upgrade";
import type { OutputOptions } from "./report";
import { createProgram, report, reporting } from "./program";

/** The command line with all commands; each is loaded when it is called, so that none waits for what another needs. */
export function allCommands(): Command {
  const program = createProgram();
  plans(program);
  running(program);
  choices(program);
  deployments(program);
  return program;
}

/** What an environment will be. */
function plans(program: Command): void {
  reporting(program.command("plan <environment>"))
    .description("show an environment on one screen: warnings, sizes and costs; offline")
    .option("--all", "every setting with its value and origin")
    .option("--changed", "the settings that differ from the defaults")
    .option("--diff <other>", "compare with another environment, or with the same one in a commit such as HEAD")
    .action(async (name: string, options: PlanOptions) =>
      report(options, (await import("./plan.js")).plan(name, options)),
    );

  reporting(program.command("cost <environment>"))
    .description("show the monthly cost of an environment by part, and what each setting would change; offline")
    .option("--live", "ask AWS's price list for the prices of the environment's region (pricing:GetProducts)")
    .option("--builders <numbers>", "compare sizes, such as 20,50,200")
    .option("--svg <file>", "draw that comparison into a file as well")
    .action(async (name: string, options: CostOptions) =>
      report(options, (await import("./cost.js")).cost(name, options)),
    );

  program
    .command("permissions <environment>")
    .description("show the IAM policies that a deployer needs, by phase, from the synthesized stack; offline")
    .option("--json", "print JSON, with every policy")
    .option("--out <folder>", "write each policy into a file of this folder")
    .action(async (name: string, options: PermissionsOptions) =>
      report(
        options.json === true ? { json: true } : {},
        (await import("./permissions.js")).permissions(name, options),
      ),
    );
}

/** What an account and a cluster hold. */
function running(program: Command): void {
  reporting(program.command("doctor <environment>"))
    .description("check what would stop a deployment, and after one everything that runs; changes nothing")
    .option("--drift", "plan with Terraform too, and list what differs from the configuration; takes minutes")
    .option("--kubeconfig <file>", "log in with this kubeconfig instead of aws eks get-token")
    .action(async (name: string, options: DoctorOptions) =>
      report(options, (await import("./doctor/doctor.js")).doctor(name, options)),
    );

  reporting(program.command("status <environment>"))
    .description("show the running platform on one screen; changes nothing")
    .option("--watch", "look every 5 s, until a deployment has ended")
    .option("--kubeconfig <file>", "log in with this kubeconfig instead of aws eks get-token")
    .action(async (name: string, options: StatusOptions) => {
      const command = await import("./status/status.js");
      return options.watch === true
        ? command.watchStatus(name, options)
        : report(options, command.status(name, options));
    });
}

/** What can be set, what may leave and what comes next. */
function choices(program: Command): void {
  reporting(program.command("settings [path]"))
    .description("show settings: type, bounds, default and effect; offline")
    .action(async (path: string | undefined, options: OutputOptions) =>
      report(options, (await import("./settings.js")).settings(path)),
    );

  reporting(program.command("egress [environment]"))
    .description("list outbound connections, their sources and reasons, of one environment or all; offline")
    .option("--format <format>", "table, md, csv, json, owner or svg (default: table on a terminal, else md)")
    .option("--for-owner", "the same as --format owner: what the owner of the network must list for this instance")
    .option("--check", "print Jobs for kubectl that try an allowed name, a refused one and the bucket in the cluster")
    .action(async (name: string | undefined, options: EgressOptions) => {
      (await import("./egress.js")).printEgress(name, options);
    });

  reporting(program.command("upgrade <environment>"))
    .description(
      "show how an environment can be upgraded to another version of Retool or Kubernetes; offline, changes nothing",
    )
    .option("--platform", "show what comes next for Kubernetes, add-ons, nodes, Karpenter and charts, in order")
    .option("--to <version>", "tag to upgrade to, such as 4.34.1-stable")
    .option("--from <version>", "tag that runs now (default: the one in the configuration)")
    .option("--chart <version>", "version of the chart to install (default: the one in the configuration)")
    .option("--permissions-migration <state>", "of Retool 4.0: complete, unresolved or unknown", "unknown")
    .action(async (name: string, options: UpgradeOptions) =>
      report(options, (await import("./upgrade.js")).upgrade(name, options)),
    );
}

/** What changes a state or an account. */
function deployments(program: Command): void {
  reporting(program.command("bootstrap <environment>"))
    .description("create the bucket for the Terraform state; safe to run again")
    .action(async (name: string, options: OutputOptions) =>
      report(options, (await import("./bootstrap.js")).bootstrap(name)),
    );

  reporting(program.command("helm-records <environment>"))
    .description("show Helm releases that a killed deployment left stuck; --mend deletes their records")
    .option("--mend", "delete the records; no deployment may be running")
    .option("--kubeconfig <file>", "log in with this kubeconfig instead of aws eks get-token")
    .action(async (name: string, options: MendOptions) =>
      report(options, (await import("./mend.js")).mendHelmRecords(name, options)),
    );

  reporting(program.command("adopt <environment>"))
    .description("import resources that a killed deployment created into the state; changes nothing in AWS")
    .action(async (name: string, options: OutputOptions) =>
      report(options, (await import("./adopt.js")).adopt(name, options)),
    );

  reporting(program.command("layers <environment>"))
    .description("show how the state of an environment with layers is divided among its stacks; --move moves it")
    .option("--move", "move the state; no deployment may be running")
    .action(async (name: string, options: LayersOptions) =>
      report(options, (await import("./layers.js")).layers(name, options)),
    );

  reporting(program.command("destroy <environment>"))
    .description("destroy an environment whose data is not protected")
    .option("--confirm <name>", "the name of the environment, to confirm")
    .action(async (name: string, options: DestroyOptions) =>
      report(options, (await import("./destroy.js")).destroy(name, options)),
    );
}
