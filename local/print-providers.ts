import { Command } from "commander";

import { reportFailures } from "../cli/failure";
import { findProviders } from "./providers";

const program = new Command("npm run providers --")
  .description(
    "Prints the file that TF_CLI_CONFIG_FILE is to name, so that Terraform can install its providers on this machine; nothing where Terraform needs none.",
  )
  .option("--providers <folder>", "folder that holds a provider mirror");

void reportFailures(async () => {
  program.parse();
  const { configuration = "", chosen, warnings } = await findProviders(program.opts<{ providers?: string }>());
  process.stderr.write([...warnings, `Providers: ${chosen}`, ""].join("\n"));
  process.stdout.write(configuration === "" ? "" : `${configuration}\n`);
});
