import { execFile } from "node:child_process";
import { join } from "node:path";

import { PROJECT } from "../../local/paths";
import { describeWithPackages, PYTHON } from "../support/available";

interface Outcome {
  readonly run: number;
  readonly failed: readonly string[];
  readonly skipped: number;
}

const TESTS = join(PROJECT, "local", "emulator", "tests");
const TIMEOUT_MS = 10 * 60_000;

const runTests = async (): Promise<{ readonly outcome: Outcome; readonly report: string }> =>
  new Promise((resolve, reject) => {
    const environment = { ...process.env, PYTHONDONTWRITEBYTECODE: "1" };
    execFile(PYTHON, [TESTS], { env: environment, maxBuffer: 2 ** 26 }, (_failure, output, report) => {
      const last = output.trimEnd().split("\n").at(-1) ?? "";
      if (last.startsWith("{")) resolve({ outcome: JSON.parse(last) as Outcome, report });
      else reject(new Error(`the emulator's tests did not finish:\n${report}`));
    });
  });

describeWithPackages()("the AWS emulator", () => {
  test(
    "serves what stock moto lacks, and refuses what AWS refuses",
    async () => {
      const { outcome, report } = await runTests();
      if (outcome.failed.length > 0) throw new Error(report);
      expect(outcome.run).toBeGreaterThanOrEqual(80);
      expect(outcome.skipped).toBe(0);
    },
    TIMEOUT_MS,
  );
});
