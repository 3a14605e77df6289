import type { Config } from "jest";

import { AWS_CLI, prepareEmulator } from "../../local/emulator";

/**
 * Installs the emulator once, before the first test file that needs it; tests without it say that they are skipped.
 *
 * A run of chosen files takes what is there.
 */
export default async function prepare({
  nonFlagArgs,
}: Config & { readonly nonFlagArgs: readonly string[] }): Promise<void> {
  if (nonFlagArgs.length > 0) return;
  try {
    await prepareEmulator([AWS_CLI]);
  } catch (error) {
    process.stdout.write(`${(error as Error).message}\n`);
  }
}
