import { createRequire } from "node:module";

import type * as Adopt from "./adopt";
import type * as Bootstrap from "./bootstrap";
import type * as Cost from "./cost";
import type * as Destroy from "./destroy";
import type * as Doctor from "./doctor/doctor";
import type * as Egress from "./egress";
import type * as Layers from "./layers";
import type * as Mend from "./mend";
import type * as Permissions from "./permissions";
import type * as Plan from "./plan";
import type * as Settings from "./settings";
import type * as Status from "./status/status";
import type * as Upgrade from "./upgrade";
import { reportFailures } from "./failure";
import { endOnInterrupt } from "./interrupt";
import type { OutputOptions } from "./report";
import { createProgram, parse, report, reporting } from "./program";

/** Loads a command when it is called, so that none waits for what another needs. */
const load: (path: string) => unknown = createRequire(__filename);

const program = createProgram();

reporting(program.command("plan <environment>"))
  .description("show an environment on one screen: warnings, sizes and costs; offline")
  .option("--all", "every setting with its value and origin")
  .option("--changed", "the settings that differ from the defaults")
  .option("--diff <other>", "compare with another environment, or with the same one in a commit such as HEAD")
  .action((name: string, options: Plan.PlanOptions) =>
    report(options, (load("./plan") as typeof Plan).plan(name, options)),
  );

reporting(program.command("cost <environment>"))
  .description("show the monthly cost of an environment by part, and what each setting would change; offline")
  .option("--live", "ask AWS's price list for the prices of the environment's region (pricing:GetProducts)")
  .option("--builders <numbers>", "compare sizes, such as 20,50,200")
  .option("--svg <file>", "draw that comparison into a file as well")
  .action((name: string, options: Cost.CostOptions) =>
    report(options, (load("./cost") as typeof Cost).cost(name, options)),
  );

program
  .command("permissions <environment>")
  .description("show the IAM policies that a deployer needs, by phase, from the synthesized stack; offline")
  .option("--json", "print JSON, with every policy")
  .option("--out <folder>", "write each policy into a file of this folder")
  .action((name: string, options: Permissions.PermissionsOptions) =>
    report(
      options.json === true ? { json: true } : {},
      (load("./permissions") as typeof Permissions).permissions(name, options),
    ),
  );

reporting(program.command("doctor <environment>"))
  .description("check what would stop a deployment, and after one everything that runs; changes nothing")
  .option("--drift", "plan with Terraform too, and list what differs from the configuration; takes minutes")
  .option("--kubeconfig <file>", "log in with this kubeconfig instead of aws eks get-token")
  .action((name: string, options: Doctor.DoctorOptions) =>
    report(options, (load("./doctor/doctor") as typeof Doctor).doctor(name, options)),
  );

reporting(program.command("status <environment>"))
  .description("show the running platform on one screen; changes nothing")
  .option("--watch", "look every 5 s, until a deployment has ended")
  .option("--kubeconfig <file>", "log in with this kubeconfig instead of aws eks get-token")
  .action((name: string, options: Status.StatusOptions) => {
    const command = load("./status/status") as typeof Status;
    return options.watch === true ? command.watchStatus(name, options) : report(options, command.status(name, options));
  });

reporting(program.command("settings [path]"))
  .description("show settings: type, bounds, default and effect; offline")
  .action((path: string | undefined, options: OutputOptions) =>
    report(options, (load("./settings") as typeof Settings).settings(path)),
  );

reporting(program.command("egress [environment]"))
  .description("list outbound connections, their sources and reasons, of one environment or all; offline")
  .option("--format <format>", "table, md, csv, json, owner or svg (default: table on a terminal, else md)")
  .option("--for-owner", "the same as --format owner: what the owner of the network must list for this instance")
  .option("--check", "print Jobs for kubectl that try an allowed name, a refused one and the bucket in the cluster")
  .action((name: string | undefined, options: Egress.EgressOptions) => {
    (load("./egress") as typeof Egress).printEgress(name, options);
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
  .action((name: string, options: Upgrade.UpgradeOptions) =>
    report(options, (load("./upgrade") as typeof Upgrade).upgrade(name, options)),
  );

program
  .command("bootstrap <environment>")
  .description("create the bucket for the Terraform state; safe to run again")
  .action((name: string) => (load("./bootstrap") as typeof Bootstrap).bootstrap(name));

program
  .command("helm-records <environment>")
  .description("show Helm releases that a killed deployment left stuck; --mend deletes their records")
  .option("--mend", "delete the records; no deployment may be running")
  .option("--kubeconfig <file>", "log in with this kubeconfig instead of aws eks get-token")
  .action((name: string, options: Mend.MendOptions) => (load("./mend") as typeof Mend).mendHelmRecords(name, options));

program
  .command("adopt <environment>")
  .description("import resources that a killed deployment created into the state; changes nothing in AWS")
  .action((name: string) => (load("./adopt") as typeof Adopt).adopt(name));

program
  .command("layers <environment>")
  .description("show how the state of an environment with layers is divided among its stacks; --move moves it")
  .option("--move", "move the state; no deployment may be running")
  .action((name: string, options: Layers.LayersOptions) => (load("./layers") as typeof Layers).layers(name, options));

program
  .command("destroy <environment>")
  .description("destroy an environment whose data is not protected")
  .option("--confirm <name>", "the name of the environment, to confirm")
  .action((name: string, options: Destroy.DestroyOptions) =>
    (load("./destroy") as typeof Destroy).destroy(name, options),
  );

process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  // A reader such as `head` has seen enough.
  if (error.code !== "EPIPE") throw error;
  process.exit();
});

endOnInterrupt();
void reportFailures(() => parse(program));
