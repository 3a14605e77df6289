import type { AwsCall } from "../support/aws-proxy";
import { faultOf, reasonsIn, runLocal } from "../support/local-bench";
import { slowBench } from "../support/slow-stack";
import { type Bench, describeOnEmulator, MINUTES } from "../support/terraform-bench";

const describeFull = process.env["RETOOL_KILL_MATRIX"] === "full" ? describeOnEmulator : describe.skip;

/** The answers that a run loses: the first one to each call that changes something. */
class LostAnswers {
  public readonly operations = new Set<string>();
  private readonly calls = new Set<string>();

  /** Whether the answer to a request is lost. */
  public readonly has = ({ operation, request, invocation }: AwsCall): boolean => {
    const isRead = operation === "" ? /^(GET|HEAD) /.test(request) : /^(Describe|Get|List|Head)/.test(operation);
    if (isRead || invocation === "" || this.calls.has(invocation)) return false;
    this.calls.add(invocation);
    this.operations.add(operation === "" ? request : operation);
    return true;
  };
}

/** Repeats of the command that may be needed until a deployment is complete. */
const REPEATS = 2;

describeFull("npm run local, which loses the first answer to each call that changes something", () => {
  let bench: Bench;
  beforeEach(async () => (bench = await slowBench()), MINUTES);
  afterEach(async () => bench.close());

  test(
    "is deployed and destroyed all the same where the client asks again and gets the first answer",
    async () => {
      for (const flags of [[], ["--destroy"]]) {
        const lost = new LostAnswers();
        const ran = await bench.losing(lost.has, false, () => runLocal(bench, { flags }));
        process.stdout.write(`${flags.join()} lost answers to ${[...lost.operations].sort().join(", ")}\n`);

        expect(flags.length === 0 ? faultOf(ran) : reasonsIn(ran.output).join()).toBe("");
        expect(ran.code).toBe(0);
        expect(lost.operations.size).toBeGreaterThan(15);
      }
    },
    40 * MINUTES,
  );

  /** Repeats the command until it is right, and says what was wrong at the end. */
  async function repeated(flags: readonly string[]): Promise<string> {
    let fault = "not repeated";
    for (let number = 1; number <= REPEATS && fault !== ""; number += 1) {
      const ran = await runLocal(bench, { flags });
      fault = flags.length === 0 ? faultOf(ran) : ran.code === 0 ? "" : ran.output;
      process.stdout.write(
        `${flags.join()} repeat ${String(number)}: ${reasonsIn(fault).join("\n") || fault || "right"}\n`,
      );
    }
    return reasonsIn(fault).join("\n") || fault;
  }

  test(
    "is complete after one or two repeats where AWS carries out again what the client repeats",
    async () => {
      const first = await bench.losing(new LostAnswers().has, true, () => runLocal(bench));
      process.stdout.write(`${reasonsIn(first.output).join("\n")}\n`);

      expect(first.code).toBe(1);
      expect(await repeated([])).toBe("");
    },
    40 * MINUTES,
  );

  test(
    "is destroyed, by a repeat at the latest, where AWS carries out again what the client repeats",
    async () => {
      expect(faultOf(await runLocal(bench))).toBe("");
      const flags = ["--destroy"];
      const first = await bench.losing(new LostAnswers().has, true, () => runLocal(bench, { flags }));
      process.stdout.write(`${flags.join()}: ${String(first.code)} ${reasonsIn(first.output).join("\n")}\n`);

      expect(first.code === 0 ? "" : await repeated(flags)).toBe("");
    },
    40 * MINUTES,
  );
});
