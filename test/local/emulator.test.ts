import { execFile, execFileSync } from "node:child_process";
import { join } from "node:path";

import { prepareEmulator } from "../../local/emulator";
import { paths, PROJECT } from "../../local/paths";

interface Outcome {
  readonly run: number;
  readonly failed: readonly string[];
  readonly skipped: number;
}

const TESTS = join(PROJECT, "local", "emulator", "tests");
const INSTALL_AND_RUN_MS = 10 * 60_000;

const python = join(paths.virtualEnvironment, "bin", "python");

/** Whether the environment of an earlier `npm run local` can run the emulator: it may hold more packages, and be in use. */
const isPrepared = (): boolean => {
  try {
    execFileSync(python, ["-c", "import boto3, flask, moto, regex"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
};

const runTests = async (): Promise<{ readonly outcome: Outcome; readonly report: string }> =>
  new Promise((resolve, reject) => {
    const environment = { ...process.env, PYTHONDONTWRITEBYTECODE: "1" };
    execFile(python, [TESTS], { env: environment, maxBuffer: 2 ** 26 }, (_failure, output, report) => {
      const last = output.trimEnd().split("\n").at(-1) ?? "";
      if (last.startsWith("{")) resolve({ outcome: JSON.parse(last) as Outcome, report });
      else reject(new Error(`the emulator's tests did not finish:\n${report}`));
    });
  });

describe("the AWS emulator", () => {
  test(
    "serves what stock moto lacks, and refuses what AWS refuses",
    async () => {
      if (!isPrepared()) await prepareEmulator();
      const { outcome, report } = await runTests();
      if (outcome.failed.length > 0) throw new Error(report);
      expect(outcome.run).toBeGreaterThanOrEqual(80);
      expect(outcome.skipped).toBe(0);
    },
    INSTALL_AND_RUN_MS,
  );
});
