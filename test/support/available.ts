import { spawnSync } from "node:child_process";
import { join } from "node:path";

import { paths } from "../../local/paths";

/** Why Terraform finds no provider, empty where it does; test/support/prepare-emulator.ts sets it. */
export const NO_PROVIDERS = "RETOOL_TESTS_NO_PROVIDERS";

/** Why the emulator's packages are not installed, empty where they are; test/support/prepare-emulator.ts sets it. */
export const NO_PACKAGES = "RETOOL_TESTS_NO_PACKAGES";

/** Python with the emulator's packages. */
export const PYTHON = process.env["RETOOL_EMULATOR_PYTHON"] ?? join(paths.virtualEnvironment, "bin", "python");

const terraform =
  spawnSync("terraform", ["version"]).status === 0 ? [] : ["terraform: not in PATH; install Terraform 1.11 or later"];
const providers = reasons(NO_PROVIDERS);
const packages = reasons(NO_PACKAGES);

function reasons(variable: string): string[] {
  const reason = process.env[variable] ?? "not looked for";
  return reason === "" ? [] : [reason];
}

/** `describe` where nothing is missing; `describe.skip`, with the printed reason, where something is. */
export function describeUnless(missing: readonly string[]): jest.Describe {
  if (missing.length === 0) return describe;
  process.stdout.write(`skipped: ${missing.join("; ")}\n`);
  return describe.skip;
}

/** For tests that run Terraform with the AWS provider. */
export const describeWithTerraform = (): jest.Describe => describeUnless([...terraform, ...providers]);

/** For tests that run Python with the emulator's packages. */
export const describeWithPackages = (): jest.Describe => describeUnless(packages);

/** For tests that deploy onto the emulator. */
export const describeWithEmulator = (): jest.Describe => describeUnless([...terraform, ...providers, ...packages]);
