import { Failure } from "../../cli/failure";
import { AWS_CLI, prepareEmulator } from "../../local/emulator";
import { findProviders, useProviders } from "../../local/providers";

/** Environment variable that says why Terraform finds no provider, empty where it does. */
const NO_PROVIDERS = "RETOOL_TESTS_NO_PROVIDERS";

/**
 * Finds Terraform's providers and installs the emulator, once, before the first test file that needs them; where either
 * cannot be had, the tests say that they are skipped and why.
 */
export default async function prepare(): Promise<void> {
  await report(async () => {
    process.env[NO_PROVIDERS] = "not looked for";
    useProviders(await findProviders());
    process.env[NO_PROVIDERS] = "";
  });
  await report(() => prepareEmulator([AWS_CLI]));
}

async function report(step: () => Promise<void>): Promise<void> {
  try {
    await step();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    process.stdout.write(`${error.message}\n`);
  }
}
